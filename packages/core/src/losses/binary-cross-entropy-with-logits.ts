/** Binary cross-entropy from logits with a weight of the positive class: `BCEWithLogitsLoss` of PyTorch. */
import { type DType, promote } from "../dtype.ts";
import { defineLoss, floats, optional } from "../loss.ts";
import type { Node } from "../node.ts";
import { add, cast, customGradient, div, eq, exp, ge, log, log1p, lt, mul, neg, sub, where } from "../ops.ts";
import { widened } from "./elementary.ts";
import { plus, product, rounded, share } from "./kernels.ts";

/** 1 ⁄ (1 + e^−x), every step of it rounded as a tensor is. */
const sigmoidInSteps = (x: Node): Node => div(1, add(exp(neg(x)), 1));
/** e^−|x|, the one exponential that value and gradient share. */
const decay = (x: Node): Node => exp(where(lt(x, 0), x, neg(x)));
/** 1 ⁄ (1 + e^−x) as (x < 0 ? e^x : 1) ⁄ (1 + e^−|x|). */
const sigmoid = (x: Node): Node => div(where(lt(x, 0), decay(x), 1), add(decay(x), 1));
/** log sigmoid(x) = min(x, 0) − log(1 + e^−|x|). */
const logSigmoid = (x: Node): Node => sub(where(lt(x, 0), x, 0), log1p(decay(x)));
/** −log sigmoid(x) as log(e^−m + e^(−x−m)) and m = max(−x, 0), to be added. It is 0 where e^−|x| vanishes beside 1. */
const costParts = (x: Node): readonly [Node, Node] => {
  const m = where(ge(neg(x), 0), neg(x), where(lt(neg(x), 0), 0, neg(x)));
  return [log(add(exp(neg(m)), exp(sub(neg(x), m)))), m];
};

/**
 * ℓ = w·[(1 − y)·x − (1 + (p − 1)·y)·log sigmoid(x)], p the weight of the positive class. The gradients are those of PyTorch's
 * kernels: (p·y + 1 − y)·sigmoid(x) − p·y for x, and −x, or log sigmoid(−x) − p·log sigmoid(x), for y.
 *
 * The inputs may have several dtypes: what depends on x alone is computed in x's, p meets y in `meets`, every step of the value
 * is rounded to y's. `logSigmoid`: log sigmoid as one function; without it as log(e^−m + e^(−x−m)), m = max(−x, 0).
 * `steps`: half precision rounds every operation of the sigmoid.
 * `saturates`: the gradient for y takes the logarithm of a rounded sigmoid. `belowZero`: p − 1 where p is 0, which unsigned
 * integers wrap. `slopes`: the dtype of the gradient for y
 * until it is whole. `ofMean`: the gradient is that of the mean, divided by the count last.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
 */
export const binaryCrossEntropyWithLogits = defineLoss({
  name: "binary-cross-entropy-with-logits",
  inputs: { x: floats(), y: floats(), weight: optional(floats()), positive: optional(floats()) },
  options: {
    logSigmoid: true,
    saturates: false,
    steps: false,
    ofMean: false,
    belowZero: -1,
    meets: undefined as DType | undefined,
    slopes: undefined as DType | undefined,
  },
  build({ x, y, weight, positive }, { logSigmoid: single, saturates, steps, ofMean, belowZero, meets, slopes }) {
    const wide = promote(x.dtype, y.dtype);
    const both = (v: Node): Node => cast(v, wide);
    const step = (v: Node): Node => cast(v, y.dtype); // PyTorch writes every step into a tensor of the target's dtype
    const [part, m] = costParts(x);
    const cost = single ? neg(rounded(x, logSigmoid)) : add(part, m);
    let value = step(mul(both(sub(1, y)), both(x)));
    const meet = (v: Node): Node => cast(v, meets ?? wide);
    const p = positive && meet(positive);
    if (positive) {
      const less = belowZero === -1 ? sub(positive, 1) : where(eq(positive, 0), belowZero, sub(positive, 1));
      const scale = add(mul(meet(less), meet(y)), 1);
      // log sigmoid is scaled in place, and so in x's dtype; the sum of two parts is scaled in the weight's
      const scaled = single ? cast(product(cost, scale), x.dtype) : mul(scale, meet(cost));
      value = step(plus(value, scaled));
    } else if (single) value = step(add(both(value), both(cost)));
    else value = step(add(both(step(add(both(value), both(m)))), both(part)));
    const unweighted = value;
    if (weight) value = step(product(value, weight));
    const factors = [weight, positive].filter((v) => v !== undefined);
    const loss = customGradient(widened(both(value)), [x, y, ...factors], (g) => {
      const s = steps ? sigmoidInSteps(x) : rounded(x, saturates ? sigmoidInSteps : sigmoid);
      const shared = (v: Node): Node => (ofMean ? share(v, x.axes) : v);
      const weighted = (v: Node): Node => (weight ? cast(product(v, weight), v.dtype) : v);
      const times = (slope: Node, of: Node, dtype = of.dtype): Node =>
        cast(shared(weighted(cast(product(slope, g), dtype))), of.dtype);
      const own = [
        ...(weight ? [shared(cast(product(unweighted, g), weight.dtype))] : []),
        ...(positive ? [times(product(y, cost), positive)] : []),
      ];
      if (!p) return [times(sub(both(s), both(y)), x), times(neg(x), y, slopes), ...own];
      const t = mul(p, meet(y));
      const log1 = saturates ? log(s) : rounded(x, logSigmoid);
      const log0 = saturates ? log(sub(1, s)) : rounded(neg(x), logSigmoid);
      const slope = sub(mul(sub(add(t, 1), meet(y)), meet(s)), t);
      return [times(slope, x), times(sub(meet(log0), mul(p, meet(log1))), y, slopes), ...own];
    });
    return { loss };
  },
});
