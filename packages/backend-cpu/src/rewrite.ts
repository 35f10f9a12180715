/** Named rewrites of the compiler. Each keeps every bit; what would not belongs in the loss or in core. */
import { type DType, isFloat, isHalf } from "@isoloss/core";
import { isConstant, ONE, type Value, type ValueOp, type Values } from "./value.ts";

export type Make = (op: ValueOp, args: readonly Value[], dtype: DType, attribute?: unknown) => Value;
interface Draft {
  readonly op: ValueOp;
  readonly args: readonly Value[];
  readonly dtype: DType;
  readonly attribute: unknown;
}
type Rewrite = (draft: Draft, values: Values) => Value | undefined;

const isNegation = (v: Value | undefined): v is Value => v?.op === "neg";
const inner = (v: Value): Value => v.args[0] as Value;

/** iota = index, where the index does not move along the class axis: true at one place. */
function hotIndex(v: Value | undefined, values: Values): Value | undefined {
  if (v?.op !== "eq") return undefined;
  const [a, b] = v.args as readonly [Value, Value];
  const index = a.op === "iota" ? b : b.op === "iota" ? a : undefined;
  return index && !index.axes.includes(values.classAxis as string) ? index : undefined;
}

const named = {
  /** where(not c, a, b) is where(c, b, a). */
  "where-not": ({ op, args, dtype }, { make }) => {
    const [c, a, b] = args as readonly [Value, Value, Value];
    return op === "where" && c.op === "not" ? make("where", [inner(c), b, a], dtype) : undefined;
  },
  /** Rounding is symmetric: (−a)·b is −(a·b), (−a)⁄b is −(a⁄b), a + (−b) is a − b, a − (−b) is a + b, and −a + −a is −(a + a). */
  "sign-out": ({ op, args, dtype }, { make }) => {
    const [a, b] = args as readonly [Value, Value];
    if (op === "mul" || op === "div") {
      if (isNegation(a)) return make("neg", [make(op, [inner(a), b], dtype)], dtype);
      if (isNegation(b)) return make("neg", [make(op, [a, inner(b)], dtype)], dtype);
      if (op === "mul" && isConstant(b, -1)) return make("neg", [a], dtype);
      return op === "mul" && isConstant(a, -1) ? make("neg", [b], dtype) : undefined;
    }
    if (op === "add" && a === b && isNegation(a)) return make("neg", [make("add", [inner(a), inner(a)], dtype)], dtype);
    if (op === "add" && isNegation(b)) return make("sub", [a, inner(b)], dtype);
    if (op === "add" && isNegation(a)) return make("sub", [b, inner(a)], dtype);
    return op === "sub" && isNegation(b) ? make("add", [a, inner(b)], dtype) : undefined;
  },
  /** −(−x) is x. */
  twice: ({ op, args }) => (op === "neg" && isNegation(args[0]) ? inner(args[0]) : undefined),
  /** exp(0 ≤ x ? −x : x) and exp(x < 0 ? x : −x) are exp(−|x|): they differ in the sign of a zero, of which exp knows nothing. */
  "exp-of-minus-abs": ({ op, args, dtype }, { make }) => {
    const [w] = args;
    if (op !== "exp" || w?.op !== "where") return undefined;
    const [c, a, b] = w.args as readonly [Value, Value, Value];
    const [left, right] = c.args as readonly [Value, Value];
    const isZero = (v: Value): boolean => isConstant(v, 0) || isConstant(v, -0);
    const ifPositive = isNegation(a) && inner(a) === b && c.op === "le" && isZero(left) && right === b;
    const ifNegative = isNegation(b) && inner(b) === a && c.op === "lt" && isZero(right) && left === a;
    if (!ifPositive && !ifNegative) return undefined;
    return make("exp", [make("neg", [make("abs", [ifPositive ? b : a], dtype)], dtype)], dtype);
  },
  /** What is subtracted from in exp(a − max a) is bounded below by the row: the exponential gets that bound as a second operand. */
  "exp-with-floor": ({ op, args, dtype }, values) => {
    const [x] = args;
    if (op !== "exp" || args.length > 1 || x?.op !== "sub" || !isNonPositive(x)) return undefined;
    const [a, max] = x.args as readonly [Value, Value];
    const min = values.plain("min", [a], dtype, max.attribute, max.axes);
    return values.plain("exp", [x, values.plain("sub", [min, max], dtype)], dtype);
  },
  /** An input that is cast at once is converted while it is fetched. */
  "cast-of-input": ({ op, args, dtype }, values) => {
    const [x] = args;
    if (op !== "cast" || x?.op !== "input" || x.axes.length === 0 || dtype === x.dtype) return undefined;
    const fetched = isFloat(dtype) && !isHalf(dtype) && (isFloat(x.dtype) || x.dtype === "int64");
    if (!fetched && !(dtype === "int32" && x.dtype === "int64")) return undefined;
    return values.plain("input", [], dtype, x.attribute, x.axes);
  },
  /** Indexing commutes with everything element by element: only what lies in memory is indexed. */
  "pick-sinks": ({ op, args, dtype, attribute }, values) => {
    if (op !== "pick") return undefined;
    const [x, index] = args as readonly [Value, Value];
    const axis = values.classAxis as string;
    if (!x.axes.includes(axis)) return x;
    if (x.op === "iota") return index;
    if (x.op === "input" || x.op === "partial") {
      const axes = values.union([{ ...x, axes: x.axes.filter((a) => a !== axis) }, index]);
      const picked = values.plain("pick", args, dtype, attribute, axes.length ? axes : [ONE]);
      return axes.length ? picked : values.handOn(picked, "total-max");
    }
    const sunk = x.args.map((a) => values.make("pick", [a, index], a.dtype, attribute));
    return values.make(x.op, sunk, x.dtype, x.attribute);
  },
  /** Σ (iota = i ? v : 0) is v at i, if i is in range; a sum starts from +0, so −0 becomes 0. */
  "sum-of-one-hot": ({ op, args, dtype }, values) => {
    const [w] = args;
    if (op !== "sum" || w?.op !== "where" || !isConstant(w.args[2], 0)) return undefined;
    const index = hotIndex(w.args[0], values);
    if (!index) return undefined;
    const { make } = values;
    const picked = make("pick", [w.args[1] as Value, index], dtype, values.classAxis);
    const first = make("le", [values.constant(0, index.dtype), index], "bool");
    const last = make("lt", [index, values.plain("extent", [], index.dtype, values.classAxis)], "bool");
    const there = make("where", [make("and", [first, last], "bool"), picked, values.constant(0, dtype)], dtype);
    return make("add", [there, values.constant(0, dtype)], dtype);
  },
  /** A reduction or a plain value depends on its operands' axes but the class axis. */
  "reduction-axes": ({ op, args, dtype, attribute }, values) => {
    const [x] = args;
    if ((op !== "sum" && op !== "max") || !x) return undefined;
    return values.plain(
      op,
      args,
      dtype,
      attribute,
      x.axes.filter((a) => a !== values.classAxis),
    );
  },
} satisfies Record<string, Rewrite>;

export const rewrites: readonly Rewrite[] = Object.values(named);

/** x ≤ 0 or NaN, as can be told from its form. */
export function isNonPositive(v: Value): boolean {
  const [a, b] = v.args;
  if (v.op === "sub") return b?.op === "max" && b.args[0] === a;
  return v.op === "neg" && (a?.op === "abs" || (a?.op === "mul" && a.args[0] === a.args[1]));
}
/** 0 ≤ x ≤ 1 or NaN, as can be told from its form. */
export const isInUnit = (v: Value): boolean => v.op === "exp" && isNonPositive(v.args[0] as Value);
