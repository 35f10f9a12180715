/** The negative log-likelihood of class indices, which cross-entropy and `NLLLoss` share, with PyTorch's gradients. */
import type { Node } from "../node.ts";
import { accumulate, customGradient, div, le, mul, neg, total, where } from "../ops.ts";

/**
 * −w·p where `keep` holds, else 0, p being log-probabilities and w their weights. `totalLast`: the gradient is that of a mean, −w·g
 * divided by the total of these weights last, if that is positive; `levels`: on which the total adds, as in `Division`.
 */
export function unlikelihood(p: Node, w: Node, keep: Node, totalLast?: Node, levels = 0): Node {
  const value = neg(where(keep, mul(w, p), 0));
  if (!totalLast) return value;
  const by = levels ? accumulate(totalLast, keep, levels) : total(totalLast);
  return customGradient(value, [p], (g) => [where(keep, neg(div(mul(w, g), where(le(by, 0), 1, by))), 0)]);
}
