/** Binary cross-entropy of probabilities: `BCELoss` of PyTorch. */
import { defineLoss, floats, optional } from "../loss.ts";
import type { Node } from "../node.ts";
import { cast, customGradient, div, log, log1p, lt, mul, neg, sub, where } from "../ops.ts";
import { widened } from "./elementary.ts";
import { product, share } from "./kernels.ts";

/** ATen writes 1e-12f, also for float64. */
const EPSILON = Math.fround(1e-12);
const atLeast = (x: Node, least: number): Node => where(lt(x, least), least, x);

/**
 * ℓ = −w·[y·max(log p, −100) + (1 − y)·max(log(1 − p), −100)]. The clamp does not zero the gradient, which is
 * w·(p − y) ⁄ max(p·(1 − p), 1e−12): −1e12 at p = 0, y = 1. `log1p`: log(1 − p) is taken as log1p(−p),
 * and the gradient for y as −log(p⁄(1 − p)). `ofMean`: the gradient is that of the mean, divided by the count last.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html
 */
export const binaryCrossEntropyClamped = defineLoss({
  name: "binary-cross-entropy-clamped",
  inputs: { p: floats(), y: floats(), weight: optional(floats()) },
  options: { log1p: true, ofMean: false },
  build({ p, y, weight }, options) {
    const logNot = (v: Node): Node => (options.log1p ? log1p(neg(v)) : log(sub(1, v)));
    const loss = sub(mul(sub(y, 1), atLeast(logNot(p), -100)), mul(y, atLeast(log(p), -100)));
    const value = widened(weight ? cast(product(loss, weight), p.dtype) : loss);
    const own = customGradient(value, weight ? [p, y, weight] : [p, y], (g) => {
      const own = cast(g, p.dtype);
      const weighted = (v: Node): Node => (weight ? cast(product(v, weight), p.dtype) : v);
      const shared = (v: Node): Node => (options.ofMean ? share(v, p.axes) : v);
      const slope = options.log1p ? neg(log(div(p, sub(1, p)))) : sub(logNot(p), log(p));
      const slopes = [
        shared(weighted(div(mul(own, sub(p, y)), atLeast(mul(sub(1, p), p), EPSILON)))),
        shared(weighted(mul(slope, own))),
      ];
      return weight ? [...slopes, shared(cast(product(loss, g), weight.dtype))] : slopes;
    });
    return { loss: own };
  },
});
