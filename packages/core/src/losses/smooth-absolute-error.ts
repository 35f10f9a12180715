/** Absolute error with a rounded tip: `SmoothL1Loss`, `smooth_l1_loss` of PyTorch. */
import { defineLoss, floats } from "../loss.ts";
import type { Node } from "../node.ts";
import { abs, customGradient, div, ge, le, lt, mul, neg, sub, where } from "../ops.ts";
import { part } from "./kernels.ts";

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
