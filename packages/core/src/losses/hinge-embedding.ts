/** `HingeEmbeddingLoss`, `hinge_embedding_loss` of PyTorch. */
import { defineLoss, floats } from "../loss.ts";
import { add, atLeastZero, constant, multiplyingAtLeastZero, ne, sub, where } from "../ops.ts";

/**
 * ℓ = x where the target is 1, max(0, margin − x) where it is −1, and the sum of both for any other target. `opposite`: what −1 is
 * in the target's dtype. The gradient of the maximum passes at x = margin; `multiplies`: it is multiplied by 1 or 0, and so spreads
 * NaN.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.HingeEmbeddingLoss.html
 */
export const hingeEmbedding = defineLoss({
  name: "hinge-embedding",
  inputs: { x: floats(), target: floats() },
  options: { margin: 1, opposite: -1, multiplies: false },
  build({ x, target }, { margin, opposite, multiplies }) {
    const zero = constant(0, x.dtype);
    const cut = multiplies ? multiplyingAtLeastZero : atLeastZero;
    const apart = where(ne(target, 1), cut(sub(margin, x)), zero);
    return { loss: add(apart, where(ne(target, opposite), x, zero)) };
  },
});
