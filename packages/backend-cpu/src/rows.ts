/** Where the rows of a domain lie in a tensor that has only some of its axes. */
import type { Axis } from "@isoloss/core";

/** Writes the offsets of `count` rows from row `first` on. `strides`: the step of each axis in the tensor, 0 where it lacks it. */
export function rowOffsets(
  out: Int32Array,
  extents: readonly number[],
  strides: readonly number[],
  first: number,
  count: number,
): void {
  const last = extents.length - 1;
  const [extent, stride] = [extents[last] as number, strides[last] as number];
  let outer = Math.floor(first / extent);
  let at = first % extent;
  for (let i = 0; i < count; at = 0, outer++) {
    // a run along the last axis, then one step along the others
    let offset = at * stride;
    for (let k = last - 1, rest = outer; k >= 0; k--) {
      offset += (rest % (extents[k] as number)) * (strides[k] as number);
      rest = Math.floor(rest / (extents[k] as number));
    }
    for (const end = Math.min(count, i + extent - at); i < end; i++, offset += stride) out[i] = offset;
  }
}

/** The stride of an axis in a row-major tensor over `axes`: 0 where it lacks the axis. */
export const strideIn = (axes: readonly Axis[], size: (axis: Axis) => number, axis: Axis): number =>
  axes.includes(axis) ? axes.slice(axes.indexOf(axis) + 1).reduce((n, a) => n * size(a), 1) : 0;
