/** How far two tensors are apart: absolutely, relatively, and in units in the last place of the narrower type. */
import type { DType } from "@isoloss/core";
import type { Values } from "./tensor-expression.ts";

export interface Distance {
  readonly absolute: number;
  readonly relative: number;
  readonly ulp: number;
}
export const none: Distance = { absolute: 0, relative: 0, ulp: 0 };

const mantissa: Readonly<Partial<Record<DType, number>>> = { float64: 52, float32: 23, float16: 10, bfloat16: 7 };
const lowest: Readonly<Partial<Record<DType, number>>> = {
  float64: -1022,
  float32: -126,
  float16: -14,
  bfloat16: -126,
};

/** The distance between neighbours of a type at x. */
export function ulpOf(x: number, dtype: DType): number {
  const exponent = x === 0 ? -Infinity : Math.floor(Math.log2(Math.abs(x)));
  return 2 ** (Math.max(exponent, lowest[dtype] ?? 0) - (mantissa[dtype] ?? 0));
}

/** Two numbers; equal infinities and two NaNs are no distance apart. */
export function distance(a: number, b: number, dtype: DType): Distance {
  if (Object.is(a, b) || a === b || (Number.isNaN(a) && Number.isNaN(b))) return none;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return { absolute: Infinity, relative: Infinity, ulp: Infinity };
  const absolute = Math.abs(a - b);
  const size = Math.max(Math.abs(a), Math.abs(b));
  return { absolute, relative: absolute / size, ulp: absolute / ulpOf(size, dtype) };
}

export const further = (a: Distance, b: Distance): Distance => ({
  absolute: Math.max(a.absolute, b.absolute),
  relative: Math.max(a.relative, b.relative),
  ulp: Math.max(a.ulp, b.ulp),
});

const narrower = (a: DType, b: DType): DType => ((mantissa[a] ?? 99) <= (mantissa[b] ?? 99) ? a : b);

/** The largest distances between tensors of one shape; undefined: the shapes differ. */
export function distanceOf(a: Values, b: Values): Distance | undefined {
  if (String(a.shape) !== String(b.shape)) return undefined;
  const dtype = narrower(a.dtype, b.dtype);
  return a.data.map((x, i) => distance(x, b.data[i] as number, dtype)).reduce(further, none);
}

/** Whether numbers agree as far as the arithmetic of float32 can tell: relatively, or beside 1. */
export const agrees = (a: number, b: number, tolerance = 2e-5): boolean => {
  if (Object.is(a, b) || (Number.isNaN(a) && Number.isNaN(b)) || a === b) return true;
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b), 1e-2);
};
export const agree = (a: Values, b: Values, tolerance?: number): boolean =>
  String(a.shape) === String(b.shape) && a.data.every((x, i) => agrees(x, b.data[i] as number, tolerance));
