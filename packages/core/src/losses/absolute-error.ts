/** Absolute error: `L1Loss`, `l1_loss`, `MeanAbsoluteError`, `mean_absolute_error`. */
import { defineLoss, floats, optional } from "../loss.ts";
import { sub, total } from "../ops.ts";
import { magnitude } from "./elementary.ts";
import { product } from "./kernels.ts";

/**
 * ℓ = w·|x − y|. The gradient is w·sign(x − y), 0 where x = y, and its negative for y. `slopeAtNaN` is the sign of NaN in the gradient.
 * `reversed`: taken as |y − x|, which differs for unsigned integers, whose differences wrap around.
 *
 * A weight may be wider than the error; they meet in the wider dtype. The denominator `weights` is Σw, by which PyTorch divides
 * in `l1_loss(…, weight=w)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.L1Loss.html
 * @see https://keras.io/api/losses/regression_losses/#meanabsoluteerror-class
 */
export const absoluteError = defineLoss({
  name: "absolute-error",
  inputs: { x: floats(), y: floats(), weight: optional(floats()) },
  options: { slopeAtNaN: Number.NaN, reversed: false },
  build({ x, y, weight }, { slopeAtNaN, reversed }) {
    const loss = magnitude(reversed ? sub(y, x) : sub(x, y), slopeAtNaN);
    return weight ? { loss: product(loss, weight), denominators: { weights: total(weight) } } : { loss };
  },
});
