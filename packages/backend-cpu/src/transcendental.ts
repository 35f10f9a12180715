/**
 * exp, log and log1p as straight-line expressions over an arithmetic: the arrays of the JavaScript engine or the lanes
 * of the compiler. Both engines run these very expressions, which is why their bits agree.
 */

import { coefficients } from "./coefficients.ts";
import type { Type } from "./number-layout.ts";

/** What the expressions are written in. Every operation rounds to the arithmetic's own type. */
export interface Arithmetic<V> {
  readonly type: Type;
  constant(x: number): V;
  add(a: V, b: V): V;
  sub(a: V, b: V): V;
  mul(a: V, b: V): V;
  div(a: V, b: V): V;
  /** b where a < b, else a: also where either is NaN. */
  atLeast(a: V, b: V): V;
  /** b where b < a, else a. */
  atMost(a: V, b: V): V;
  lt(a: V, b: V): V;
  le(a: V, b: V): V;
  eq(a: V, b: V): V;
  select(condition: V, a: V, b: V): V;
  /** The integer n nearest to x (ties to even, |x| < 2¹⁵) and 2ⁿ⁺ᵏ, which is right if it is a normal number. */
  power(x: V, k?: number): { readonly n: V; readonly scale: V };
  /** x = 2ᵏ·m with √½ ≤ m < √2 (to a few bits), for positive normal x. */
  split(x: V): { readonly k: V; readonly m: V };
  /**
   * Whether this code may take x to lie in a range. Code for a fast body says yes and has it tested in front, code for any
   * x says no. Both compute the same bits where it holds.
   */
  assume(x: V, range: Range): boolean;
}
/**
 * x ≤ 0 (or NaN; known, never tested); x where eˣ is a normal number (or NaN); a positive normal number; 0 ≤ x ≤ 1 (or NaN);
 * −1 ≤ x < 0 (or NaN).
 */
export type Range = "nonpositive" | "moderate" | "normal" | "unit" | "shrinking";
/** The bounds of those that are tested. */
export const ranges = {
  float32: {
    moderate: [-87, 88],
    unit: [0, 1],
    shrinking: [-1, -(2 ** -149)],
    normal: [2 ** -126, 2 ** 128 - 2 ** 104],
  },
  float64: {
    moderate: [-708, 709],
    unit: [0, 1],
    shrinking: [-1, -(2 ** -1074)],
    normal: [2 ** -1022, Number.MAX_VALUE],
  },
} as const;

const LN2 = {
  float32: { hi: 0.693145751953125, lo: 1.42860677e-6 }, // hi has 9 bits to spare for n
  float64: { hi: 0.6931471803691238, lo: 1.9082149292705877e-10 }, // hi has 21 (fdlibm)
} as const;
const LIMITS = {
  float32: { lowest: -104, highest: 89, tiny: 2 ** -126, up: 2 ** 23, shift: 23, exponent: 126, middle: 64 },
  float64: { lowest: -746, highest: 710, tiny: 2 ** -1022, up: 2 ** 52, shift: 52, exponent: 1022, middle: 512 },
} as const;

/** By Horner's rule: only x and the result so far are alive, so that many vectors go through it side by side. */
const polynomial = <V>(a: Arithmetic<V>, c: readonly number[], x: V): V =>
  c.slice(0, -1).reduceRight((p, low) => a.add(a.mul(p, x), a.constant(low)), a.constant(c[c.length - 1] as number));

/**
 * eˣ = 2ⁿ·eʳ, |r| ≤ ln2 ⁄ 2. Outside the normal range the scale is applied in two steps, of which the second rounds: 2ⁿ⁺ᵏ and
 * 2⁻ᵏ where n ≤ 0, two halves of n elsewhere. All ways give the same bits, for every other product with a scale is exact.
 */
export function exp<V>(a: Arithmetic<V>, x: V): V {
  const { lowest, highest, middle } = LIMITS[a.type];
  const isNonPositive = a.assume(x, "nonpositive");
  const isModerate = a.assume(x, "moderate");
  const above = isModerate ? x : a.atLeast(x, a.constant(lowest));
  const y = isModerate || isNonPositive ? above : a.atMost(above, a.constant(highest));
  const { n, scale } = a.power(a.mul(y, a.constant(Math.LOG2E)), isNonPositive && !isModerate ? middle : 0);
  const { hi, lo } = LN2[a.type];
  const r = a.sub(a.sub(y, a.mul(n, a.constant(hi))), a.mul(n, a.constant(lo)));
  const q = a.mul(polynomial(a, coefficients[a.type].exp, r), a.mul(r, r));
  const e = a.add(a.add(q, r), a.constant(1));
  const scaled = a.mul(e, scale);
  if (isModerate) return scaled;
  if (isNonPositive) return a.mul(scaled, a.constant(2 ** -middle));
  const half = a.power(a.mul(n, a.constant(0.5)));
  return a.mul(a.mul(e, half.scale), a.power(a.sub(n, half.n)).scale);
}

/** k·ln2 + log(1 + f): log(1 + f) = f − s·(f − r), s = f ⁄ (f + 2), r = s²·P(s²). */
function logarithm<V>(a: Arithmetic<V>, k: V, f: V): V {
  const { hi, lo } = LN2[a.type];
  const s = a.div(f, a.add(f, a.constant(2)));
  const z = a.mul(s, s);
  const r = a.mul(polynomial(a, coefficients[a.type].log, z), z);
  const q = a.sub(a.mul(s, a.sub(f, r)), a.mul(k, a.constant(lo)));
  return a.add(a.mul(k, a.constant(hi)), a.sub(f, q));
}

/** log x: −∞ at ±0, NaN below, ∞ and NaN their own. */
export function log<V>(a: Arithmetic<V>, x: V): V {
  const { tiny, up, shift } = LIMITS[a.type];
  const isTiny = a.assume(x, "normal") ? undefined : a.lt(x, a.constant(tiny));
  const { k, m } = a.split(isTiny === undefined ? x : a.select(isTiny, a.mul(x, a.constant(up)), x));
  const power = isTiny === undefined ? k : a.sub(k, a.select(isTiny, a.constant(shift), a.constant(0)));
  const l = logarithm(a, power, a.sub(m, a.constant(1)));
  return isTiny === undefined ? l : logEnds(a, x, l);
}
function logEnds<V>(a: Arithmetic<V>, x: V, l: V): V {
  const zero = a.constant(0);
  const below = a.select(a.eq(x, zero), a.constant(-Infinity), a.constant(Number.NaN));
  const above = a.select(a.lt(x, a.constant(Infinity)), l, x);
  return a.select(a.le(x, zero), below, above);
}

/** log(1 + x). On [0, 1] by one division; elsewhere from log(u), u = 1 + x, with what u lost added to its fraction. */
export function log1p<V>(a: Arithmetic<V>, x: V): V {
  if (a.assume(x, "unit")) return log1pUnit(a, x);
  const [zero, one] = [a.constant(0), a.constant(1)];
  const isShrinking = a.assume(x, "shrinking");
  const u = a.add(x, one);
  const { k, m } = a.split(u);
  const lost = a.sub(x, a.sub(u, one)); // 0 for x < −½; at most half an ulp of u
  const down = a.sub(zero, k);
  const normal = isShrinking ? down : a.atLeast(down, a.constant(-LIMITS[a.type].exponent)); // 2⁻ᵏ must be
  const f = a.add(a.sub(m, one), a.mul(lost, a.power(normal).scale));
  const far = logarithm(a, k, f);
  if (isShrinking) return a.select(a.eq(u, zero), a.constant(-Infinity), far);
  const elsewhere = logEnds(a, u, far);
  return a.select(a.le(zero, x), a.select(a.le(x, one), log1pUnit(a, x), elsewhere), elsewhere);
}
/** x − s·(x − r), s = x ⁄ (x + 2), r = s²·P(s²); what rounding x + 2 did to s is made good in r, nearly enough by a factor 2. */
function log1pUnit<V>(a: Arithmetic<V>, x: V): V {
  const two = a.constant(2);
  const t = a.add(x, two);
  const s = a.div(x, t);
  const z = a.mul(s, s);
  const gained = a.sub(a.sub(t, two), x);
  const r = a.mul(a.sub(polynomial(a, coefficients[a.type].log1p, z), a.add(gained, gained)), z);
  return a.sub(x, a.mul(s, a.sub(x, r)));
}
