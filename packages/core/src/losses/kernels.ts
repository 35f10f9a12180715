/** How kernels round: half precision in float32 and once, mixed dtypes in the wider. */
import { isHalf, promote } from "../dtype.ts";
import type { Node } from "../node.ts";
import { cast, mul } from "../ops.ts";

/** f of x, computed in float32 and rounded once where x has half precision. */
export const rounded = (x: Node, f: (x: Node) => Node): Node =>
  isHalf(x.dtype) ? cast(f(cast(x, "float32")), x.dtype) : f(x);

/** a·b in the wider of two dtypes. */
export const product = (a: Node, b: Node): Node => {
  const dtype = promote(a.dtype, b.dtype);
  return mul(cast(a, dtype), cast(b, dtype));
};
