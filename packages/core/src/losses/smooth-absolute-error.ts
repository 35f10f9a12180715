/** Absolute error with a rounded tip: `SmoothL1Loss`, `smooth_l1_loss`, `HuberLoss`, `huber_loss` of PyTorch. */
import type { DType } from "../dtype.ts";
import { defineLoss, floats, optional } from "../loss.ts";
import type { Node } from "../node.ts";
import { abs, cast, count, customGradient, div, ge, le, lt, mul, neg, sub, where } from "../ops.ts";
import { product } from "./kernels.ts";

/** v, of which a kernel takes 1 ⁄ n where it differentiates a mean over the n elements of d: before anything else. */
const part = (v: Node, d: Node, ofMean: boolean): Node => (ofMean ? mul(div(1, count(d.axes, d.dtype)), v) : v);

/**
 * With d = x − y: ℓ = d²⁄(2β) where |d| < β, else |d| − β⁄2. The gradient for x is −1 where d ≤ −β, 1 where d ≥ β, else d⁄β;
 * that for y is the same of −d, and so both are −1 where β and d are 0. `ofMean`: the gradient is that of the mean, divided first.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html
 */
export const smoothAbsoluteError = defineLoss({
  name: "smooth-absolute-error",
  inputs: { x: floats(), y: floats() },
  options: { beta: 1, ofMean: false },
  build({ x, y }, { beta, ofMean }) {
    const z = abs(sub(x, y));
    const loss = where(lt(z, beta), div(mul(mul(z, 0.5), z), beta), sub(z, 0.5 * beta));
    const slope = (d: Node, g: Node): Node => {
      const own = part(g, d, ofMean);
      return where(le(d, -beta), neg(own), where(ge(d, beta), own, div(mul(part(d, d, ofMean), g), beta)));
    };
    return { loss: customGradient(loss, [x, y], (g) => [slope(sub(x, y), g), slope(sub(y, x), g)]) };
  },
});

/**
 * With d = x − y: ℓ = w·d²⁄2 where |d| < δ, else w·δ·(|d| − δ⁄2). The gradient is w·d, cut off at ±δ.
 * `dtype`: what the error is rounded to before it is weighted. `ofMean`: the gradient is that of the mean, divided first.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html
 */
export const huberError = defineLoss({
  name: "huber-error",
  inputs: { x: floats(), y: floats(), weight: optional(floats()) },
  options: { delta: 1, dtype: undefined as DType | undefined, ofMean: false },
  build({ x, y, weight }, { delta, dtype, ofMean }) {
    const d = sub(x, y);
    const z = abs(d);
    const value = where(lt(z, delta), mul(mul(z, 0.5), z), mul(sub(z, 0.5 * delta), delta));
    const loss = customGradient(value, [d], (g) => {
      const outside = mul(part(g, d, ofMean), delta);
      return [where(le(d, -delta), neg(outside), where(ge(d, delta), outside, mul(part(d, d, ofMean), g)))];
    });
    return { loss: weight ? product(cast(loss, dtype ?? loss.dtype), weight) : loss };
  },
});
