/** When a backend's output is the reference's. */
import { type DType, decoder, type FloatDType, isFloat, type TypedArray } from "@isoloss/core";

/** |backend − reference| ≤ relative·|reference| + absolute·(the largest finite element of the output). */
export interface Bound {
  readonly relative: number;
  readonly absolute: number;
}
/** How near a backend comes to the reference. */
export interface Tolerance extends Readonly<Partial<Record<FloatDType, Bound>>> {
  /** Programs without exp, log and log1p agree to the bit, all NaNs counting as equal. */
  readonly exact?: boolean;
}

const zero: Bound = { relative: 0, absolute: 0 };
/** The bound for a dtype: none for integers and booleans, nor where the program has to agree to the bit. */
export const boundOf = (tolerance: Tolerance, dtype: DType, bits: boolean): Bound =>
  bits || !isFloat(dtype) ? zero : (tolerance[dtype] ?? zero);

export const numbersOf = (data: TypedArray, dtype: DType): Float64Array => {
  const decode = decoder(dtype);
  return Float64Array.from({ length: data.length }, (_, i) => decode(Number(data[i])));
};
const finite = (x: Float64Array): number => x.reduce((m, v) => (Number.isFinite(v) ? Math.max(m, Math.abs(v)) : m), 0);

const near = (a: number, b: number, most: number): boolean => Number.isFinite(b) && Math.abs(a - b) <= most;

/** Says what differs; undefined: nothing. An element of `skip` is not compared. Bits: −0 is not 0. */
export function difference(
  got: Float64Array,
  wanted: Float64Array,
  bound: Bound,
  skip: (i: number) => boolean = () => false,
): string | undefined {
  if (got.length !== wanted.length) return `${got.length} elements, not ${wanted.length}`;
  const bits = bound.relative === 0 && bound.absolute === 0;
  const slack = bound.absolute === 0 ? 0 : bound.absolute * finite(wanted);
  for (let i = 0; i < wanted.length; i++) {
    const a = got[i] as number;
    const b = wanted[i] as number;
    if (Object.is(a, b) || skip(i)) continue;
    if (!bits && (a === b || near(a, b, bound.relative * Math.abs(b) + slack))) continue;
    return `element ${i}: ${Object.is(a, -0) ? "−0" : a}, not ${Object.is(b, -0) ? "−0" : b}`;
  }
  return undefined;
}
