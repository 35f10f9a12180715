/** `CosineEmbeddingLoss`, `cosine_embedding_loss` of PyTorch. */
import { type DType, promote } from "../dtype.ts";
import { defineLoss, floats } from "../loss.ts";
import type { Node } from "../node.ts";
import {
  add,
  atLeastZero,
  cast,
  constant,
  div,
  eq,
  mul,
  multiplyingAtLeastZero,
  sqrt,
  square,
  sub,
  sum,
  where,
} from "../ops.ts";

/**
 * cos = a·b ⁄ √((a² + ε)(b² + ε)), ε = 1e−12 added to each squared norm. Target 1: 1 − cos; −1: max(0, cos − margin), whose
 * gradient passes at the bound; any other target: 0. The vectors may have two dtypes; each squared norm has its own's, a·b `product`. `multiplies`: the
 * gradient of the maximum is multiplied by 1 or 0, and so spreads NaN.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html
 */
export const cosineEmbedding = defineLoss({
  name: "cosine-embedding",
  inputs: { a: floats("C"), b: floats("C"), target: floats() },
  options: { margin: 0, epsilon: Math.fround(1e-12), multiplies: false, product: undefined as DType | undefined },
  build({ a, b, target }, { margin, epsilon, multiplies, product }) {
    const dtype = promote(a.dtype, b.dtype);
    const inner = product ?? dtype;
    const to = (v: Node): Node => cast(v, dtype);
    const norm = (v: Node): Node => to(add(sum(square(v), "C"), epsilon));
    const cos = div(to(sum(mul(cast(a, inner), cast(b, inner)), "C")), sqrt(mul(norm(a), norm(b))));
    const cut = multiplies ? multiplyingAtLeastZero : atLeastZero;
    const zero = constant(0, cos.dtype);
    const similar = where(eq(target, 1), sub(1, cos), zero);
    return { loss: add(similar, where(eq(target, -1), cut(sub(cos, margin)), zero)) };
  },
});
