/** The elementwise primitives of the JavaScript engine: operands over the axes of the result, a loop, and its rounding. */
import { type Node, round } from "@isoloss/core";
import { ofArrays } from "./array-arithmetic.ts";
import { type Loop, loops } from "./js-loops.ts";
import { type Allocate, type Layout, type Step, storesRounded, type Values } from "./js-values.ts";

const transcendental =
  (name: "exp" | "log" | "log1p"): Loop =>
  (_, out, x) =>
    ofArrays[out instanceof Float64Array ? "float64" : "float32"][name](out as Float32Array, x);
const table: Readonly<Record<string, Loop>> = {
  ...loops,
  exp: transcendental("exp"),
  log: transcendental("log"),
  log1p: transcendental("log1p"),
};
type Spread = (data: Values, out: Values) => void;

/** Lays an operand out over the axes of a result; undefined: it has them all. */
function spreadOf(a: Node, n: Node, layout: Layout): Spread | undefined {
  if (a.axes.length === n.axes.length) return undefined;
  const before = n.axes.findIndex((axis, i) => axis !== a.axes[i]);
  const behind = a.axes.slice(before);
  if (behind.every((axis, i) => axis === n.axes[n.axes.length - behind.length + i])) {
    const rows = layout.size(a.axes.slice(0, before));
    const inner = layout.size(behind);
    const block = rows && layout.size(n.axes) / rows;
    if (inner === 1)
      return (data, out) => {
        for (let i = 0; i < rows; i++) out.fill(data[i] as number, i * block, (i + 1) * block);
      };
    return (data, out) => {
      for (let i = 0; i < rows; i++) {
        const to = i * block;
        (out as Float64Array).set(data.subarray(i * inner, (i + 1) * inner), to);
        for (let n = inner; n < block; n *= 2) out.copyWithin(to + n, to, to + Math.min(n, block - n));
      }
    };
  }
  const at = layout.places(n.axes, a.axes);
  return (data, out) => {
    for (let i = 0; i < at.length; i++) out[i] = data[at[i] as number] as number;
  };
}

/** An operand over the axes of the result: as it is, or spread out in an array of its own. */
function operand(a: Node, n: Node, layout: Layout, allocate: Allocate): (data: Values) => Values {
  const spread = spreadOf(a, n, layout);
  if (!spread) return (data) => data;
  const out = allocate(a.dtype, n.axes);
  return (data) => {
    spread(data, out);
    return out;
  };
}

/** The loop of a node for one layout, which fills `out`. */
export function elementwiseStep(n: Node, layout: Layout, out: Values, allocate: Allocate): Step {
  if (n.op === "expand") {
    const spread = spreadOf(n.args[0] as Node, n, layout) ?? ((x: Values, to: Values) => (to as Float64Array).set(x));
    return (x) => spread(x, out);
  }
  const [first, second, third] = n.args.map((a) => operand(a, n, layout, allocate)) as [
    (data: Values) => Values,
    ...((data: Values) => Values)[],
  ];
  const loop = (n.op === "cast" && n.dtype === "bool" ? loops.toBool : table[n.op]) as Loop;
  const length = layout.size(n.axes);
  const run = (to: Values, x: Values, y: Values, z: Values): void => {
    const a = first(x);
    loop(length, to, a, second ? second(y) : a, third ? third(z) : a);
  };
  const needsRounding = !storesRounded(n.dtype) && n.op !== "where" && n.dtype !== "bool";
  if (!needsRounding) return (x, y, z) => run(out, x, y, z);
  // What is rounded by more than a store is computed in float64 (float32 where numerics.md says so: exp and its like).
  const isHeavy = n.op === "exp" || n.op === "log" || n.op === "log1p";
  const wide = allocate(isHeavy ? "float32" : "float64", n.axes);
  const r = round[n.dtype];
  return (x, y, z) => {
    run(wide, x, y, z);
    for (let i = 0; i < length; i++) out[i] = r(wide[i] as number);
  };
}
