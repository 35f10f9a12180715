/** Sums, maxima and indexing of the JavaScript engine: the normative sums of contributing/numerics.md. */
import { type Axis, type DType, isFloat, isOuter, type Node, round } from "@isoloss/core";
import { GROUP } from "./group.ts";
import { type Cell, type Numbers, places, runsOf, type SizeOf, sizeOf, type Values, valuesOf } from "./js-values.ts";
import { strideIn } from "./rows.ts";

/** Fills the array that it was made for. */
export type Step = () => void;
/** A sum or a maximum for each element that remains, of all that is added until it is finished: of one tile or of many. */
export interface Reduction {
  /** Adds the operand's elements in a tile of these sizes. */
  add(from: Cell, size: SizeOf): Step;
  /** Rounds the results and begins anew. */
  finish(out: Values): Step;
}

/** Sums along an axis this long or shorter run in order also where the axis is the last. */
const GROUPED_ABOVE = 32;

/** Goes on along a row: an element every `step` from `k` on. */
type Row = (s: number, x: Numbers, k: number, step: number, length: number) => number;
const inOrderSingle: Row = (s, x, k, step, length) => {
  for (let j = 0; j < length; j++, k += step) s = Math.fround(s + (x[k] as number));
  return s;
};
const inOrderDouble: Row = (s, x, k, step, length) => {
  for (let j = 0; j < length; j++, k += step) s += x[k] as number;
  return s;
};
const largest: Row = (s, x, k, step, length) => {
  for (let j = 0; j < length; j++, k += step) s = Math.max(s, x[k] as number);
  return s;
};

export function reduction(n: Node, size: SizeOf): Reduction {
  const over = n.attribute as readonly Axis[];
  const from = (n.args[0] as Node).axes;
  const isOuterSum = over.every(isOuter);
  const isTotal = n.axes.length === 0;
  const isMax = n.op === "max";
  const isGrouped = isOuterSum ? isTotal : from.at(-1) === over[0] && sizeOf(over, size) > GROUPED_ABOVE;
  /** Halves add in float32; integers add exactly, a partial outer sum in float64. */
  const isSingle = isFloat(n.dtype) && n.dtype !== "float64" && (isTotal || !isOuterSum);
  const row = isMax ? largest : isSingle ? inOrderSingle : inOrderDouble;
  const r = round[n.dtype as DType];
  const count = sizeOf(n.axes, size);
  if (isGrouped && !isMax) return groupedSum(n.dtype, count, isSingle);

  const first = isMax ? -Infinity : 0;
  const state = new Float64Array(count).fill(first);
  return {
    add(cell, tile) {
      const starts = places(n.axes, tile, from);
      const { at, length, step } = runsOf(over, tile, from);
      return () => {
        const x = cell.data;
        for (let i = 0; i < count; i++) {
          let s = state[i] as number;
          for (let run = 0; run < at.length; run++)
            s = row(s, x, (starts[i] as number) + (at[run] as number), step, length);
          state[i] = s;
        }
      };
    },
    finish: (out) => () => {
      for (let i = 0; i < count; i++) out[i] = r(state[i] as number);
      state.fill(first);
    },
  };
}

/** Adds whole groups to four sums. */
function addGroups(isSingle: boolean, x: Numbers, from: number, end: number, sums: Float64Array, at: number): void {
  const f = Math.fround;
  for (let j = 0; j < 4; j++) {
    let s = sums[at + j] as number;
    for (let k = from + j; k < end; k += GROUP) {
      s += isSingle
        ? f(f((x[k] as number) + (x[k + 4] as number)) + f((x[k + 8] as number) + (x[k + 12] as number)))
        : (x[k] as number) + (x[k + 4] as number) + ((x[k + 8] as number) + (x[k + 12] as number));
    }
    sums[at + j] = s;
  }
}

/** Sums of rows that follow each other, in groups of sixteen: what does not fill a group waits for more. */
function groupedSum(dtype: DType, count: number, isSingle: boolean): Reduction {
  const sums = new Float64Array(4 * count);
  const open = valuesOf(dtype, GROUP * count);
  let waiting = 0;
  return {
    add: (from) => () => {
      const x = from.data;
      const length = x.length / count;
      for (let row = 0, k = 0; row < count; row++) {
        const end = k + length;
        let at = waiting;
        while (k < end)
          if (at === 0 && k + GROUP <= end) {
            const whole = end - ((end - k) % GROUP);
            addGroups(isSingle, x, k, whole, sums, 4 * row);
            k = whole;
          } else {
            open[row * GROUP + at] = x[k++] as number;
            at = (at + 1) % GROUP;
            if (at === 0) addGroups(isSingle, open, row * GROUP, (row + 1) * GROUP, sums, 4 * row);
          }
      }
      waiting = (waiting + length) % GROUP;
    },
    finish: (out) => () => {
      for (let row = 0; row < count; row++) {
        open.fill(0, row * GROUP + waiting, (row + 1) * GROUP);
        addGroups(isSingle, open, row * GROUP, (row + 1) * GROUP, sums, 4 * row);
        const lane = (j: number): number => sums[4 * row + j] as number;
        out[row] = round[dtype](lane(0) + lane(2) + (lane(1) + lane(3)));
      }
      sums.fill(0);
      waiting = 0;
    },
  };
}

/** `accumulate`: every sixteenth element moves the sum so far up a level, every sixteenth of those the next. */
export const accumulateStep = (n: Node, out: Values, from: Cell, kept: Cell): Step => {
  const levels = n.attribute as number;
  const r = round[n.dtype as DType];
  const sums = new Float64Array(levels);
  return () => {
    const [x, keep] = [from.data, kept.data];
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
export function pickStep(n: Node, size: SizeOf, out: Values, from: Cell, indices: Cell): Step {
  const axis = n.attribute as Axis;
  const length = size(axis);
  const operand = (n.args[0] as Node).axes;
  const starts = places(n.axes, size, operand);
  const stride = strideIn(operand, size, axis);
  return () => {
    const [x, index] = [from.data, indices.data];
    for (let i = 0; i < out.length; i++) {
      const k = index[i] as number;
      out[i] = k >= 0 && k < length ? (x[(starts[i] as number) + k * stride] as number) : Number.NaN;
    }
  };
}
