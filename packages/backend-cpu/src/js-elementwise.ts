/** The elementwise primitives of the JavaScript engine: one tight loop each. */
import { type Axis, type DType, type Node, round } from "@isoloss/core";
import { type Layout, storesRounded, type Values, valuesOf } from "./js-values.ts";
import { scalar } from "./scalar-arithmetic.ts";

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
  (out, x) =>
    unary(scalar[out instanceof Float64Array ? "float64" : "float32"][name])(out, x, x, x);

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

/** An operand over the axes of the result: as it is, one value, or spread out. */
function operand(data: Values, axes: readonly Axis[], n: Node, dtype: DType, layout: Layout): Operand {
  if (axes.length === n.axes.length) return { data, step: 1 };
  if (axes.length === 0) return { data, step: 0 };
  const at = layout.places(n.axes, axes);
  const spread = valuesOf(dtype, at.length);
  for (let i = 0; i < at.length; i++) spread[i] = data[at[i] as number] as number;
  return { data: spread, step: 1 };
}

export function elementwiseLoop(n: Node, args: readonly Values[], layout: Layout, size: number): Values {
  const needsRounding = !storesRounded(n.dtype) && n.op !== "expand" && n.op !== "where" && n.dtype !== "bool";
  // What is rounded by more than a store is computed in float64 (float32 where numerics.md says so: exp and its like).
  const isHeavy = n.op === "exp" || n.op === "log" || n.op === "log1p";
  const out = needsRounding ? (isHeavy ? new Float32Array(size) : new Float64Array(size)) : valuesOf(n.dtype, size);
  const operands = n.args.map((a, i) => operand(args[i] as Values, a.axes, n, a.dtype, layout));
  const [x, y, z] = [0, 1, 2].map((i) => operands[i] ?? operands[0]) as [Operand, Operand, Operand];
  const isToBool = n.op === "cast" && n.dtype === "bool";
  if (isToBool) unary((v) => (v !== 0 ? 1 : 0))(out, x, y, z);
  else (loops[n.op as LoopOp] as Loop)(out, x, y, z);
  if (!needsRounding) return out;
  const rounded = valuesOf(n.dtype, size);
  const r = round[n.dtype as DType];
  for (let i = 0; i < size; i++) rounded[i] = r(out[i] as number);
  return rounded;
}
