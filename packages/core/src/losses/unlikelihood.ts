/** The negative log-likelihood of class indices, which cross-entropy and `NLLLoss` share, with PyTorch's gradients. */
import type { Node } from "../node.ts";
import { accumulate, customGradient, div, le, mul, neg, total, where } from "../ops.ts";

/** How the gradient of a mean is divided by the total weight: "upstream": g first; "weight": w first; "product": w·g. */
export type Divides = "upstream" | "weight" | "product";

/**
 * −w·p where `keep` holds, else 0, p being log-probabilities and w their weights. `divides`: the gradient is that of a mean, w·g
 * divided by the total of `weights`, if that is positive; `levels`: on which the total adds, as in `Division`.
 */
export function unlikelihood(
  p: Node,
  w: Node,
  keep: Node,
  { divides, weights, levels }: { readonly divides: Divides; readonly weights: Node; readonly levels: number },
): Node {
  const value = neg(where(keep, mul(w, p), 0));
  if (divides === "upstream") return value;
  const sum = levels ? accumulate(weights, keep, levels) : total(weights);
  const by = where(le(sum, 0), 1, sum);
  const share = (g: Node): Node => (divides === "weight" ? mul(div(w, by), g) : div(mul(w, g), by));
  return customGradient(value, [p], (g) => [where(keep, neg(share(g)), 0)]);
}
