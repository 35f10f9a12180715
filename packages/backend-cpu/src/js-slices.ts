/** Where a tile of an array lies in the whole array: runs of elements that follow each other. */
import type { Axis, DType, TypedArray } from "@isoloss/core";
import { decode, isEncoded } from "./js-feeds.ts";
import type { Values } from "./js-values.ts";

export interface Slice {
  /** Elements of one run, and the place of each run relative to the tile's start. */
  readonly run: number;
  readonly at: readonly number[];
  /** What one step along each tiled axis adds to the start. */
  readonly strides: readonly number[];
}

export function sliceOf(
  axes: readonly Axis[],
  tiled: readonly Axis[],
  sizeOf: (axis: Axis) => number,
  tileOf: (axis: Axis) => number,
): Slice {
  const stride = (a: Axis): number => axes.slice(axes.indexOf(a) + 1).reduce((n, b) => n * sizeOf(b), 1);
  const last = axes.reduce((k, a, i) => (tiled.includes(a) ? i : k), -1);
  const within = axes[last] as Axis;
  let at = [0];
  for (const a of axes.slice(0, last)) {
    const step = stride(a);
    at = at.flatMap((from) => Array.from({ length: tileOf(a) }, (_, i) => from + i * step));
  }
  return {
    run: tileOf(within) * stride(within),
    at,
    strides: tiled.map((a) => (axes.includes(a) ? stride(a) : 0)),
  };
}

export function startOf(slice: Slice, indices: readonly number[]): number {
  let start = 0;
  for (let i = 0; i < indices.length; i++) start += (indices[i] as number) * (slice.strides[i] as number);
  return start;
}

/** A tile of an input (all of it without a slice): a view where it is one run of values kept as they are, else `into`. */
export function readSlice(
  data: TypedArray,
  dtype: DType,
  slice: Slice | undefined,
  start: number,
  into: Values,
): Values {
  const { at, run } = slice ?? { at: [0], run: data.length };
  const isKept = !isEncoded(dtype);
  if (isKept && at.length === 1) return (slice ? data.subarray(start, start + run) : data) as Values;
  for (let k = 0; k < at.length; k++) {
    const from = start + (at[k] as number);
    const part = data.subarray(from, from + run);
    const to = into.subarray(k * run, (k + 1) * run) as Float64Array;
    if (isKept) to.set(part as Float64Array);
    else decode(part, dtype, to);
  }
  return into;
}

export function writeSlice(tile: TypedArray, slice: Slice, start: number, data: TypedArray): void {
  const { at, run } = slice;
  const out = data as Float64Array;
  const from = tile as Float64Array;
  for (let k = 0; k < at.length; k++) {
    const part = at.length === 1 ? from : from.subarray(k * run, (k + 1) * run);
    out.set(part, start + (at[k] as number));
  }
}
