import { add, defineLoss, div, floats, log, mul, noLess, optional, square, sub } from "@isoloss/core";

/** ℓ = ½·(log v + (μ − y)² ⁄ v), v the variance, at least ε. A weight multiplies, and the mean divides by the weights. */
export const gaussian = defineLoss({
  name: "gaussian",
  inputs: { mean: floats(), variance: floats(), target: floats(), weight: optional(floats()) },
  options: { epsilon: 1e-6 },
  build({ mean, variance, target, weight }, { epsilon }) {
    const v = noLess(variance, epsilon);
    const loss = mul(add(log(v), div(square(sub(mean, target)), v)), 0.5);
    return weight ? { loss: mul(loss, weight), denominators: { weights: weight } } : { loss };
  },
});
