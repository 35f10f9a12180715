/** Softmax cross-entropy as PyTorch has it: `CrossEntropyLoss`, `cross_entropy`. */
import { isHalf } from "../dtype.ts";
import { defineLoss, floats, labels, optional } from "../loss.ts";
import type { Node } from "../node.ts";
import {
  add,
  cast,
  constant,
  customGradient,
  div,
  exp,
  expand,
  extent,
  log,
  max,
  mul,
  ne,
  neg,
  pick,
  sub,
  sum,
  where,
} from "../ops.ts";
import { widened } from "./elementary.ts";
import { product, rounded } from "./kernels.ts";
import { type Divides, unlikelihood } from "./unlikelihood.ts";

/**
 * log softmax: x − max − log Σe^(x − max), with the gradient g − e·(Σg ⁄ Σe). PyTorch's kernels compute half precision in float32
 * and round once, but where the classes lie last Σ and its logarithm are rounded too, and take p from the rounded value: g − p·Σg.
 */
const logProbabilities = (logits: Node): Node => {
  const { dtype, axes } = logits;
  const narrowed = (v: Node): Node => (axes[axes.length - 1] === "C" ? widened(cast(v, dtype)) : v);
  const shifted = sub(widened(logits), widened(max(logits, "C")));
  const e = exp(shifted);
  const s = sum(e, "C");
  const value = cast(sub(shifted, narrowed(log(narrowed(s)))), dtype);
  return customGradient(value, [logits], (g, y) => {
    const wide = widened(g);
    const flown = sum(wide, "C");
    const share = isHalf(dtype) ? mul(exp(widened(y)), flown) : mul(e, div(flown, s));
    return [cast(sub(wide, share), dtype)];
  });
};

/**
 * Against class indices: ℓ = −w[y]·log p[y], p = softmax(x). An ignored target weighs nothing, neither in the loss nor in the
 * denominator `weights` (w[y], or 1) that a mean divides by. Smoothing by s takes (1 − s)·ℓ and adds a part of its own,
 * −s·Σ w·log p ⁄ C, whose mean is divided by the same weights. `divides`: how the gradient of a mean is divided by
 * the total weight, which adds on `levels`.
 *
 * PyTorch 1.10 smooths otherwise: `smoothsIgnored`: ignored targets too; `ignoredWeigh`: they weigh in the part's own denominator.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
 */
export const crossEntropy = defineLoss({
  name: "cross-entropy",
  inputs: {
    logits: floats("C"),
    target: labels({ axis: "C", except: "ignoreIndex" }),
    weight: optional(floats("C")),
  },
  options: {
    ignoreIndex: -100,
    labelSmoothing: 0,
    divides: "upstream" as Divides,
    levels: 0,
    smoothsIgnored: false,
    ignoredWeigh: false,
  },
  build({ logits, target, weight }, { ignoreIndex, labelSmoothing, divides, levels, smoothsIgnored, ignoredWeigh }) {
    const keep = ne(target, ignoreIndex);
    const label = where(keep, target, 0); // never index with an ignored target
    const logp = logProbabilities(logits);
    const weightOf = (index: Node): Node => (weight ? pick(weight, "C", index) : constant(1, logits.dtype));
    const kept = where(keep, weightOf(label), 0);
    const weights = expand(kept, target.axes);
    const nll = unlikelihood(pick(logp, "C", label), kept, keep, { divides, weights, levels });
    const own = { denominators: { weights }, mask: keep };
    if (!(labelSmoothing > 0)) return { loss: nll, ...own };
    const uniform = neg(sum(weight ? mul(weight, logp) : logp, "C"));
    const part = {
      loss: smoothsIgnored ? uniform : where(keep, uniform, 0),
      finish: (v: Node) => rounded(v, (x) => mul(x, div(labelSmoothing, extent("C", x.dtype)))),
      denominators: { weights: ignoredWeigh ? expand(weightOf(target), target.axes) : weights },
    };
    return { loss: nll, finish: (v: Node) => rounded(v, (x) => mul(x, 1 - labelSmoothing)), ...own, parts: [part] };
  },
});

/** t·(1 − s) + s ⁄ n. */
export const smoothed = (t: Node, s: number, classes: Node): Node => (s > 0 ? add(mul(t, 1 - s), div(s, classes)) : t);

/**
 * Against probabilities: ℓ = −Σ w·t·log p, t smoothed towards 1 ⁄ C. The denominator `weights` counts positions (numel ⁄ C,
 * so 0 ⁄ 0 without classes) and never weighs. The inputs may have several dtypes, which meet in the wider.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
 */
export const crossEntropyProbabilities = defineLoss({
  name: "cross-entropy-probabilities",
  inputs: { logits: floats("C"), target: floats("C"), weight: optional(floats("C")) },
  options: { labelSmoothing: 0 },
  build({ logits, target, weight }, { labelSmoothing }) {
    const classes = extent("C", target.dtype);
    const t = smoothed(target, labelSmoothing, classes);
    const terms = product(logProbabilities(logits), t);
    const position = div(classes, classes);
    const loss = neg(sum(weight ? product(terms, weight) : terms, "C"));
    return { loss, denominators: { weights: expand(cast(position, loss.dtype), loss.axes) } };
  },
});
