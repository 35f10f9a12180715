/** Poisson loss: `Poisson`, `poisson` of Keras. */
import { defineLoss, floats } from "../loss.ts";
import { add, constant, mul, sub } from "../ops.ts";
import { logarithm } from "./elementary.ts";

/**
 * ℓ = x − y·log(x + ε), the negative log-likelihood of y under rate x, without the term that x does not change.
 * @see https://keras.io/api/losses/probabilistic_losses/#poisson-class
 */
export const poisson = defineLoss({
  name: "poisson",
  inputs: { x: floats(), y: floats() },
  options: { epsilon: 1e-7 },
  build: ({ x, y }, { epsilon }) => ({ loss: sub(x, mul(y, logarithm(add(x, constant(epsilon, x.dtype))))) }),
});
