/** Cosine similarity as a loss: `CosineSimilarity`, `cosine_similarity` of Keras. */
import { defineLoss, floats } from "../loss.ts";
import type { Node } from "../node.ts";
import { constant, mul, neg, noLess, ownAxes, sum } from "../ops.ts";
import { inverseRoot, squared } from "./elementary.ts";

/**
 * ℓ = −Σ n(y)·n(x), n(v) = v ⁄ √max(Σ v², ε): −1 for one direction, 1 for opposite ones, 0 at a zero vector.
 * @see https://keras.io/api/losses/regression_losses/#cosinesimilarity-class
 */
export const cosineSimilarity = defineLoss({
  name: "cosine-similarity",
  inputs: { x: floats("C"), y: floats("C") },
  options: { epsilon: 1e-12 },
  build({ x, y }, { epsilon }) {
    const unit = (v: Node): Node => {
      const squares = noLess(sum(squared(v), ...ownAxes(v)), constant(epsilon, v.dtype));
      return mul(v, inverseRoot(squares));
    };
    const product = mul(unit(y), unit(x));
    return { loss: neg(sum(product, ...ownAxes(product))) };
  },
});
