/** `NLLLoss`, `nll_loss` of PyTorch. */
import { defineLoss, floats, labels, optional } from "../loss.ts";
import type { Axis, Node } from "../node.ts";
import { constant, eq, expand, iota, ne, pick, sum, where } from "../ops.ts";
import { type Divides, unlikelihood } from "./unlikelihood.ts";

/**
 * ℓ = −w[y]·x[y], where x are log-probabilities along C. An ignored target weighs nothing, neither in the loss nor in the
 * denominator `weights` (w[y], or 1) that a mean divides by. `firstOf`: only the first index along that axis counts. `divides`: how
 * the gradient of a mean is divided by the total weight, which adds on `levels`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html
 */
export const negativeLogLikelihood = defineLoss({
  name: "negative-log-likelihood",
  inputs: {
    x: floats("C"),
    target: labels({ axis: "C", except: "ignoreIndex" }),
    weight: optional(floats("C")),
  },
  options: { ignoreIndex: -100, firstOf: "" as Axis, divides: "upstream" as Divides, levels: 0 },
  build({ x, target, weight }, { ignoreIndex, firstOf, divides, levels }) {
    const keep = ne(target, ignoreIndex);
    const label = where(keep, target, 0); // never index with an ignored target
    const kept = where(keep, weight ? pick(weight, "C", label) : constant(1, x.dtype), 0);
    const first = (v: Node): Node => (firstOf === "" ? v : sum(where(eq(iota(firstOf), 0), v, 0), firstOf));
    const weights = first(expand(kept, target.axes));
    const loss = first(unlikelihood(pick(x, "C", label), kept, keep, { divides, weights, levels }));
    return { loss, denominators: { weights }, ...(firstOf === "" && { mask: keep }) };
  },
});
