/** Cosine similarity as a loss: `CosineSimilarity`, `cosine_similarity` of Keras. */
import { isFloat } from "../dtype.ts";
import { defineLoss, floats } from "../loss.ts";
import type { Axis, Node } from "../node.ts";
import { cast, constant, mul, neg, noLess, noMore, ownAxes, square, sum } from "../ops.ts";
import { inverseRoot, inverseRootAtOnce, quotient, root, squared } from "./elementary.ts";

const axesOf = (v: Node, user: string): Axis[] => ownAxes(v).filter((a) => a.startsWith("C") || a.includes(user));

/**
 * ℓ = −Σ n(y)·n(x): −1 for one direction, 1 for opposite ones, 0 at a zero vector. `bounds` says what ε keeps from 0:
 * the "square", n(v) = v⁄√max(Σv², ε); the "inverse", n(v) = v·min(1⁄√Σv², 1⁄ε); or the "length", n(v) = v⁄max(√Σv², ε). `atOnce`: the
 * inverse root of bfloat16 rounds once.
 * Integers become float32. The axes are C, C1, …; one that not all have in common has X in its name if x is divided by its
 * length along it, Y for y, and S if the product is summed along it.
 * @see https://keras.io/api/losses/regression_losses/#cosinesimilarity-class
 */
export const cosineSimilarity = defineLoss({
  name: "cosine-similarity",
  inputs: { x: floats("C"), y: floats("C") },
  options: { epsilon: 1e-12, bounds: "square" as "square" | "inverse" | "length", atOnce: false },
  build({ x, y }, { epsilon, bounds, atOnce }) {
    const unit = (v: Node, user: string): Node => {
      const squares = sum(bounds === "length" ? square(v) : squared(v), ...axesOf(v, user));
      const least = constant(epsilon, v.dtype);
      if (bounds === "length") return quotient(v, noLess(root(squares), least));
      const inverse = atOnce && v.dtype === "bfloat16" ? inverseRootAtOnce : inverseRoot;
      if (bounds === "square") return mul(v, inverse(noLess(squares, least)));
      return mul(v, noMore(inverseRoot(squares), constant(1 / epsilon, v.dtype)));
    };
    const floating = (v: Node): Node => (isFloat(v.dtype) ? v : cast(v, "float32"));
    const product = mul(unit(floating(y), "Y"), unit(floating(x), "X"));
    return { loss: neg(sum(product, ...axesOf(product, "S"))) };
  },
});
