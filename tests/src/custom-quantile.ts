import { constant, defineLoss, floats, ge, mul, sub, where } from "@isoloss/core";

/** ℓ = τ·e where the target lies above the prediction, (τ − 1)·e where it lies below; e = target − prediction. */
export const quantile = defineLoss({
  name: "quantile",
  inputs: { prediction: floats(), target: floats() },
  options: { tau: 0.5 },
  build({ prediction, target }, { tau }) {
    const e = sub(target, prediction);
    return { loss: mul(e, where(ge(e, 0), constant(tau, e.dtype), tau - 1)) }; // slope −τ at e = 0
  },
});
