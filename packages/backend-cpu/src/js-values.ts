/** Where the JavaScript engine keeps the values of a node, and how elements over one set of axes are found in another. */
import { type Axis, type DType, isHalf, type TypedArray } from "@isoloss/core";
import { strideIn } from "./rows.ts";

/** Values as numbers of their dtype: halves as float32, integers as float64 (exact up to 2^53). */
export type Values = Float64Array | Float32Array | Uint8Array;

/** The same, or an array of the caller's. */
export type Numbers = Exclude<TypedArray, BigInt64Array>;
/** Where steps find the values of a node. */
export interface Cell {
  data: Numbers;
}

export const valuesOf = (dtype: DType, n: number): Values =>
  new (dtype === "bool" ? Uint8Array : dtype === "float32" || isHalf(dtype) ? Float32Array : Float64Array)(n);

/** The sizes of a call, or of a tile of it. */
export type SizeOf = (axis: Axis) => number;
export const sizeOf = (axes: readonly Axis[], size: SizeOf): number => axes.reduce((n, a) => n * size(a), 1);

/** For every element over `axes`, row-major, where it lies in an array over `from`; what that lacks repeats. */
export function places(axes: readonly Axis[], size: SizeOf, from: readonly Axis[], whole = size): Int32Array {
  let at = new Int32Array(1);
  for (const a of axes) {
    const [rows, n, stride] = [at, size(a), strideIn(from, whole, a)];
    at = new Int32Array(rows.length * n);
    for (let i = 0; i < at.length; i++) at[i] = (rows[Math.floor(i / n)] as number) + (i % n) * stride;
  }
  return at;
}

/** Elements in another array: where each run of them begins, how many follow in it, and how far one is from the next. */
export interface Runs {
  readonly at: Int32Array;
  readonly length: number;
  readonly step: number;
}
/** The same in runs. */
export function runsOf(axes: readonly Axis[], size: SizeOf, from: readonly Axis[], whole = size): Runs {
  const stride = (k: number): number => strideIn(from, whole, axes[k] as Axis);
  let k = axes.length;
  const step = stride(k - 1);
  let length = 1;
  while (k > 0 && stride(k - 1) === step * length) length *= size(axes[--k] as Axis);
  return { at: places(axes.slice(0, k), size, from, whole), length, step };
}
