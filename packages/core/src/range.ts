/** Range checks over whole tensors, near the speed of memory: class indices, and floats by their bits. */

/** Negative where x is outside [0, most]. Both are without branches, which data without a pattern would mispredict. */
const outside = (x: number, most: number): number => x | (most - x);
/** Negative where x is not y. */
const differs = (x: number, y: number): number => (x - y) | (y - x);

/**
 * Where the first integer outside [0, most] lies that is not `except`; −1: nowhere. Bits of floats that are not negative
 * have their floats' order, so that floats are checked so too.
 */
export function firstOutside(data: Int32Array, most: number, except?: number): number {
  const always = except === undefined ? -1 : 0;
  const other = except ?? 0;
  const isWrong = (x: number): number => outside(x, most) & (always | differs(x, other));
  const whole = data.length - (data.length % 4);
  let i = 0;
  for (; i < whole; i += 4) {
    const a = data[i] as number;
    const b = data[i + 1] as number;
    const c = data[i + 2] as number;
    const d = data[i + 3] as number;
    const anyOutside = outside(a, most) | outside(b, most) | outside(c, most) | outside(d, most);
    if (anyOutside < 0 && (isWrong(a) | isWrong(b) | isWrong(c) | isWrong(d)) < 0) break;
  }
  for (; i < data.length; i++) if (isWrong(data[i] as number) < 0) return i;
  return -1;
}
