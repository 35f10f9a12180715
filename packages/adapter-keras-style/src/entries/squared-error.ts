/** The squared error of Keras. */
import { type Contract, LossError, meanOfOwn } from "@isoloss/core";
import { squaredError } from "@isoloss/core/losses";
import { predicted } from "../dtypes.ts";
import { elementwise } from "../layout.ts";
import { common, ofEveryClass, ranks } from "./common.ts";

const narrow: readonly string[] = ["bool", "uint8", "int8", "int16"];

/** [`MeanSquaredError`](https://keras.io/api/losses/regression_losses/#meansquarederror-class), `mean_squared_error`, `MSE`, `mse`. Integers stay integers. */
export const MeanSquaredError: Contract = {
  ...common,
  options: ofEveryClass,
  refuses: {
    integers: (call) =>
      narrow.includes(predicted(call)) && new LossError("dtype", `y_pred: no squared difference of ${predicted(call)}`),
  },
  layout: elementwise(ranks),
  define: () => ({ loss: squaredError, options: { doubles: "upstream" } }),
  mean: meanOfOwn,
};
