/** Squared error: `MSELoss`, `mse_loss`, `MeanSquaredError`, `mean_squared_error`. */
import { defineLoss, floats, optional } from "../loss.ts";
import { square, sub, total } from "../ops.ts";
import { squared } from "./elementary.ts";
import { product } from "./kernels.ts";

/**
 * ℓ = w·(x − y)². The gradient is 2·w·(x − y), and its negative for y; `doubles`: w·(2·(x − y)), which overflows earlier.
 *
 * A weight may be wider than the error; they meet in the wider dtype. The denominator `weights` is Σw, by which PyTorch divides
 * in `mse_loss(…, weight=w)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html
 * @see https://keras.io/api/losses/regression_losses/#meansquarederror-class
 */
export const squaredError = defineLoss({
  name: "squared-error",
  inputs: { x: floats(), y: floats(), weight: optional(floats()) },
  options: { doubles: false },
  build({ x, y, weight }, { doubles }) {
    const loss = doubles ? squared(sub(x, y)) : square(sub(x, y));
    return weight ? { loss: product(weight, loss), denominators: { weights: total(weight) } } : { loss };
  },
});
