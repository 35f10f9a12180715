/** The elementwise primitives of the JavaScript engine: one tight loop each. */
import { type DType, type Node, round } from "@isoloss/core";
import { ofArrays } from "./array-arithmetic.ts";
import { type Allocate, type Layout, type Step, storesRounded, type Values } from "./js-values.ts";

/** An operand laid out for a loop: `step` is 1 from element to element, 0 for one value. */
interface Operand {
  readonly data: Values;
  readonly step: 0 | 1;
}
type Loop = (out: Values, x: Operand, y: Operand, z: Operand) => void;
type Scalar = (x: number) => number;

const unary =
  (f: Scalar): Loop =>
  (out, { data: x, step }) => {
    for (let i = 0, a = 0; i < out.length; i++, a += step) out[i] = f(x[a] as number);
  };
const transcendental =
  (name: "exp" | "log" | "log1p"): Loop =>
  (out, { data, step }) =>
    ofArrays[out instanceof Float64Array ? "float64" : "float32"][name](out as Float32Array, data, step);

const toBool = unary((v) => (v !== 0 ? 1 : 0));
/** Stores round to float32 and float64 and truncate to integers where those are in range; `rounded` does the rest. */
const loops = {
  neg: (out, { data: x, step: p }) => {
    for (let i = 0, a = 0; i < out.length; i++, a += p) out[i] = -(x[a] as number);
  },
  abs: unary(Math.abs),
  sign: unary(Math.sign),
  sqrt: unary(Math.sqrt),
  trunc: unary(Math.trunc),
  not: unary((x) => (x ? 0 : 1)),
  cast: unary((x) => x),
  expand: (out, { data: x, step: p }) => {
    for (let i = 0, a = 0; i < out.length; i++, a += p) out[i] = x[a] as number;
  },
  exp: transcendental("exp"),
  log: transcendental("log"),
  log1p: transcendental("log1p"),
  add: (out, { data: x, step: p }, { data: y, step: q }) => {
    for (let i = 0, a = 0, b = 0; i < out.length; i++, a += p, b += q) out[i] = (x[a] as number) + (y[b] as number);
  },
  sub: (out, { data: x, step: p }, { data: y, step: q }) => {
    for (let i = 0, a = 0, b = 0; i < out.length; i++, a += p, b += q) out[i] = (x[a] as number) - (y[b] as number);
  },
  mul: (out, { data: x, step: p }, { data: y, step: q }) => {
    for (let i = 0, a = 0, b = 0; i < out.length; i++, a += p, b += q) out[i] = (x[a] as number) * (y[b] as number);
  },
  div: (out, { data: x, step: p }, { data: y, step: q }) => {
    for (let i = 0, a = 0, b = 0; i < out.length; i++, a += p, b += q) out[i] = (x[a] as number) / (y[b] as number);
  },
  lt: (out, { data: x, step: p }, { data: y, step: q }) => {
    for (let i = 0, a = 0, b = 0; i < out.length; i++, a += p, b += q)
      out[i] = (x[a] as number) < (y[b] as number) ? 1 : 0;
  },
  le: (out, { data: x, step: p }, { data: y, step: q }) => {
    for (let i = 0, a = 0, b = 0; i < out.length; i++, a += p, b += q)
      out[i] = (x[a] as number) <= (y[b] as number) ? 1 : 0;
  },
  eq: (out, { data: x, step: p }, { data: y, step: q }) => {
    for (let i = 0, a = 0, b = 0; i < out.length; i++, a += p, b += q) out[i] = x[a] === y[b] ? 1 : 0;
  },
  and: (out, { data: x, step: p }, { data: y, step: q }) => {
    for (let i = 0, a = 0, b = 0; i < out.length; i++, a += p, b += q) out[i] = x[a] !== 0 && y[b] !== 0 ? 1 : 0;
  },
  or: (out, { data: x, step: p }, { data: y, step: q }) => {
    for (let i = 0, a = 0, b = 0; i < out.length; i++, a += p, b += q) out[i] = x[a] !== 0 || y[b] !== 0 ? 1 : 0;
  },
  where: (out, { data: x, step: p }, { data: y, step: q }, { data: z, step: r }) => {
    for (let i = 0, a = 0, b = 0, c = 0; i < out.length; i++, a += p, b += q, c += r)
      out[i] = (x[a] !== 0 ? y[b] : z[c]) as number;
  },
} satisfies Record<string, Loop>;
export type LoopOp = keyof typeof loops;

/** An operand over the axes of the result: as it is, one value, or spread out in an array of its own. */
function operand(a: Node, n: Node, layout: Layout, allocate: Allocate): (data: Values) => Operand {
  const laid: { data: Values; step: 0 | 1 } = { data: nothing, step: a.axes.length === 0 && n.axes.length > 0 ? 0 : 1 };
  if (a.axes.length === n.axes.length || a.axes.length === 0)
    return (data) => {
      laid.data = data;
      return laid;
    };
  const spread = allocate(a.dtype, n.axes);
  laid.data = spread;
  if (a.axes.every((axis, i) => axis === n.axes[i])) {
    const rows = layout.size(a.axes);
    const repeat = layout.size(n.axes.slice(a.axes.length));
    return (data) => {
      for (let i = 0, to = 0; i < rows; i++) {
        const x = data[i] as number;
        for (const end = to + repeat; to < end; to++) spread[to] = x;
      }
      return laid;
    };
  }
  const at = layout.places(n.axes, a.axes);
  return (data) => {
    for (let i = 0; i < at.length; i++) spread[i] = data[at[i] as number] as number;
    return laid;
  };
}
const nothing = new Float64Array(0);

/** The loop of a node for one layout, which fills `out`. */
export function elementwiseStep(n: Node, layout: Layout, out: Values, allocate: Allocate): Step {
  const operands = n.args.map((a) => operand(a, n, layout, allocate));
  const [first, second, third] = operands as [(data: Values) => Operand, ...((data: Values) => Operand)[]];
  const isToBool = n.op === "cast" && n.dtype === "bool";
  const run = (to: Values, x: Values, y: Values, z: Values): void => {
    const a = first(x);
    const b = second ? second(y) : a;
    const loop = isToBool ? toBool : (loops[n.op as LoopOp] as Loop);
    loop(to, a, b, third ? third(z) : a);
  };
  const needsRounding = !storesRounded(n.dtype) && n.op !== "expand" && n.op !== "where" && n.dtype !== "bool";
  if (!needsRounding) return (x, y, z) => run(out, x, y, z);
  // What is rounded by more than a store is computed in float64 (float32 where numerics.md says so: exp and its like).
  const isHeavy = n.op === "exp" || n.op === "log" || n.op === "log1p";
  const wide = allocate(isHeavy ? "float32" : "float64", n.axes);
  const r = round[n.dtype as DType];
  return (x, y, z) => {
    run(wide, x, y, z);
    for (let i = 0; i < out.length; i++) out[i] = r(wide[i] as number);
  };
}
