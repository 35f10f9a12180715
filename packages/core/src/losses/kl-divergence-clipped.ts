/** Kullback–Leibler divergence of two distributions: `KLDivergence`, `kl_divergence` of Keras. */
import { defineLoss, floats } from "../loss.ts";
import type { Node } from "../node.ts";
import { clip, constant, mul, sum } from "../ops.ts";
import { logarithm, quotient } from "./elementary.ts";

/**
 * ℓ = Σ y·log(y ⁄ x), both clipped to [ε, 1] first; where y is 0 that is ε·log(ε ⁄ x), and so ℓ may be slightly negative.
 * @see https://keras.io/api/losses/probabilistic_losses/#kldivergence-class
 */
export const klDivergenceClipped = defineLoss({
  name: "kl-divergence-clipped",
  inputs: { x: floats("C"), y: floats("C") },
  options: { epsilon: 1e-7 },
  build({ x, y }, { epsilon }) {
    const clipped = (v: Node): Node => clip(v, constant(epsilon, v.dtype), constant(1, v.dtype));
    const t = clipped(y);
    return { loss: sum(mul(t, logarithm(quotient(t, clipped(x)))), "C") };
  },
});
