/** What changed from TensorFlow 2.3 to Keras 3.15 in the absolute error in percent. */
import { absolutePercentageError } from "@isoloss/core/losses";
import { meanOfFloats, meanOfNothing, predicted, quotientType } from "../dtypes.ts";
import { floatsOnlyInOwnType, noBooleans, wideFloatsOnly } from "../refusals.ts";
import { rankedInFunctions, withCommon } from "./every-loss.ts";

export const absolutePercentageErrorChanges = withCommon([
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
  rankedInFunctions("MeanAbsolutePercentageError"),
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
