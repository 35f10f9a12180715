/** What changed from TensorFlow 2.3 to Keras 3.15 in the absolute error. */
import { absoluteError } from "@isoloss/core/losses";
import { meanOfFloats } from "../dtypes.ts";
import { noBooleans } from "../refusals.ts";
import { rankedInFunctions, withCommon } from "./every-loss.ts";

export const absoluteErrorChanges = withCommon([
  {
    since: "2.4",
    entry: "MeanAbsoluteError",
    what: "the slope of |x| at NaN is NaN",
    ref: "observed",
    set: { define: () => ({ loss: absoluteError }) },
  },
  rankedInFunctions("MeanAbsoluteError"),
  {
    since: "3.0",
    entry: "MeanAbsoluteError",
    what: "a mean of integers is float32; y_pred is subtracted from y_true, which unsigned integers tell apart",
    ref: "keras-core",
    set: {
      dtypes: meanOfFloats(),
      refuses: { integers: noBooleans },
      define: () => ({ loss: absoluteError, options: { reversed: true } }),
    },
  },
]);
