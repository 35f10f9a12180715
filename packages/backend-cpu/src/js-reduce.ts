/** Sums, maxima and indexing of the JavaScript engine: the normative sums of contributing/numerics.md. */
import { type Axis, type DType, isFloat, isOuter, type Node, round } from "@isoloss/core";
import { GroupedSum } from "./js-groups.ts";
import type { Layout, Step, Values } from "./js-values.ts";

/** Sums along an axis this long or shorter run in order also where the axis is the last. */
const GROUPED_ABOVE = 32;

/** Whether a sum adds in groups of sixteen: a total, or a sum along a long last axis. */
function isGrouped(n: Node, length: number): boolean {
  const over = n.attribute as readonly Axis[];
  if (over.every(isOuter)) return n.axes.length === 0;
  return (n.args[0] as Node).axes.at(-1) === over[0] && length > GROUPED_ABOVE;
}

/** Whether a sum adds in float32, halves included; integers add exactly, a partial outer sum in float64. */
export const addsInSingle = (n: Node): boolean => {
  const partial = (n.attribute as readonly Axis[]).every(isOuter) && n.axes.length > 0;
  return !partial && n.dtype !== "float64" && isFloat(n.dtype);
};

/** Where a row of a reduction lies: from `start` on, an element every `stride`. */
type Row = (x: Values, start: number, stride: number, length: number) => number;

/** In groups of sixteen: such rows are contiguous. */
const grouped = (isSingle: boolean): Row => {
  const sum = new GroupedSum(isSingle);
  return (x, start, _, length) => {
    sum.begin();
    sum.add(x, start, start + length);
    return sum.finish();
  };
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
  const isSingle = addsInSingle(n);
  if (isGrouped(n, length)) return grouped(isSingle);
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
