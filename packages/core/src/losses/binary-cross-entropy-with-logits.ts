/** Binary cross-entropy from logits with a weight of the positive class: `BCEWithLogitsLoss` of PyTorch. */
import { promote } from "../dtype.ts";
import { defineLoss, floats, optional } from "../loss.ts";
import type { Node } from "../node.ts";
import { add, cast, customGradient, div, eq, exp, ge, log, log1p, lt, mul, neg, sub, where } from "../ops.ts";
import { widened } from "./elementary.ts";
import { rounded } from "./kernels.ts";

const sigmoid = (x: Node): Node => div(1, add(exp(neg(x)), 1));
/** log sigmoid(x) = min(x, 0) − log(1 + e^−|x|). */
const logSigmoid = (x: Node): Node => {
  const negative = lt(x, 0);
  return sub(where(negative, x, 0), log1p(exp(where(negative, x, neg(x)))));
};
/** −log sigmoid(x) as log(e^−m + e^(−x−m)) and m = max(−x, 0), to be added. It is 0 where e^−|x| vanishes beside 1. */
const costParts = (x: Node): readonly [Node, Node] => {
  const m = where(ge(neg(x), 0), neg(x), where(lt(neg(x), 0), 0, neg(x)));
  return [log(add(exp(neg(m)), exp(sub(neg(x), m)))), m];
};

/**
 * ℓ = w·[(1 − y)·x − (1 + (p − 1)·y)·log sigmoid(x)], p the weight of the positive class. The gradients are those of PyTorch's
 * kernels: (p·y + 1 − y)·sigmoid(x) − p·y for x, and −x, or log sigmoid(−x) − p·log sigmoid(x), for y.
 *
 * The inputs may have several dtypes: what depends on x alone is computed in x's, p meets y in p's, the result is rounded to
 * y's. `logSigmoid`: log sigmoid as one function; without it as log(e^−m + e^(−x−m)), m = max(−x, 0). `saturates`: the
 * gradient for y takes the logarithm of a rounded sigmoid. `belowZero`: p − 1 where p is 0, which unsigned integers wrap.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
 */
export const binaryCrossEntropyWithLogits = defineLoss({
  name: "binary-cross-entropy-with-logits",
  inputs: { x: floats(), y: floats(), weight: optional(floats()), positive: optional(floats()) },
  options: { logSigmoid: true, saturates: false, belowZero: -1 },
  build({ x, y, weight, positive: p }, { logSigmoid: single, saturates, belowZero }) {
    const like = (v: Node, of: Node): Node => cast(v, of.dtype);
    const rest = mul(sub(1, y), like(x, y));
    const [part, m] = costParts(x);
    const cost = single ? neg(rounded(x, logSigmoid)) : add(part, m);
    let value = single || p ? add(rest, like(cost, y)) : add(add(rest, like(m, y)), like(part, y));
    if (p) {
      const less = belowZero === -1 ? sub(p, 1) : where(eq(p, 0), belowZero, sub(p, 1));
      value = like(add(like(rest, p), mul(add(mul(less, like(y, p)), 1), like(cost, p))), y);
    }
    if (weight) value = mul(value, weight);
    const loss = customGradient(widened(cast(value, promote(x.dtype, y.dtype))), [x, y], (g) => {
      const s = rounded(x, sigmoid);
      const upstream = weight ? mul(g, like(weight, g)) : g;
      const times = (slope: Node, of: Node): Node => like(mul(like(slope, g), upstream), of);
      if (!p) return [times(sub(s, like(y, x)), x), times(neg(like(x, y)), y)];
      const t = mul(p, like(y, p));
      const log1 = saturates ? log(s) : rounded(x, logSigmoid);
      const log0 = saturates ? log(sub(1, s)) : rounded(neg(x), logSigmoid);
      const slope = sub(mul(sub(add(t, 1), like(y, p)), like(s, p)), t);
      return [times(slope, x), times(sub(like(log0, p), mul(p, like(log1, p))), y)];
    });
    return { loss };
  },
});
