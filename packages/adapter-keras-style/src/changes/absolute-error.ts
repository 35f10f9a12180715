/** What changed from TensorFlow 2.3 to Keras 3.15 in the absolute errors. */
import { absoluteError, absolutePercentageError } from "@isoloss/core/losses";
import { meanOfFloats, meanOfNothing, predicted, quotientType } from "../dtypes.ts";
import { floatsOnlyInOwnType, noBooleans, wideFloatsOnly } from "../refusals.ts";
import { rankedInFunctions, withCommon } from "./every-loss.ts";

export const absoluteErrorChanges = withCommon([
  {
    since: "2.4",
    entry: "MeanAbsoluteError",
    what: "the slope of |x| at NaN is NaN",
    ref: "observed",
    set: { define: () => ({ loss: absoluteError }) },
  },
  {
    since: "2.4",
    entry: "MeanAbsolutePercentageError",
    what: "the slope of |x| at NaN is NaN",
    ref: "observed",
    set: {
      define: (call) => ({ loss: absolutePercentageError, options: { ofNothing: meanOfNothing(predicted(call)) } }),
    },
  },
  {
    since: "2.12",
    entry: "MeanAbsolutePercentageError",
    what: "the mean of no bfloat16 is NaN",
    ref: "observed",
    set: { define: () => ({ loss: absolutePercentageError }) },
  },
  rankedInFunctions("MeanAbsoluteError", "MeanAbsolutePercentageError"),
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
  {
    since: "3.0",
    entry: "MeanAbsolutePercentageError",
    what: "ε is a float32 number, and halves and integers are not divided by it",
    ref: "observed",
    set: {
      refuses: { integers: wideFloatsOnly },
      define: () => ({ loss: absolutePercentageError, options: { epsilon: Math.fround(1e-7) } }),
    },
  },
  {
    since: "3.4",
    entry: "MeanAbsolutePercentageError",
    what: "ε has the type of y_pred",
    ref: "observed",
    set: {
      refuses: { integers: floatsOnlyInOwnType },
      define: () => ({ loss: absolutePercentageError }),
    },
  },
  {
    since: "3.7",
    entry: "MeanAbsolutePercentageError",
    what: "integers are taken, and ε with them is 0",
    ref: "observed",
    set: { dtypes: meanOfFloats(quotientType), refuses: { integers: noBooleans } },
  },
]);
