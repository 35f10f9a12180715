/** Range checks over whole tensors, near the speed of memory: class indices, and floats by their bits. */

/** Negative where x is outside [0, most]. Both are without branches, which data without a pattern would mispredict. */
const outside = (x: number, most: number): number => x | (most - x);
/** Negative where x is not y. */
const differs = (x: number, y: number): number => (x - y) | (y - x);

/** Elements that are looked at in one call: the compiler replaces a function between its calls, better than inside a loop. */
const BLOCK = 4096;

/**
 * Where the first integer outside [0, most] lies that is not `except`; −1: nowhere. Bits of floats that are not negative
 * have their floats' order, so that floats are checked so too.
 */
export function firstOutside(data: Int32Array, most: number, except?: number): number {
  const always = except === undefined ? -1 : 0;
  const other = except ?? 0;
  for (let start = 0; start < data.length; start += BLOCK) {
    const end = Math.min(data.length, start + BLOCK);
    if (outsideOr(data, start, end, most) >= 0) continue;
    for (let i = start; i < end; i++) {
      const x = data[i] as number;
      if ((outside(x, most) & (always | differs(x, other))) < 0) return i;
    }
  }
  return -1;
}
/** Negative where any of a block is outside. */
function outsideOr(data: Int32Array, start: number, end: number, most: number): number {
  let any = 0;
  let i = start;
  for (; i < end - 3; i += 4) {
    const a = data[i] as number;
    const b = data[i + 1] as number;
    const c = data[i + 2] as number;
    const d = data[i + 3] as number;
    any |= outside(a, most) | outside(b, most) | outside(c, most) | outside(d, most);
  }
  for (; i < end; i++) any |= outside(data[i] as number, most);
  return any;
}
