/** Logarithm of the hyperbolic cosine of the error: `LogCosh`, `log_cosh` of Keras. */
import { defineLoss, floats } from "../loss.ts";
import { add, mul, sub } from "../ops.ts";
import { softplusSaturated } from "./elementary.ts";

/**
 * With d = x − y: ℓ = log cosh d = d + log(1 + e^−2d) − log 2, finite for every finite d that can be doubled. log 2 may be of
 * lower precision (`logTwo`), the softplus of bfloat16 not be cut off where it is straight (`cutsOffBfloat16`), and its slope be
 * taken from e^2d (`ofMinus`).
 * @see https://keras.io/api/losses/regression_losses/#logcosh-class
 */
export const logCosh = defineLoss({
  name: "log-cosh",
  inputs: { x: floats(), y: floats() },
  options: { logTwo: Math.LN2, cutsOffBfloat16: true, ofMinus: false },
  build({ x, y }, { logTwo, cutsOffBfloat16, ofMinus }) {
    const d = sub(x, y);
    const settings =
      d.dtype === "bfloat16" && !cutsOffBfloat16 ? { bound: Number.POSITIVE_INFINITY, ofMinus } : { ofMinus };
    return { loss: sub(add(d, softplusSaturated(mul(d, -2), settings)), logTwo) };
  },
});
