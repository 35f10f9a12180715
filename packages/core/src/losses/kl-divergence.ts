/** Kullback–Leibler divergence against log-probabilities: `KLDivLoss`, `kl_div` of PyTorch. */
import type { DType } from "../dtype.ts";
import { defineLoss, floats } from "../loss.ts";
import type { Node } from "../node.ts";
import { add, cast, constant, customGradient, div, eq, exp, gt, log, lt, mul, neg, sub, where } from "../ops.ts";
import { rounded, share, spread } from "./kernels.ts";

/** a·log b, 0 where a is 0 and b is a number. */
const xlogy = (a: Node, b: Node): Node => where(eq(a, 0), where(eq(b, b), constant(0, b.dtype), b), mul(a, log(b)));
/** p·log p. Its gradient, g·log p + g·p⁄p, is NaN where p is 0 or less. `once`: rounded as one function. */
const xlogx = (p: Node, once: boolean): Node => {
  const value = once ? rounded(p, (v) => xlogy(v, v)) : xlogy(p, p);
  return customGradient(value, [p], (g) => [add(where(eq(p, 0), 0, xlogy(g, p)), div(mul(g, p), p))]);
};

/** x and y may have two dtypes: what depends on one alone is computed in its own, and both meet in `dtype`. */
const options = { logTarget: false, dtype: undefined as DType | undefined };
const meeting = (x: Node, dtype: DType | undefined) => (v: Node) => cast(v, dtype ?? x.dtype);

/**
 * ℓ = p·log p − p·x, where x are log-probabilities and p the target; with `logTarget` the target t is log p and
 * ℓ = eᵗ·(t − x). `roundsOnce`: p·log p is rounded as one function.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html
 */
export const klDivergence = defineLoss({
  name: "kl-divergence",
  inputs: { x: floats(), y: floats() },
  options: { ...options, roundsOnce: false },
  build({ x, y }, { logTarget, dtype, roundsOnce }) {
    const to = meeting(x, dtype);
    if (logTarget) return { loss: mul(to(exp(y)), sub(to(y), to(x))) };
    return { loss: sub(to(xlogx(y, roundsOnce)), mul(to(y), to(x))) };
  },
});

/**
 * As `klDivergence`, but ℓ = p·(log p − x) where p > 0, else 0. The gradient is −p for x where p > 0, else 0, or −eᵗ; for p it
 * is log p + 1 − x, masked where p = 0 only. `ofMean`: the gradients are those of the mean, each divided last by the count of its own
 * tensor. `modulus`: t − x wraps below 0, as unsigned integers do.
 *
 * The kernel of 1.7 pairs input and target in the order of their elements for the gradient, also where their shapes broadcast. The
 * target lies on T then, and its strides say where the value meets it (`meets`) and where the gradient does (`pairs`).
 * @see https://github.com/pytorch/pytorch/blob/v1.7.0/aten/src/ATen/native/Loss.cpp
 */
export const klDivergencePositive = defineLoss({
  name: "kl-divergence-positive",
  inputs: { x: floats(), y: floats() },
  options: { ...options, ofMean: false, modulus: 0, meets: "", pairs: "" },
  build({ x, y: target }, { logTarget, dtype, ofMean, modulus, meets, pairs }) {
    const to = meeting(x, dtype);
    const y = meets === "" ? target : spread(target, "T", meets);
    const own = (g: Node, of: Node): Node => {
      const v = cast(g, of.dtype);
      return ofMean ? share(v, of.axes) : v;
    };
    if (logTarget) {
      const p = to(exp(y));
      const plain = sub(to(y), to(x));
      const difference = modulus === 0 ? plain : where(lt(plain, 0), add(plain, modulus), plain);
      const loss = customGradient(mul(p, difference), [x, y], (g) => [
        own(neg(mul(p, g)), x),
        own(mul(g, mul(add(difference, 1), p)), y),
      ]);
      return { loss };
    }
    const value = where(gt(y, 0), mul(to(y), sub(to(log(y)), to(x))), 0);
    const slope = (v: Node, g: Node): Node => own(where(gt(v, 0), neg(mul(to(v), g)), 0), x);
    const missing = y.axes.filter((axis) => !x.axes.includes(axis));
    const loss = customGradient(value, [x, y], (g) => [
      pairs === "" ? slope(y, g) : share(slope(spread(target, "T", pairs), g), missing), // what sums over them is one g
      own(where(eq(y, 0), 0, mul(g, sub(to(add(log(y), 1)), to(x)))), y),
    ]);
    return { loss };
  },
});
