/** The absolute error of Keras. */
import { type Contract, LossError, meanOfOwn } from "@isoloss/core";
import { absoluteError } from "@isoloss/core/losses";
import { predicted } from "../dtypes.ts";
import { elementwise } from "../layout.ts";
import { common, ofEveryClass, ranks } from "./common.ts";

const unsigned: readonly string[] = ["bool", "uint8"];

/** TensorFlow 2.3: the slope of |x| at NaN is 0. */
const slopeAtNaN = 0;

/** [`MeanAbsoluteError`](https://keras.io/api/losses/regression_losses/#meanabsoluteerror-class), `mean_absolute_error`, `MAE`, `mae`. Integers stay integers. */
export const MeanAbsoluteError: Contract = {
  ...common,
  options: ofEveryClass,
  refuses: {
    integers: (call) =>
      unsigned.includes(predicted(call)) && new LossError("dtype", `y_pred: no absolute value of ${predicted(call)}`),
  },
  layout: elementwise(ranks),
  define: () => ({ loss: absoluteError, options: { slopeAtNaN } }),
  mean: meanOfOwn,
};
