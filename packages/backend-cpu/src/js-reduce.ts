/** Sums, maxima and indexing of the JavaScript engine: the normative sums of contributing/numerics.md. */
import { type Axis, type DType, isFloat, isOuter, type Node, round } from "@isoloss/core";
import { type Layout, type Values, valuesOf } from "./js-values.ts";

/** Sums along an axis this long or shorter run in order also where the axis is the last. */
export const GROUPED_ABOVE = 32;

/** Whether a sum adds in groups of sixteen: a total, or a sum along a long last axis. */
export function isGrouped(n: Node, length: number): boolean {
  const over = n.attribute as readonly Axis[];
  if (over.every(isOuter)) return n.axes.length === 0;
  return (n.args[0] as Node).axes.at(-1) === over[0] && length > GROUPED_ABOVE;
}

/** The type in which a sum adds: halves in float32, integers exactly, a partial outer sum in float64. */
const addsIn = (n: Node): "float64" | "float32" => {
  const partial = (n.attribute as readonly Axis[]).every(isOuter) && n.axes.length > 0;
  return partial || n.dtype === "float64" || !isFloat(n.dtype) ? "float64" : "float32";
};

type Place = (k: number) => number;
/** In groups of sixteen: a tree to four lanes, each added to a float64 sum. */
function grouped(x: Values, start: number, at: Place, length: number, single: boolean): number {
  const r = single ? Math.fround : (v: number): number => v;
  const value = (k: number): number => (k < length ? (x[start + at(k)] as number) : 0);
  const sums = [0, 0, 0, 0];
  for (let k = 0; k < length; k += 16)
    for (let lane = 0; lane < 4; lane++) {
      const i = k + lane;
      (sums[lane] as number) += r(r(value(i) + value(i + 4)) + r(value(i + 8) + value(i + 12)));
    }
  const [a, b, c, d] = sums as [number, number, number, number];
  return a + c + (b + d);
}
function inOrder(x: Values, start: number, at: Place, length: number, single: boolean): number {
  let s = 0;
  if (single) for (let k = 0; k < length; k++) s = Math.fround(s + (x[start + at(k)] as number));
  else for (let k = 0; k < length; k++) s += x[start + at(k)] as number;
  return s;
}
function largest(x: Values, start: number, at: Place, length: number): number {
  let m = -Infinity;
  for (let k = 0; k < length; k++) m = Math.max(m, x[start + at(k)] as number);
  return m;
}

/** `sum` and `max`: for every element of the result, its row of elements of the operand. */
export function reduceLoop(n: Node, x: Values, layout: Layout): Values {
  const over = n.attribute as readonly Axis[];
  const from = (n.args[0] as Node).axes;
  const size = layout.size(n.axes);
  const length = layout.size(over);
  const starts = layout.places(n.axes, from);
  const steps = from.length === over.length ? undefined : layout.places(over, from);
  const at: Place = steps ? (k) => steps[k] as number : (k) => k;
  const out = valuesOf(n.dtype, size);
  const r = round[n.dtype as DType];
  const single = addsIn(n) === "float32";
  const row =
    n.op === "max"
      ? (start: number) => largest(x, start, at, length)
      : isGrouped(n, length)
        ? (start: number) => grouped(x, start, at, length, single)
        : (start: number) => inOrder(x, start, at, length, single);
  for (let i = 0; i < size; i++) out[i] = r(row(starts[i] as number));
  return out;
}

/** `pick`: NaN where the index lies outside. */
export function pickLoop(n: Node, x: Values, index: Values, layout: Layout): Values {
  const [from, indexed] = n.args as readonly [Node, Node];
  const axis = n.attribute as Axis;
  const length = layout.size([axis]);
  const stride = layout.size(from.axes.slice(from.axes.indexOf(axis) + 1));
  const size = layout.size(n.axes);
  const starts = layout.places(n.axes, from.axes);
  const labels = layout.places(n.axes, indexed.axes);
  const out = valuesOf(n.dtype, size);
  for (let i = 0; i < size; i++) {
    const k = index[labels[i] as number] as number;
    out[i] = k >= 0 && k < length ? (x[(starts[i] as number) + k * stride] as number) : Number.NaN;
  }
  return out;
}
