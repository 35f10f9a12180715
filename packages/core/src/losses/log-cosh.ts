/** Logarithm of the hyperbolic cosine of the error: `LogCosh`, `log_cosh` of Keras. */
import { defineLoss, floats } from "../loss.ts";
import { add, mul, sub } from "../ops.ts";
import { softplusSaturated } from "./elementary.ts";

/**
 * With d = x − y: ℓ = log cosh d = d + log(1 + e^−2d) − log 2 (which may be of lower precision: `logTwo`), finite for every finite d that can be doubled.
 * @see https://keras.io/api/losses/regression_losses/#logcosh-class
 */
export const logCosh = defineLoss({
  name: "log-cosh",
  inputs: { x: floats(), y: floats() },
  options: { logTwo: Math.LN2 },
  build({ x, y }, { logTwo }) {
    const d = sub(x, y);
    return { loss: sub(add(d, softplusSaturated(mul(d, -2))), logTwo) };
  },
});
