/** The absolute error in percent of Keras. */
import type { Contract } from "@isoloss/core";
import { absolutePercentageError } from "@isoloss/core/losses";
import { meanOfNothing, predicted } from "../dtypes.ts";
import { elementwise } from "../layout.ts";
import { meetFirst } from "../refusals.ts";
import { common, ofEveryClass, ranks } from "./common.ts";

/** TensorFlow 2.3: the slope of |x| at NaN is 0. */
const slopeAtNaN = 0;

/**
 * [`MeanAbsolutePercentageError`](https://keras.io/api/losses/regression_losses/#meanabsolutepercentageerror-class),
 * `mean_absolute_percentage_error`, `MAPE`, `mape`.
 */
export const MeanAbsolutePercentageError: Contract = {
  ...common,
  options: ofEveryClass,
  refuses: { shapes: meetFirst(ranks), ...common.refuses },
  layout: elementwise(ranks),
  define: (call) => ({
    loss: absolutePercentageError,
    options: { slopeAtNaN, ofNothing: meanOfNothing(predicted(call)) },
  }),
};
