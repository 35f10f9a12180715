/** What changed from TensorFlow 2.3 to Keras 3.15 in the squared error of logarithms. */
import { squaredLogarithmicError } from "@isoloss/core/losses";
import { float32AtLeast, meanOfFloats } from "../dtypes.ts";
import { rankedInFunctions, withCommon } from "./every-loss.ts";

export const squaredLogarithmicErrorChanges = withCommon([
  rankedInFunctions,
  /** ε is a float32 number, and all becomes float32 beside it (keras-core). */
  {
    since: "3.0",
    set: {
      dtypes: meanOfFloats(float32AtLeast),
      refuses: { integers: undefined },
      define: () => ({ loss: squaredLogarithmicError, options: { epsilon: Math.fround(1e-7), widens: true } }),
    },
  },
]);
