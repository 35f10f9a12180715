import { defineLoss, exp, floats, gt, labels, log, logSoftmax, mul, neg, pick, sub, where } from "@isoloss/core";

/** ℓ = −(1 − p)^γ·log p, p being what softmax gives the labelled class: rows that are right already count for little. */
export const focal = defineLoss({
  name: "focal",
  inputs: { logits: floats("C"), target: labels({ axis: "C" }) },
  options: { gamma: 2 },
  build({ logits, target }, { gamma }) {
    const logp = pick(logSoftmax(logits, "C"), "C", target);
    const rest = sub(1, exp(logp));
    const isLeft = gt(rest, 0); // guard the operand as well: where(isLeft, log(rest), 0) alone has gradient NaN at p = 1
    const power = where(isLeft, exp(mul(log(where(isLeft, rest, 1)), gamma)), 0);
    return { loss: neg(mul(power, logp)) };
  },
});
