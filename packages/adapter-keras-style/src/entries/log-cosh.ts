/** The logarithm of the hyperbolic cosine of Keras. */
import { type Contract, meanOfOwn } from "@isoloss/core";
import { logCosh } from "@isoloss/core/losses";
import { elementwise } from "../layout.ts";
import { meetFirst } from "../refusals.ts";
import { common, ofEveryClass, ranks } from "./common.ts";

/** [`LogCosh`](https://keras.io/api/losses/regression_losses/#logcosh-class), `log_cosh`, `logcosh`. */
export const LogCosh: Contract = {
  ...common,
  options: ofEveryClass,
  refuses: { shapes: meetFirst(ranks), ...common.refuses },
  layout: elementwise(ranks),
  define: () => ({ loss: logCosh, options: { logTwo: Math.fround(Math.LN2), cutsOffBfloat16: false, ofMinus: true } }),
  mean: meanOfOwn,
};
