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
import { renamed } from "./kernels.ts";

/**
 * cos = a·b ⁄ √((a² + ε)(b² + ε)), ε = 1e−12 added to each squared norm. Target 1: 1 − cos; −1: max(0, cos − margin), whose
 * gradient passes at the bound; any other target: 0. `opposite`: what −1 is in the target's dtype. The vectors may have two dtypes;
 * each squared norm has its own's, both together `norms`, a·b `product`. `multiplies`: the gradient of the maximum is multiplied by
 * 1 or 0, and so spreads NaN.
 *
 * PyTorch takes vectors of different ranks, and aligns dimensions anew after each sum. The vector of the `lower` rank has its own
 * dimension on V, and one before it, if there is one, on U. For the norm it is summed along V, and U then is called `aligned`. For
 * the product V is called so, and U `before`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html
 */
export const cosineEmbedding = defineLoss({
  name: "cosine-embedding",
  inputs: { a: floats("C"), b: floats("C"), target: floats() },
  options: {
    margin: 0,
    opposite: -1,
    epsilon: Math.fround(1e-12),
    multiplies: false,
    norms: undefined as DType | undefined,
    product: undefined as DType | undefined,
    lower: "",
    aligned: "",
    before: "",
  },
  build({ a, b, target }, options) {
    const { margin, opposite, epsilon, multiplies, product, lower, aligned, before } = options;
    const dtype = promote(a.dtype, b.dtype);
    const inner = product ?? dtype;
    const to = (v: Node): Node => cast(v, dtype);
    const norm = (v: Node, isLower: boolean): Node => {
      const squares = sum(square(v), isLower ? "V" : "C");
      return cast(
        add(isLower && before !== "" ? renamed(squares, "U", aligned) : squares, epsilon),
        options.norms ?? dtype,
      );
    };
    const factor = (v: Node, isLower: boolean): Node => {
      const own = isLower ? renamed(v, "V", aligned) : v;
      return cast(isLower && before !== "" ? renamed(own, "U", before) : own, inner);
    };
    const norms = mul(norm(a, lower === "a"), norm(b, lower === "b"));
    const cos = div(to(sum(mul(factor(a, lower === "a"), factor(b, lower === "b")), "C")), to(sqrt(norms)));
    const cut = multiplies ? multiplyingAtLeastZero : atLeastZero;
    const zero = constant(0, cos.dtype);
    const similar = where(eq(target, 1), sub(1, cos), zero);
    return { loss: add(similar, where(eq(target, opposite), cut(sub(cos, margin)), zero)) };
  },
});
