/** The squared error of logarithms of Keras. */
import { type Contract, meanOfOwn } from "@isoloss/core";
import { squaredLogarithmicError } from "@isoloss/core/losses";
import { elementwise } from "../layout.ts";
import { common, ofEveryClass, ranks } from "./common.ts";

/**
 * [`MeanSquaredLogarithmicError`](https://keras.io/api/losses/regression_losses/#meansquaredlogarithmicerror-class),
 * `mean_squared_logarithmic_error`, `MSLE`, `msle`.
 */
export const MeanSquaredLogarithmicError: Contract = {
  ...common,
  options: ofEveryClass,
  layout: elementwise(ranks),
  define: () => ({ loss: squaredLogarithmicError }),
  mean: meanOfOwn,
};
