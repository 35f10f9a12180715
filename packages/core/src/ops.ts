/** Builders: the vocabulary in which losses are written. Operands meet by axis name; numbers take their neighbour's dtype. */
import { type DType, round } from "./dtype.ts";
import { type Axis, type ElementwiseOp, type GradientRule, isOuter, type Node, node, type Operand } from "./node.ts";

const union = (lists: readonly (readonly Axis[])[]): Axis[] => [...new Set(lists.flat())];

/** A number, rounded to `dtype`. */
export const constant = (value: number, dtype: DType): Node => node("constant", [], [], dtype, round[dtype](value));

/** Numbers take their neighbour's dtype, which all must have. */
function lift(...operands: readonly Operand[]): readonly [Node, ...Node[]] {
  const like = operands.find((x): x is Node => typeof x !== "number");
  const args = operands.map((x) => (typeof x === "number" ? constant(x, like?.dtype ?? "float64") : x));
  if (args.some((a) => like && a.dtype !== like.dtype))
    throw new TypeError(`mixed dtypes ${args.map((a) => `${a.op}:${a.dtype}`).join(", ")}: cast first`);
  return args as [Node, ...Node[]];
}
const build = (op: ElementwiseOp, args: readonly [Node, ...Node[]], dtype: DType = args[0].dtype): Node =>
  node(op, args, union(args.map((a) => a.axes)), dtype);
const unary =
  (op: ElementwiseOp) =>
  (x: Operand): Node =>
    build(op, lift(x));
const binary =
  (op: ElementwiseOp, dtype?: DType) =>
  (a: Operand, b: Operand): Node =>
    build(op, lift(a, b), dtype);

/** A tensor of the call. Its data is row-major over `axes`. */
export const input = (name: string, axes: readonly Axis[], dtype: DType): Node => node("input", [], axes, dtype, name);
/** The size of an axis, as a number of the dtype. */
export const extent = (axis: Axis, dtype: DType): Node => node("extent", [], [], dtype, axis);
/** 0, 1, 2 … along an axis. */
export const iota = (axis: Axis): Node => node("iota", [], [axis], "int32", axis);
export const neg = /* @__PURE__ */ unary("neg");
export const abs = /* @__PURE__ */ unary("abs");
export const sign = /* @__PURE__ */ unary("sign");
export const exp = /* @__PURE__ */ unary("exp");
export const log = /* @__PURE__ */ unary("log");
export const log1p = /* @__PURE__ */ unary("log1p");
export const sqrt = /* @__PURE__ */ unary("sqrt");
export const trunc = /* @__PURE__ */ unary("trunc");
export const not = /* @__PURE__ */ unary("not");
export const add = /* @__PURE__ */ binary("add");
export const sub = /* @__PURE__ */ binary("sub");
export const mul = /* @__PURE__ */ binary("mul");
export const div = /* @__PURE__ */ binary("div");
export const lt = /* @__PURE__ */ binary("lt", "bool");
export const le = /* @__PURE__ */ binary("le", "bool");
export const eq = /* @__PURE__ */ binary("eq", "bool");
export const and = /* @__PURE__ */ binary("and");
export const or = /* @__PURE__ */ binary("or");
/** a where the condition holds, else b: the operand that is not chosen is never part of the result, not even as NaN. */
export const where = (condition: Node, a: Operand, b: Operand): Node => {
  const branches = lift(a, b);
  return build("where", [condition, ...branches], branches[0].dtype);
};
export const cast = (x: Node, dtype: DType): Node => (x.dtype === dtype ? x : node("cast", [x], x.axes, dtype));
/** Repeats x along those of `axes` that it lacks. */
export const expand = (x: Node, axes: readonly Axis[]): Node =>
  axes.every((a) => x.axes.includes(a)) ? x : node("expand", [x], union([x.axes, axes]), x.dtype);

/**
 * Reductions. An axis that x lacks has extent 1 there. A node reduces either one of the loss's own axes or outer axes,
 * never both, so that the order in which it adds is well defined (contributing/numerics.md): own axes first, last first.
 */
const reduction = (op: "sum" | "max") => {
  const reduced = (x: Node, ...axes: readonly Axis[]): Node => {
    const has = x.axes.filter((a) => axes.includes(a));
    const last = has.filter((a) => !isOuter(a)).slice(-1);
    const over = last.length ? last : has;
    const left = x.axes.filter((a) => !over.includes(a));
    return over.length ? reduced(node(op, [x], left, x.dtype, over), ...axes) : x;
  };
  return reduced;
};
export const sum = /* @__PURE__ */ reduction("sum");
/** The largest; NaN if there is one; −∞ of nothing. Ties share the gradient evenly. */
export const max = /* @__PURE__ */ reduction("max");
/**
 * The sum of all elements where `keep` holds, every step rounded to their own type: one after another, or in cascades of
 * partial sums on so many levels (contributing/numerics.md).
 */
export const accumulate = (x: Node, keep: Node, levels: number): Node => {
  const axes = union([x.axes, keep.axes]);
  return node("accumulate", [expand(x, axes), expand(keep, axes)], [], x.dtype, levels);
};
/** x with `axis` indexed away by the int32 `index`, which must lie in [0, extent). */
export const pick = (x: Node, axis: Axis, index: Node): Node =>
  x.axes.includes(axis)
    ? node("pick", [x, index], union([x.axes.filter((a) => a !== axis), index.axes]), x.dtype, axis)
    : x;
/** `value`, whose gradient with respect to `inputs` is what `rule` says and not the derivative. */
export const customGradient = (value: Node, inputs: readonly Node[], rule: GradientRule): Node =>
  node("custom", [value, ...inputs], value.axes, value.dtype, rule);

// What follows is built from the primitives above; no backend sees these names.

export const gt = (a: Operand, b: Operand): Node => lt(b, a);
export const ge = (a: Operand, b: Operand): Node => le(b, a);
export const ne = (a: Operand, b: Operand): Node => not(eq(a, b));
export const square = (x: Node): Node => mul(x, x);
/** x as a value, without gradient. */
export const stop = (x: Node): Node => customGradient(x, [], () => []);
/** The axes of x that are a loss's own. */
export const ownAxes = (x: Node): Axis[] => x.axes.filter((a) => !isOuter(a));
/** The sum of all elements. */
export const total = (x: Node): Node => sum(x, ...x.axes);
/** The number of elements over `axes`. */
export const count = (axes: readonly Axis[], dtype: DType): Node =>
  axes.map((a) => extent(a, dtype)).reduce(mul, constant(1, dtype));
export const mean = (x: Node, ...axes: readonly Axis[]): Node =>
  div(sum(expand(x, axes), ...axes), count(axes, x.dtype));
/** Values outside are moved to the bound. Gradient 1 inside and on the bounds; NaN passes, without gradient. */
export const clip = (x: Node, lo: Operand, hi: Operand): Node =>
  where(and(ge(x, lo), le(x, hi)), x, where(lt(x, lo), lo, where(gt(x, hi), hi, stop(x))));
/** max(x, least). Gradient 1 at the bound; NaN passes, without gradient. */
export const noLess = (x: Node, least: Operand): Node => where(ge(x, least), x, where(lt(x, least), least, stop(x)));
/** max(x, 0). Gradient 1 at 0; NaN passes, without gradient. */
export const atLeastZero = (x: Node): Node => noLess(x, 0);
/** max(x, 0), whose gradient is multiplied by 1 or 0, so that 0·∞ and 0·NaN are NaN. */
export const multiplyingAtLeastZero = (x: Node): Node =>
  customGradient(atLeastZero(x), [x], (g) => [mul(g, cast(ge(x, 0), x.dtype))]);
/** min(x, most). Gradient 1 at the bound; NaN passes, without gradient. */
export const noMore = (x: Node, most: Operand): Node => where(le(x, most), x, where(gt(x, most), most, stop(x)));
/**
 * log(eˣ ⁄ Σeˣ) along `axis`, shifted by the maximum. Its gradient is g − (e⁄s)·Σg in terms of the exponentials that the
 * value has already: written with exp(y) it would take a second exponential an element.
 */
export const logSoftmax = (x: Node, axis: Axis): Node => {
  const shifted = sub(x, stop(max(x, axis)));
  const e = exp(shifted);
  const s = sum(e, axis);
  return customGradient(sub(shifted, log(s)), [x], (g) => [sub(g, mul(e, div(sum(g, axis), s)))]);
};
/** log(1 + eˣ). The two kinks at 0 cancel because they share one comparison: the slope there is ½. */
export const softplus = (x: Node): Node => {
  const c = ge(x, 0);
  return add(where(c, x, 0), log1p(exp(where(c, neg(x), x))));
};
