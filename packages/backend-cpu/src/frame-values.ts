/** What a call writes to the frame of a sweep in front of it and takes from it afterwards: uniform values and totals. */
import { isFloat } from "@isoloss/core";
import { type FrameLayout, TOTAL_BYTES, WAITING } from "./frame.ts";
import { shapes } from "./lanes.ts";
import { wordsOf } from "./lower.ts";
import type { Memory } from "./memory.ts";
import type { Type } from "./number-layout.ts";
import type { Value } from "./value.ts";

/** Uniform values into the frame, totals to nothing. `scalars` is indexed by the values' ids. */
export function beginSweep(
  { i32, f32, f64 }: Memory,
  frame: number,
  layout: FrameLayout,
  type: Type,
  scalars: Float64Array,
): void {
  for (const v of layout.uniforms) {
    const at = frame + layout.uniform(v);
    const x = scalars[v.id] as number;
    if (!isFloat(v.dtype)) {
      const [low, high] = wordsOf(v, x, type);
      i32[at >> 2] = low;
      i32[(at >> 2) + 1] = high;
    } else if (type === "float32") f32[at >> 2] = x;
    else f64[at >> 3] = x;
  }
  for (const b of layout.totals) {
    const at = frame + layout.total(b);
    if ((b.of as Value).op === "total-max") {
      if (type === "float32") f32.fill(-Infinity, at >> 2, (at >> 2) + 8);
      else f64.fill(-Infinity, at >> 3, (at >> 3) + 4);
    } else f64.fill(0, at >> 3, (at + TOTAL_BYTES) >> 3);
    i32[(at + WAITING) >> 2] = 0;
  }
}

/** What waits joins its total: the last group, filled with nothing. */
export function finishSweep(
  { i32, f32, f64 }: Memory,
  frame: number,
  layout: FrameLayout,
  type: Type,
  scalars: Float64Array,
): void {
  const array = type === "float64" ? f64 : f32;
  for (const b of layout.totals) {
    const state = frame + layout.total(b);
    const waiting = i32[(state + WAITING) >> 2] as number;
    const rows = (i32[(frame + layout.buffer(b)) >> 2] as number) / shapes[type].bytes;
    const of = b.of as Value;
    if (of.op === "total-max") {
      let m = -Infinity;
      const first = state / shapes[type].bytes;
      for (let k = 0; k < shapes[type].lanes; k++) m = Math.max(m, array[first + k] as number);
      for (let k = 0; k < waiting; k++) m = Math.max(m, array[rows + k] as number);
      scalars[of.id] = m;
      continue;
    }
    const sum = state >> 3;
    if (waiting > 0) addLast(f64, sum, array, rows, waiting, type === "float32");
    const total =
      (f64[sum] as number) + (f64[sum + 2] as number) + ((f64[sum + 1] as number) + (f64[sum + 3] as number));
    scalars[of.id] = type === "float32" ? Math.fround(total) : total;
  }
}

/** Adds the last group, which is not full, to the four sums at `sum`. */
function addLast(
  f64: Float64Array,
  sum: number,
  array: Float32Array | Float64Array,
  first: number,
  count: number,
  isSingle: boolean,
): void {
  const r = isSingle ? Math.fround : (x: number): number => x;
  const x = (k: number): number => (k < count ? (array[first + k] as number) : 0);
  for (let k = 0; k < 4; k++) (f64[sum + k] as number) += r(r(x(k) + x(k + 4)) + r(x(k + 8) + x(k + 12)));
}
