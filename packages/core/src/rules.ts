/** The table of primitives: what each means for one element, and how it is differentiated. One row a primitive. */
import { isFloat } from "./dtype.ts";
import type { Axis, ElementwiseOp, GradientRule, Node, Op } from "./node.ts";
import { add, cast, div, eq, expand, iota, mul, neg, sign, sum, where } from "./ops.ts";

export interface Rule {
  /** Value of one element, before rounding to the node's dtype. Absent where data moves or is reduced. */
  readonly evaluate?: (...x: number[]) => number;
  /** Gradients of the operands, given the gradient g of y; null: none. Absent: y has no derivative. */
  readonly vjp?: (g: Node, y: Node, ...x: Node[]) => readonly (Node | null)[];
}

type N = number;
/** Rules of fixed arity, as the table is easiest to read. */
interface Row {
  readonly evaluate?: (a: N, b: N, c: N) => N;
  readonly vjp?: (g: Node, y: Node, a: Node, b: Node, c: Node) => readonly (Node | null)[];
}
const bit = (b: boolean): N => (b ? 1 : 0);

const table = {
  input: {},
  constant: {},
  parameter: {},
  extent: {},
  iota: {},
  neg: { evaluate: (x) => -x, vjp: (g) => [neg(g)] },
  abs: { evaluate: Math.abs, vjp: (g, _, x) => [mul(g, sign(x))] }, // sign(0) = 0
  sign: { evaluate: Math.sign },
  exp: { evaluate: Math.exp, vjp: (g, y) => [mul(g, y)] },
  log: { evaluate: Math.log, vjp: (g, _, x) => [div(g, x)] },
  log1p: { evaluate: Math.log1p, vjp: (g, _, x) => [div(g, add(x, 1))] },
  sqrt: { evaluate: Math.sqrt, vjp: (g, y) => [div(g, mul(y, 2))] },
  trunc: { evaluate: Math.trunc },
  not: { evaluate: (x) => bit(!x) },
  cast: { evaluate: (x) => x, vjp: (g, _, x) => [isFloat(x.dtype) ? cast(g, x.dtype) : null] },
  add: { evaluate: (a, b) => a + b, vjp: (g) => [g, g] },
  sub: { evaluate: (a, b) => a - b, vjp: (g) => [g, neg(g)] },
  mul: { evaluate: (a, b) => a * b, vjp: (g, _, a, b) => [mul(g, b), mul(g, a)] },
  div: { evaluate: (a, b) => a / b, vjp: (g, y, _, b) => [div(g, b), neg(div(mul(g, y), b))] },
  lt: { evaluate: (a, b) => bit(a < b) },
  le: { evaluate: (a, b) => bit(a <= b) },
  eq: { evaluate: (a, b) => bit(a === b) },
  and: { evaluate: (a, b) => bit(a !== 0 && b !== 0) },
  or: { evaluate: (a, b) => bit(a !== 0 || b !== 0) },
  where: { evaluate: (c, a, b) => (c !== 0 ? a : b), vjp: (g, _, c) => [null, where(c, g, 0), where(c, 0, g)] },
  expand: { vjp: (g) => [g] },
  sum: { vjp: (g, _, x) => [expand(g, x.axes)] },
  max: {
    // ties share the gradient evenly
    vjp: (g, y, x) => {
      const isMax = eq(x, y);
      return [where(isMax, div(g, sum(cast(isMax, x.dtype), ...(y.attribute as readonly Axis[]))), 0)];
    },
  },
  accumulate: { vjp: (g, _, x) => [expand(g, x.axes), null] },
  pick: { vjp: (g, y, _, index) => [where(eq(iota(y.attribute as Axis), index), g, 0), null] },
  custom: { vjp: (g, y, _, ...inputs) => [null, ...(y.attribute as GradientRule)(g, y, ...inputs)] },
} satisfies Record<Op | "custom", Row>;

export const rules: Readonly<Record<Op | "custom", Rule>> = table as Readonly<Record<Op | "custom", Rule>>;

/** The meaning of an elementwise primitive for one element. */
export const evaluate = (op: ElementwiseOp): NonNullable<Rule["evaluate"]> =>
  rules[op].evaluate as NonNullable<Rule["evaluate"]>;
