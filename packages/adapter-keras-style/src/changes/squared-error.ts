/** What changed from TensorFlow 2.3 to Keras 3.15 in the squared errors. */
import { squaredError, squaredLogarithmicError } from "@isoloss/core/losses";
import { float32AtLeast, meanOfFloats } from "../dtypes.ts";
import { noBooleans } from "../refusals.ts";
import { rankedInFunctions, withCommon } from "./every-loss.ts";

export const squaredErrorChanges = withCommon([
  rankedInFunctions("MeanSquaredError", "MeanSquaredLogarithmicError"),
  {
    since: "3.0",
    entry: "MeanSquaredError",
    what: "a mean of integers is float32; the square of a difference, whose gradient doubles the error",
    ref: "keras-core",
    set: {
      dtypes: meanOfFloats(),
      refuses: { integers: noBooleans },
      define: () => ({ loss: squaredError, options: { doubles: true } }),
    },
  },
  {
    since: "3.0",
    entry: "MeanSquaredLogarithmicError",
    what: "ε is a float32 number, and all becomes float32 beside it",
    ref: "keras-core",
    set: {
      dtypes: meanOfFloats(float32AtLeast),
      refuses: { integers: undefined },
      define: () => ({ loss: squaredLogarithmicError, options: { epsilon: Math.fround(1e-7), widens: true } }),
    },
  },
]);
