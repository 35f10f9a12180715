/** Huber's loss as PyTorch has it: `HuberLoss`, `huber_loss`. (Keras' is in `huber.ts`: another gradient at the kink.) */
import type { DType } from "../dtype.ts";
import { defineLoss, floats, optional } from "../loss.ts";
import { abs, cast, customGradient, ge, le, lt, mul, neg, sub, where } from "../ops.ts";
import { part, product } from "./kernels.ts";

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
