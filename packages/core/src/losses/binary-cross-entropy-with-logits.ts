/** Binary cross-entropy from logits with a weight of the positive class: `BCEWithLogitsLoss` of PyTorch. */
import { defineLoss, floats, optional } from "../loss.ts";
import type { Node } from "../node.ts";
import { add, cast, customGradient, div, exp, ge, log, log1p, lt, mul, neg, sub, where } from "../ops.ts";

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
 * x may have another dtype than the others; what depends on x alone is computed in it. `logSigmoid`: log sigmoid as one
 * function; without it as log(e^−m + e^(−x−m)), m = max(−x, 0). `saturates`: the gradient for y takes the logarithm of a
 * rounded sigmoid.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
 */
export const binaryCrossEntropyWithLogits = defineLoss({
  name: "binary-cross-entropy-with-logits",
  inputs: { x: floats(), y: floats(), weight: optional(floats()), positive: optional(floats()) },
  options: { logSigmoid: true, saturates: false },
  build({ x, y, weight, positive }, options) {
    const to = (v: Node): Node => cast(v, y.dtype);
    const own = (v: Node): Node => cast(v, x.dtype);
    const rest = mul(sub(1, y), to(x));
    const p = positive && to(positive);
    const scaled = (cost: Node): Node => (p ? mul(add(mul(sub(p, 1), y), 1), to(cost)) : to(cost));
    const [part, m] = costParts(x);
    const old = p ? add(rest, scaled(add(part, m))) : add(add(rest, to(m)), to(part));
    const value = options.logSigmoid ? sub(rest, scaled(logSigmoid(x))) : old;
    const loss = customGradient(value, [x, y], (g) => {
      const s = sigmoid(x);
      if (!p) return [mul(sub(s, own(y)), own(g)), neg(mul(to(x), g))];
      const t = mul(p, y);
      const log1 = options.saturates ? log(s) : logSigmoid(x);
      const log0 = options.saturates ? log(sub(1, s)) : logSigmoid(neg(x));
      const slope = sub(mul(sub(add(t, 1), y), to(s)), t);
      return [own(mul(slope, g)), mul(sub(to(log0), mul(p, to(log1))), g)];
    });
    return { loss: weight ? mul(loss, to(weight)) : loss };
  },
});
