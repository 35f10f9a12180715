/** Squared error of logarithms: `MeanSquaredLogarithmicError`, `mean_squared_logarithmic_error` of Keras. */
import { defineLoss, floats } from "../loss.ts";
import type { Node } from "../node.ts";
import { add, constant, noLess, square, sub } from "../ops.ts";
import { logarithm } from "./elementary.ts";

/**
 * ℓ = (log(max(x, ε) + 1) − log(max(y, ε) + 1))². Whatever is below ε counts as ε, without gradient.
 * @see https://keras.io/api/losses/regression_losses/#meansquaredlogarithmicerror-class
 */
export const squaredLogarithmicError = defineLoss({
  name: "squared-logarithmic-error",
  inputs: { x: floats(), y: floats() },
  options: { epsilon: 1e-7 },
  build({ x, y }, { epsilon }) {
    const shifted = (v: Node): Node => logarithm(add(noLess(v, constant(epsilon, v.dtype)), 1));
    return { loss: square(sub(shifted(x), shifted(y))) };
  },
});
