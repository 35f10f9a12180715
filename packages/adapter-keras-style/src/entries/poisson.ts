/** Poisson's loss of Keras. */
import { type Contract, meanOfOwn } from "@isoloss/core";
import { poisson } from "@isoloss/core/losses";
import { elementwise } from "../layout.ts";
import { common, ofEveryClass, ranks } from "./common.ts";

/** [`Poisson`](https://keras.io/api/losses/probabilistic_losses/#poisson-class), `poisson`. */
export const Poisson: Contract = {
  ...common,
  options: ofEveryClass,
  layout: elementwise(ranks),
  define: () => ({ loss: poisson }),
  mean: meanOfOwn,
};
