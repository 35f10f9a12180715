/** How kernels round: half precision in float32 and once, mixed dtypes in the wider. */
import { isHalf, promote } from "../dtype.ts";
import type { Axis, Node } from "../node.ts";
import { add, cast, count, div, eq, extent, iota, mul, or, pick, sum, where } from "../ops.ts";

/** f of x, computed in float32 and rounded once where x has half precision. */
export const rounded = (x: Node, f: (x: Node) => Node): Node =>
  isHalf(x.dtype) ? cast(f(cast(x, "float32")), x.dtype) : f(x);

/** x ⁄ n, n being the number of elements over `axes`. */
export const share = (x: Node, axes: readonly Axis[]): Node => rounded(x, (v) => div(v, count(axes, v.dtype)));

/** v, of which a kernel takes 1 ⁄ n where it differentiates a mean over the n elements of d: before anything else. */
export const part = (v: Node, d: Node, ofMean: boolean): Node => (ofMean ? mul(div(1, count(d.axes, d.dtype)), v) : v);

const inWider =
  (operation: (a: Node, b: Node) => Node) =>
  (a: Node, b: Node): Node => {
    const dtype = promote(a.dtype, b.dtype);
    return operation(cast(a, dtype), cast(b, dtype));
  };
/** a·b in the wider of two dtypes. */
export const product = /* @__PURE__ */ inWider(mul);
/** a + b in the wider of two dtypes. */
export const plus = /* @__PURE__ */ inWider(add);

/** x whose axis `from` is called `to`; where it has extent 1 there it repeats. */
export const renamed = (x: Node, from: Axis, to: Axis): Node =>
  sum(where(or(eq(iota(from), iota(to)), eq(extent(from, "float32"), 1)), x, 0), from);

/** The elements of x, which lies along one axis, where `strides` has them on others: "2:3,0:1" is element 3·i₂ + i₀. */
export function spread(x: Node, axis: Axis, strides: string): Node {
  const steps = strides.split(",").map((s) => s.split(":") as [Axis, string]);
  return pick(x, axis, steps.map(([a, stride]) => mul(iota(a), Number(stride))).reduce(add));
}
