/**
 * Elementary functions with the gradients that TensorFlow's kernels give them. They differ from the table's derivatives where
 * half precision rounds or overflows, at NaN, and where an infinite slope meets a gradient of 0.
 */
import { type DType, isFloat, isHalf } from "../dtype.ts";
import type { Axis, Node } from "../node.ts";
import {
  abs,
  add,
  cast,
  constant,
  customGradient,
  div,
  eq,
  exp,
  gt,
  log,
  log1p,
  lt,
  max,
  mul,
  neg,
  sign,
  sqrt,
  square,
  sum,
  where,
} from "../ops.ts";
import { rounded } from "./kernels.ts";

/** |x|, whose slope is sign(x): 0 at 0, and `slopeAtNaN` at NaN. */
export const magnitude = (x: Node, slopeAtNaN: number): Node =>
  Number.isNaN(slopeAtNaN)
    ? abs(x)
    : customGradient(abs(x), [x], (g) => [mul(g, where(eq(x, x), sign(x), constant(slopeAtNaN, x.dtype)))]);

/** log x, whose gradient is g·(1⁄x). */
export const logarithm = (x: Node): Node => customGradient(log(x), [x], (g, _, v) => [mul(g, div(1, v as Node))]);

/** log(1 + x), whose gradient is g·(1⁄(1 + x)). */
export const logarithm1p = (x: Node): Node =>
  customGradient(log1p(x), [x], (g, _, v) => [mul(g, div(1, add(v as Node, 1)))]);

/** a⁄b, whose gradient for b is g·((−a⁄b)⁄b). Integers are divided as floats. */
export const quotient = (a: Node, b: Node): Node => {
  const operands = [floating(a), floating(b)] as const;
  return customGradient(div(...operands), operands, (g, _, ...inputs) => {
    const [x, y] = inputs as [Node, Node];
    return [div(g, y), mul(g, div(div(neg(x), y), y))];
  });
};

const narrow: ReadonlySet<DType> = new Set(["int8", "int16", "uint8"]);
/** Integers as the floats in which TensorFlow divides them. */
const floating = (x: Node): Node => (isFloat(x.dtype) ? x : cast(x, narrow.has(x.dtype) ? "float32" : "float64"));

/** Half precision as float32, all else as it is. */
export const widened = (x: Node): Node => (isHalf(x.dtype) ? cast(x, "float32") : x);

/** x², whose gradient is g·(2x), which overflows before g can make it small. */
export const squared = (x: Node): Node => customGradient(square(x), [x], (g, _, v) => [mul(g, mul(v as Node, 2))]);

/** d² of a difference d, whose gradient is (2·g)·d. */
export const squaredDifference = (d: Node): Node => customGradient(square(d), [d], (g) => [mul(mul(g, 2), d)]);

/**
 * The largest along `axis`, whose gradient is g times each tied element's share; `skipsNaN`: of the numbers alone, −∞ of none.
 */
export const largest = (x: Node, axis: Axis, skipsNaN: boolean): Node => {
  const most = max(skipsNaN ? where(eq(x, x), x, Number.NEGATIVE_INFINITY) : x, axis);
  const isMost = cast(eq(x, most), x.dtype);
  return customGradient(most, [x], (g) => [mul(div(isMost, sum(isMost, axis)), g)]);
};

/** 1⁄√x, whose gradient is −½·(g·y)·y², and 0 where g is 0, also at x = 0. */
export const inverseRoot = (x: Node): Node =>
  customGradient(div(1, sqrt(x)), [x], (g, y) => [where(eq(g, 0), 0, mul(mul(mul(g, y), -0.5), mul(y, y)))]);

/** The same, rounded once, and its gradient multiplied in another order: −½·(g·(y²·y)). */
export const inverseRootAtOnce = (x: Node): Node =>
  customGradient(
    rounded(x, (v) => div(1, sqrt(v))),
    [x],
    (g, y) => [where(eq(g, 0), 0, mul(mul(g, mul(mul(y, y), y)), -0.5))],
  );

/** √x, whose gradient is ½·g⁄y, and 0 where g is 0, also at x = 0. */
export const root = (x: Node): Node =>
  customGradient(sqrt(x), [x], (g, y) => [where(eq(g, 0), 0, div(mul(g, 0.5), y))]);

/** The bits of the fraction, as Eigen has them in its ε. */
const fraction: Readonly<Record<string, number>> = { float64: 52, float32: 23, float16: 13, bfloat16: 7 };
/** Beyond ±this, log(1 + eˣ) is x or eˣ to the last bit: −log ε − 2. */
const saturation = (dtype: DType): number => (fraction[dtype] as number) * Math.LN2 - 2;
/** 1 ⁄ (1 + e⁻ˣ), every step rounded; `ofMinus`: from e⁻ˣ, else as eˣ ⁄ (1 + eˣ). */
const sigmoid = (x: Node, ofMinus: boolean): Node => {
  if (ofMinus) return div(1, add(exp(neg(x)), 1));
  const e = exp(x);
  return where(eq(e, Number.POSITIVE_INFINITY), 1, div(e, add(e, 1)));
};
/** log(1 + eˣ), cut off beyond `bound`, whose gradient is g·sigmoid(x). */
export const softplusSaturated = (x: Node, { bound = saturation(x.dtype), ofMinus = false } = {}): Node => {
  const e = exp(x);
  const value = where(gt(x, bound), x, where(lt(x, -bound), e, log1p(e)));
  return customGradient(value, [x], (g, _, v) => [mul(g, sigmoid(v as Node, ofMinus))]);
};
