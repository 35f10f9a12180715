/** Where the rows of a domain lie in a tensor that has only some of its axes. */

export class RowOffsets {
  readonly #extents: readonly number[];
  readonly #strides: readonly number[];
  readonly #at: number[];
  /** `extents` of the domain's axes, and the step of each in the tensor: 0 where it lacks the axis. */
  constructor(extents: readonly number[], strides: readonly number[]) {
    this.#extents = extents;
    this.#strides = strides;
    this.#at = extents.map(() => 0);
  }
  /** Writes the offsets of `count` rows from row `first` on. */
  fill(out: Int32Array, first: number, count: number): void {
    const axes = this.#extents.length;
    const at = this.#at;
    let offset = 0;
    let rest = first;
    for (let k = axes - 1; k >= 0; k--) {
      const extent = this.#extents[k] as number;
      at[k] = rest % extent;
      rest = Math.floor(rest / extent);
      offset += (at[k] as number) * (this.#strides[k] as number);
    }
    const last = axes - 1;
    const extent = this.#extents[last] as number;
    const stride = this.#strides[last] as number;
    for (let i = 0; i < count; ) {
      // a run along the last axis, then one step along the others
      const end = Math.min(count, i + extent - (at[last] as number));
      for (; i < end; i++, offset += stride) out[i] = offset;
      at[last] = 0;
      offset -= extent * stride;
      for (let k = last - 1; k >= 0; k--) {
        const next = (at[k] as number) + 1;
        offset += this.#strides[k] as number;
        if (next < (this.#extents[k] as number)) {
          at[k] = next;
          break;
        }
        offset -= next * (this.#strides[k] as number);
        at[k] = 0;
      }
    }
  }
}

/** The strides of a row-major tensor over `axes`, for each of `wanted`: 0 where it lacks the axis. */
export function stridesOf(
  axes: readonly string[],
  sizeOf: (axis: string) => number,
  wanted: readonly string[],
): number[] {
  const strides = new Map<string, number>();
  let step = 1;
  for (const a of [...axes].reverse()) {
    strides.set(a, step);
    step *= sizeOf(a);
  }
  return wanted.map((a) => strides.get(a) ?? 0);
}
