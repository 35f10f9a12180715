/** What changed from TensorFlow 2.3 to Keras 3.15 in the squared error. */
import { squaredError } from "@isoloss/core/losses";
import { meanOfFloats } from "../dtypes.ts";
import { noBooleans } from "../refusals.ts";
import { rankedInFunctions, withCommon } from "./every-loss.ts";

export const squaredErrorChanges = withCommon([
  rankedInFunctions,
  /** A mean of integers is float32; the square of a difference, whose gradient doubles the error (keras-core). */
  {
    since: "3.0",
    set: {
      dtypes: meanOfFloats(),
      refuses: { integers: noBooleans },
      define: () => ({ loss: squaredError, options: { doubles: true } }),
    },
  },
]);
