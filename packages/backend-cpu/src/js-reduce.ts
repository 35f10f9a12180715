/** Sums, maxima and indexing of the JavaScript engine: the normative sums of contributing/numerics.md. */
import { type Axis, type DType, isFloat, isOuter, type Node, round } from "@isoloss/core";
import type { Layout, Step, Values } from "./js-values.ts";

/** Sums along an axis this long or shorter run in order also where the axis is the last. */
export const GROUPED_ABOVE = 32;
/** Elements in a group of a sum. */
export const GROUP = 16;

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

export const addsInSingle = (n: Node): boolean => addsIn(n) === "float32";

/** Where a row of a reduction lies: from `start` on, an element every `stride`. */
type Row = (x: Values, start: number, stride: number, length: number) => number;

const single = Math.fround;
const double = (v: number): number => v;
/** In groups of sixteen: a tree to four lanes, each added to a float64 sum. */
const grouped =
  (r: (v: number) => number): Row =>
  (x, start, stride, length) => {
    let [a, b, c, d] = [0, 0, 0, 0];
    const whole = length & ~15;
    const group = new Float64Array(16); // the last one, filled with zeros
    const lane = (from: Values, at: number, step: number): number =>
      r(
        r((from[at] as number) + (from[at + 4 * step] as number)) +
          r((from[at + 8 * step] as number) + (from[at + 12 * step] as number)),
      );
    for (let k = 0, at = start; k < whole; k += 16, at += 16 * stride) {
      a += lane(x, at, stride);
      b += lane(x, at + stride, stride);
      c += lane(x, at + 2 * stride, stride);
      d += lane(x, at + 3 * stride, stride);
    }
    if (whole < length) {
      for (let k = whole; k < length; k++) group[k - whole] = x[start + k * stride] as number;
      a += lane(group, 0, 1);
      b += lane(group, 1, 1);
      c += lane(group, 2, 1);
      d += lane(group, 3, 1);
    }
    return a + c + (b + d);
  };
const inOrderSingle: Row = (x, start, stride, length) => {
  let s = 0;
  for (let k = 0, at = start; k < length; k++, at += stride) s = Math.fround(s + (x[at] as number));
  return s;
};
const inOrderDouble: Row = (x, start, stride, length) => {
  let s = 0;
  for (let k = 0, at = start; k < length; k++, at += stride) s += x[at] as number;
  return s;
};
const largest: Row = (x, start, stride, length) => {
  let m = -Infinity;
  for (let k = 0, at = start; k < length; k++, at += stride) m = Math.max(m, x[at] as number);
  return m;
};
function rowOf(n: Node, length: number): Row {
  if (n.op === "max") return largest;
  const isSingle = addsIn(n) === "float32";
  if (isGrouped(n, length)) return grouped(isSingle ? single : double);
  return isSingle ? inOrderSingle : inOrderDouble;
}

/** `sum` and `max`: for every element of the result, its row of elements of the operand. */
export function reduceStep(n: Node, layout: Layout, out: Values): Step {
  const over = n.attribute as readonly Axis[];
  const from = (n.args[0] as Node).axes;
  const size = layout.size(n.axes);
  const length = layout.size(over);
  const starts = layout.places(n.axes, from);
  const r = round[n.dtype as DType];
  const row = rowOf(n, length);
  const last = from.indexOf(over.at(-1) as Axis);
  const isEven = over.length === from.length || over.length === 1;
  const stride = layout.size(from.slice(last + 1));
  if (isEven)
    return (x) => {
      for (let i = 0; i < size; i++) out[i] = r(row(x, starts[i] as number, stride, length));
    };
  const places = layout.places(over, from);
  const gathered = new Float64Array(length);
  return (x) => {
    for (let i = 0; i < size; i++) {
      const start = starts[i] as number;
      for (let k = 0; k < length; k++) gathered[k] = x[start + (places[k] as number)] as number;
      out[i] = r(row(gathered, 0, 1, length));
    }
  };
}

/** `accumulate`: every sixteenth element moves the sum so far up a level, every sixteenth of those the next. */
export const accumulateStep = (levels: number, r: (v: number) => number, out: Values): Step => {
  const sums = new Float64Array(levels);
  return (x, keep) => {
    sums.fill(0);
    for (let i = 0; i < x.length; i++) {
      if (!keep[i]) continue;
      let s = r((sums[0] as number) + (x[i] as number));
      let j = 0;
      for (let k = i; j + 1 < levels && k % 16 === 0; k /= 16) {
        sums[j++] = 0;
        s = r((sums[j] as number) + s);
      }
      sums[j] = s;
    }
    out[0] = sums.reduce((s, v) => r(s + v), 0);
  };
};

/** `pick`: NaN where the index lies outside. */
export function pickStep(n: Node, layout: Layout, out: Values): Step {
  const [from, indexed] = n.args as readonly [Node, Node];
  const axis = n.attribute as Axis;
  const length = layout.size([axis]);
  const stride = layout.size(from.axes.slice(from.axes.indexOf(axis) + 1));
  const size = layout.size(n.axes);
  const starts = layout.places(n.axes, from.axes);
  const labels = layout.places(n.axes, indexed.axes);
  return (x, index) => {
    for (let i = 0; i < size; i++) {
      const k = index[labels[i] as number] as number;
      out[i] = k >= 0 && k < length ? (x[(starts[i] as number) + k * stride] as number) : Number.NaN;
    }
  };
}
