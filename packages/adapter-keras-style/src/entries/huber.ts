/** Huber's loss of Keras. */
import { type Contract, meanOfOwn } from "@isoloss/core";
import { huberCutOff } from "@isoloss/core/losses";
import { allFloat32 } from "../dtypes.ts";
import { elementwise } from "../layout.ts";
import { number } from "../parameters.ts";
import { meetFirst } from "../refusals.ts";
import { common, ofEveryClass, ranks } from "./common.ts";

/** [`Huber`](https://keras.io/api/losses/regression_losses/#huber-class), `huber`, `huber_loss`. Everything is float32, whatever it was. */
export const Huber: Contract = {
  ...common,
  options: { delta: number(1, { lists: true }), ...ofEveryClass },
  refuses: { shapes: meetFirst(ranks) },
  dtypes: allFloat32,
  layout: elementwise(ranks),
  define: ({ options }) => ({ loss: huberCutOff, options: { delta: options["delta"] as number, slopeAtNaN: 0 } }),
  mean: meanOfOwn,
};
