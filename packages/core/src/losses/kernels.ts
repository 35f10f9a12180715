/** How kernels round: half precision in float32 and once, mixed dtypes in the wider. */
import { isHalf, promote } from "../dtype.ts";
import type { Axis, Node } from "../node.ts";
import { add, cast, count, div, mul } from "../ops.ts";

/** f of x, computed in float32 and rounded once where x has half precision. */
export const rounded = (x: Node, f: (x: Node) => Node): Node =>
  isHalf(x.dtype) ? cast(f(cast(x, "float32")), x.dtype) : f(x);

/** x ⁄ n, n being the number of elements over `axes`. */
export const share = (x: Node, axes: readonly Axis[]): Node => rounded(x, (v) => div(v, count(axes, v.dtype)));

const inWider =
  (operation: (a: Node, b: Node) => Node) =>
  (a: Node, b: Node): Node => {
    const dtype = promote(a.dtype, b.dtype);
    return operation(cast(a, dtype), cast(b, dtype));
  };
/** a·b in the wider of two dtypes. */
export const product = inWider(mul);
/** a + b in the wider of two dtypes. */
export const plus = inWider(add);
