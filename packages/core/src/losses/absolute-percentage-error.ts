/** Absolute error in percent of the truth: `MeanAbsolutePercentageError`, `mean_absolute_percentage_error` of Keras. */
import { defineLoss, floats } from "../loss.ts";
import { cast, constant, eq, extent, mean, mul, noLess, sub, where } from "../ops.ts";
import { magnitude, quotient, widened } from "./elementary.ts";

/**
 * ℓ = 100·mean |(y − x) ⁄ max(|y|, ε)| over C: the mean is taken before the percentage, which half precision would not hold (the mean is in
 * float32 at least). Integers subtract as integers.
 * `slopeAtNaN` is the sign of NaN in the gradient, `ofNothing` the loss where C is empty.
 * @see https://keras.io/api/losses/regression_losses/#meanabsolutepercentageerror-class
 */
export const absolutePercentageError = defineLoss({
  name: "absolute-percentage-error",
  inputs: { x: floats("C"), y: floats("C") },
  options: { epsilon: 1e-7, slopeAtNaN: Number.NaN, ofNothing: Number.NaN },
  build({ x, y }, { epsilon, slopeAtNaN, ofNothing }) {
    const scale = noLess(magnitude(y, slopeAtNaN), constant(epsilon, y.dtype));
    const error = magnitude(quotient(sub(y, x), scale), slopeAtNaN);
    const average = mul(cast(mean(widened(error), "C"), error.dtype), 100);
    if (Number.isNaN(ofNothing)) return { loss: average };
    return { loss: where(eq(extent("C", average.dtype), 0), ofNothing, average) };
  },
});
