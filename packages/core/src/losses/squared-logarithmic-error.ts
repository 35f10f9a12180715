/** Squared error of logarithms: `MeanSquaredLogarithmicError`, `mean_squared_logarithmic_error` of Keras. */
import { promote } from "../dtype.ts";
import { defineLoss, floats } from "../loss.ts";
import type { Node } from "../node.ts";
import { add, cast, constant, noLess, square, sub } from "../ops.ts";
import { logarithm } from "./elementary.ts";

/**
 * ℓ = (log(max(x, ε) + 1) − log(max(y, ε) + 1))². Whatever is below ε counts as ε, without gradient. `widens`: everything is
 * taken in float32 at least.
 * @see https://keras.io/api/losses/regression_losses/#meansquaredlogarithmicerror-class
 */
export const squaredLogarithmicError = defineLoss({
  name: "squared-logarithmic-error",
  inputs: { x: floats(), y: floats() },
  options: { epsilon: 1e-7, widens: false },
  build({ x, y }, { epsilon, widens }) {
    const shifted = (v: Node): Node => {
      const own = widens ? cast(v, promote(v.dtype, "float32")) : v;
      return logarithm(add(noLess(own, constant(epsilon, own.dtype)), 1));
    };
    return { loss: square(sub(shifted(x), shifted(y))) };
  },
});
