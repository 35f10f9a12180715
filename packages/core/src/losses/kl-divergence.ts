/** Kullback–Leibler divergence against log-probabilities: `KLDivLoss`, `kl_div` of PyTorch. */
import { defineLoss, floats } from "../loss.ts";
import type { Node } from "../node.ts";
import { add, constant, customGradient, eq, exp, gt, log, mul, neg, sub, where } from "../ops.ts";

/** p·log p, 0 at p = 0 and NaN below. The derivative is log p + 1. */
const xlogx = (p: Node): Node => where(eq(p, 0), 0, mul(p, log(p)));

/**
 * ℓ = p·log p − p·x, where x are log-probabilities and p the target; with `logTarget` the target t is log p and
 * ℓ = eᵗ·(t − x).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html
 */
export const klDivergence = defineLoss({
  name: "kl-divergence",
  inputs: { x: floats(), y: floats() },
  options: { logTarget: false },
  build({ x, y }, { logTarget }) {
    if (logTarget) return { loss: mul(exp(y), sub(y, x)) };
    return { loss: sub(xlogx(y), mul(y, x)) };
  },
});

/**
 * As `klDivergence`, but ℓ = p·(log p − x) where p > 0, else 0. The gradient is −p for x where p > 0, else 0; for p it is
 * log p + 1 − x, masked where p = 0 only.
 * @see https://github.com/pytorch/pytorch/blob/v1.7.0/aten/src/ATen/native/Loss.cpp
 */
export const klDivergencePositive = defineLoss({
  name: "kl-divergence-positive",
  inputs: { x: floats(), y: floats() },
  options: { logTarget: false },
  build({ x, y }, { logTarget }) {
    if (logTarget) return { loss: mul(exp(y), sub(y, x)) };
    const zero = constant(0, x.dtype);
    const positive = gt(y, 0);
    const value = where(positive, mul(y, sub(log(y), x)), zero);
    const loss = customGradient(value, [x, y], (g) => [
      where(positive, neg(mul(y, g)), zero),
      where(eq(y, 0), zero, mul(g, sub(add(log(y), 1), x))),
    ]);
    return { loss };
  },
});
