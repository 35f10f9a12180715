/** What changed from TensorFlow 2.3 to Keras 3.15 in the absolute error in percent. */
import { absolutePercentageError } from "@isoloss/core/losses";
import { meanOfFloats, meanOfNothing, predicted, quotientType } from "../dtypes.ts";
import { floatsOnlyInOwnType, noBooleans, wideFloatsOnly } from "../refusals.ts";
import { rankedInFunctions, withCommon } from "./every-loss.ts";

export const absolutePercentageErrorChanges = withCommon([
  /** The slope of |x| at NaN is NaN (observed). */
  {
    since: "2.4",
    set: {
      define: (call) => ({ loss: absolutePercentageError, options: { ofNothing: meanOfNothing(predicted(call)) } }),
    },
  },
  /** The mean of no bfloat16 is NaN (observed). */
  {
    since: "2.12",
    set: { define: () => ({ loss: absolutePercentageError }) },
  },
  rankedInFunctions,
  /** ε is a float32 number, and halves and integers are not divided by it (observed). */
  {
    since: "3.0",
    set: {
      refuses: { integers: wideFloatsOnly },
      define: () => ({ loss: absolutePercentageError, options: { epsilon: Math.fround(1e-7) } }),
    },
  },
  /** ε has the type of y_pred (observed). */
  {
    since: "3.4",
    set: {
      refuses: { integers: floatsOnlyInOwnType },
      define: () => ({ loss: absolutePercentageError }),
    },
  },
  /** Integers are taken, and ε with them is 0 (observed). */
  {
    since: "3.7",
    set: { dtypes: meanOfFloats(quotientType), refuses: { integers: noBooleans } },
  },
]);
