/** Binary cross-entropy from probabilities and from logits: `BinaryCrossentropy` of Keras. */
import { defineLoss, floats } from "../loss.ts";
import type { Node } from "../node.ts";
import { add, clip, constant, exp, ge, mul, neg, sub, where } from "../ops.ts";
import { logarithm, logarithm1p } from "./elementary.ts";

/** y·(1 − s) + s ⁄ 2. */
const smoothed = (y: Node, s: number): Node => (s !== 0 ? add(mul(y, 1 - s), 0.5 * s) : y);

/**
 * ℓ = −[y·log p + (1 − y)·log(1 − p)], p clipped to [ε, 1 − ε]; with `again` (Keras 2) ε is added inside the logarithms a
 * second time. Strictly outside the bounds the gradient is 0.
 * @see https://keras.io/api/losses/probabilistic_losses/#binarycrossentropy-class
 */
export const binaryCrossEntropyClipped = defineLoss({
  name: "binary-cross-entropy-clipped",
  inputs: { x: floats(), y: floats() },
  options: { epsilon: 1e-7, again: false, labelSmoothing: 0 },
  build({ x, y }, { epsilon, again, labelSmoothing }) {
    const t = smoothed(y, labelSmoothing);
    const e = constant(epsilon, x.dtype);
    const p = clip(x, e, sub(1, e));
    const more = (v: Node): Node => (again ? add(v, e) : v);
    return { loss: neg(add(mul(t, logarithm(more(p))), mul(sub(1, t), logarithm(more(sub(1, p)))))) };
  },
});

/**
 * From logits: ℓ = max(x, 0) − x·y + log(1 + e^−|x|). The gradient is sigmoid(x) − y.
 * @see https://keras.io/api/losses/probabilistic_losses/#binarycrossentropy-class
 */
export const binaryCrossEntropyLogits = defineLoss({
  name: "binary-cross-entropy-logits",
  inputs: { x: floats(), y: floats() },
  options: { labelSmoothing: 0 },
  build({ x, y }, { labelSmoothing }) {
    const c = ge(x, 0);
    const rest = logarithm1p(exp(where(c, neg(x), x)));
    return { loss: add(sub(where(c, x, 0), mul(x, smoothed(y, labelSmoothing))), rest) };
  },
});
