/** The hinge losses of Keras. */
import { type Call, type Contract, meanOfOwn } from "@isoloss/core";
import { categoricalHinge, hinge, squaredHinge } from "@isoloss/core/losses";
import { elementwise, pairOf } from "../layout.ts";
import { meetFirst } from "../refusals.ts";
import { common, ofEveryClass, ranks } from "./common.ts";

/** [`Hinge`](https://keras.io/api/losses/hinge_losses/#hinge-class), `hinge`. Labels that are all 0 or 1 are taken for −1 and 1. */
export const Hinge: Contract = {
  ...common,
  options: ofEveryClass,
  layout: elementwise(ranks),
  define: () => ({ loss: hinge }),
  mean: meanOfOwn,
};

/** [`SquaredHinge`](https://keras.io/api/losses/hinge_losses/#squaredhinge-class), `squared_hinge`. Labels as in `Hinge`. */
export const SquaredHinge: Contract = { ...Hinge, define: () => ({ loss: squaredHinge }) };

/** TensorFlow 2.3: a maximum skips NaN, but the maximum of one number is that number. */
const isReduced = (call: Call): boolean => pairOf(call, ranks).some((shape) => (shape.at(-1) ?? 1) !== 1);

/** [`CategoricalHinge`](https://keras.io/api/losses/hinge_losses/#categoricalhinge-class), `categorical_hinge`. */
export const CategoricalHinge: Contract = {
  ...common,
  options: ofEveryClass,
  refuses: { shapes: meetFirst(ranks), ...common.refuses },
  layout: elementwise(ranks),
  define: (call) => ({ loss: categoricalHinge, options: { skipsNaN: isReduced(call) } }),
};
