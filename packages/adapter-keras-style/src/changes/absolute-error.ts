/** What changed from TensorFlow 2.3 to Keras 3.15 in the absolute error. */
import { absoluteError } from "@isoloss/core/losses";
import { meanOfFloats } from "../dtypes.ts";
import { noBooleans } from "../refusals.ts";
import { rankedInFunctions, withCommon } from "./every-loss.ts";

export const absoluteErrorChanges = withCommon([
  /** The slope of |x| at NaN is NaN (observed). */
  {
    since: "2.4",
    set: { define: () => ({ loss: absoluteError }) },
  },
  rankedInFunctions,
  /** A mean of integers is float32; y_pred is subtracted from y_true, which unsigned integers tell apart (keras-core). */
  {
    since: "3.0",
    set: {
      dtypes: meanOfFloats(),
      refuses: { integers: noBooleans },
      define: () => ({ loss: absoluteError, options: { reversed: true } }),
    },
  },
]);
