/** Squared error: `MSELoss`, `mse_loss`, `MeanSquaredError`, `mean_squared_error`. */
import { defineLoss, floats, optional } from "../loss.ts";
import { count, customGradient, div, mul, square, sub, total } from "../ops.ts";
import { squared, squaredDifference } from "./elementary.ts";
import { product } from "./kernels.ts";

/**
 * ℓ = w·(x − y)². The gradient is 2·w·(x − y), and its negative for y; `doubles`: w·(2·(x − y)), which overflows earlier;
 * "upstream": (2·w)·(x − y), which is NaN where x = y and 2·w overflows;
 * `ofMean`: ((2 ⁄ n)·(x − y))·g, g being the gradient of the mean over n elements.
 *
 * A weight may be wider than the error; they meet in the wider dtype. The denominator `weights` is Σw, by which PyTorch divides
 * in `mse_loss(…, weight=w)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html
 * @see https://keras.io/api/losses/regression_losses/#meansquarederror-class
 */
export const squaredError = defineLoss({
  name: "squared-error",
  inputs: { x: floats(), y: floats(), weight: optional(floats()) },
  options: { doubles: false as boolean | "upstream", ofMean: false },
  build({ x, y, weight }, { doubles, ofMean }) {
    const d = sub(x, y);
    const norm = div(2, count(d.axes, d.dtype));
    const plain = doubles === "upstream" ? squaredDifference(d) : doubles ? squared(d) : square(d);
    const loss = ofMean ? customGradient(plain, [d], (g) => [mul(mul(norm, d), g)]) : plain;
    return weight ? { loss: product(weight, loss), denominators: { weights: total(weight) } } : { loss };
  },
});
