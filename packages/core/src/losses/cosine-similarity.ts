/** Cosine similarity as a loss: `CosineSimilarity`, `cosine_similarity` of Keras. */
import { isFloat } from "../dtype.ts";
import { defineLoss, floats } from "../loss.ts";
import type { Node } from "../node.ts";
import { cast, constant, mul, neg, noLess, noMore, ownAxes, sum } from "../ops.ts";
import { inverseRoot, squared } from "./elementary.ts";

/**
 * ℓ = −Σ n(y)·n(x), n(v) = v ⁄ √max(Σ v², ε): −1 for one direction, 1 for opposite ones, 0 at a zero vector. `ofRoot`: ε bounds
 * √Σ v² and not Σ v². Integers become float32.
 * @see https://keras.io/api/losses/regression_losses/#cosinesimilarity-class
 */
export const cosineSimilarity = defineLoss({
  name: "cosine-similarity",
  inputs: { x: floats("C"), y: floats("C") },
  options: { epsilon: 1e-12, ofRoot: false },
  build({ x, y }, { epsilon, ofRoot }) {
    const unit = (v: Node): Node => {
      const squares = sum(squared(v), ...ownAxes(v));
      const bounded = ofRoot
        ? noMore(inverseRoot(squares), constant(1 / epsilon, v.dtype))
        : inverseRoot(noLess(squares, constant(epsilon, v.dtype)));
      return mul(v, bounded);
    };
    const floating = (v: Node): Node => (isFloat(v.dtype) ? v : cast(v, "float32"));
    const product = mul(unit(floating(y)), unit(floating(x)));
    return { loss: neg(sum(product, ...ownAxes(product))) };
  },
});
