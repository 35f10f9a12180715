/** Where the JavaScript engine keeps the values of a node, and how elements over one set of axes are found in another. */
import { type Axis, type DType, round } from "@isoloss/core";

/** Values as numbers of their dtype: halves as float32, int64 as float64 (exact up to 2^53). */
export type Values = Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint8Array;

const kept = {
  float64: Float64Array,
  float32: Float32Array,
  float16: Float32Array,
  bfloat16: Float32Array,
  int64: Float64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const satisfies Record<DType, new (n: number) => Values>;

export const valuesOf = (dtype: DType, n: number, fill = 0): Values => {
  const out = new kept[dtype](n);
  return fill === 0 && !Object.is(fill, -0) ? out : out.fill(round[dtype](fill));
};
/** Whether storing a number in the array of this dtype is its whole rounding. */
export const storesRounded = (dtype: DType): boolean => dtype === "float64" || dtype === "float32";

/** Fills the array that it was made for from the values of its operands. */
export type Step = (x: Values, y: Values, z: Values) => void;
/** An array for values over some axes of a layout. */
export type Allocate = (dtype: DType, axes: readonly Axis[]) => Values;

/** The sizes of a call, or of a tile of it. */
export interface Layout {
  size(axes: readonly Axis[]): number;
  /** For every element over `axes`, row-major, where it lies in an array over `from`; what `from` lacks repeats. */
  places(axes: readonly Axis[], from: readonly Axis[]): Int32Array;
}

export function layoutOf(sizes: ReadonlyMap<Axis, number>): Layout {
  const known = new Map<string, Int32Array>();
  const size = (axes: readonly Axis[]): number => axes.reduce((n, a) => n * (sizes.get(a) as number), 1);
  const places = (axes: readonly Axis[], from: readonly Axis[]): Int32Array => {
    const key = `${axes}|${from}`;
    const old = known.get(key);
    if (old) return old;
    const out = new Int32Array(size(axes));
    if (out.length > 0) {
      let block = 1; // elements laid out so far, for the axes to the right
      for (let k = axes.length - 1; k >= 0; k--) {
        const axis = axes[k] as Axis;
        const position = from.indexOf(axis);
        const stride = position < 0 ? 0 : size(from.slice(position + 1));
        const extent = sizes.get(axis) as number;
        for (let i = 1; i < extent; i++)
          for (let j = 0; j < block; j++) out[i * block + j] = (out[j] as number) + i * stride;
        block *= extent;
      }
    }
    known.set(key, out);
    return out;
  };
  return { size, places };
}
