/**
 * Derives the coefficients of exp, log and log1p and writes src/coefficients.ts: `node scripts/derive-coefficients.mjs`.
 * Each polynomial interpolates its function at Chebyshev points, in fixed-point arithmetic of 320 bits, and is rounded once.
 */
import { writeFileSync } from "node:fs";

const BITS = 320n;
const ONE = 1n << BITS;
const times = (a, b) => (a * b) >> BITS;
const over = (a, b) => (a << BITS) / b;
const fixed = (x) => {
  let [scaled, shift] = [x, 0n];
  while (!Number.isInteger(scaled)) [scaled, shift] = [scaled * 2, shift + 1n];
  return (BigInt(scaled) << BITS) >> shift;
};
/** The nearest float64. */
const number = (a) => {
  const digits = a < 0n ? -a : a;
  const drop = digits.toString(2).length - 53;
  const q = drop > 0 ? (digits + (1n << BigInt(drop - 1))) >> BigInt(drop) : digits;
  return (a < 0n ? -1 : 1) * Number(q) * 2 ** (Math.max(drop, 0) - Number(BITS));
};

/** Σ term(k)·xᵏ until the terms vanish; term(k) as a fraction [numerator, denominator]. */
function series(x, term) {
  let [sum, power] = [0n, ONE];
  for (let k = 0; power !== 0n && k < 2000; k++) {
    const [p, q] = term(k);
    sum += (power * BigInt(p)) / BigInt(q);
    power = times(power, x);
  }
  return sum;
}
const factorial = (n) => (n < 2 ? 1n : BigInt(n) * factorial(n - 1));
/** (eʳ − 1 − r) ⁄ r² */
const expTail = (r) => series(r, (k) => [1, factorial(k + 2)]);
/** P(z) of log((1 + s) ⁄ (1 − s)) = 2s + s·z·P(z), z = s² */
const logTail = (z) => series(z, (k) => [2, 2 * k + 3]);

/** Chebyshev points of [lo, hi]. */
const points = (lo, hi, n) =>
  Array.from({ length: n }, (_, i) => (lo + hi) / 2 + ((hi - lo) / 2) * Math.cos((Math.PI * (2 * i + 1)) / (2 * n)));
/** Points on [0, hi] for what is multiplied by z afterwards: Chebyshev points of an interval whose lowest point is 0, without that one. */
function weighted(hi, n) {
  const t = (1 - Math.cos(Math.PI / (2 * (n + 1)))) / 2;
  return points((-hi * t) / (1 - t), hi, n + 1).slice(0, n);
}

/** Coefficients, lowest first, of the polynomial through f at some points. */
function interpolate(f, at) {
  const n = at.length;
  const x = at.map(fixed);
  const d = x.map(f);
  for (let k = 1; k < n; k++) for (let i = n - 1; i >= k; i--) d[i] = over(d[i] - d[i - 1], x[i] - x[i - k]);
  let c = [d[n - 1]];
  for (let k = n - 2; k >= 0; k--) {
    const shifted = [0n, ...c];
    c.forEach((v, i) => {
      shifted[i] -= times(v, x[k]);
    });
    shifted[0] += d[k];
    c = shifted;
  }
  return c.map(number);
}

const half = Math.LN2 / 2 + 1e-4;
const reduced = (3 - 2 * Math.SQRT2) ** 2 + 1e-6; // s² where √½ ≤ (1+s)⁄(1−s) ≤ √2
const unit = 1 / 9 + 1e-6; // s² where −½ ≤ x ≤ 1, s = x ⁄ (x + 2)
const sets = {
  float32: {
    exp: interpolate(expTail, points(-half, half, 5)),
    log: interpolate(logTail, weighted(reduced, 3)),
    log1p: interpolate(logTail, weighted(unit, 4)),
  },
  float64: {
    exp: interpolate(expTail, points(-half, half, 10)),
    log: interpolate(logTail, weighted(reduced, 7)),
    log1p: interpolate(logTail, weighted(unit, 10)),
  },
};
/** The shortest decimals that are this very number in float32. */
const single = (v) =>
  Array.from({ length: 9 }, (_, k) => Number(v.toPrecision(k + 1))).find((x) => Math.fround(x) === Math.fround(v));
const list = (c, dtype) => c.map((v) => String(dtype === "float32" ? single(Math.fround(v)) : v)).join(", ");
const row = (dtype) => `  ${dtype}: {
    exp: [${list(sets[dtype].exp, dtype)}],
    log: [${list(sets[dtype].log, dtype)}],
    log1p: [${list(sets[dtype].log1p, dtype)}],
  },`;
writeFileSync(
  new URL("../src/coefficients.ts", import.meta.url),
  `/** Written by scripts/derive-coefficients.mjs: polynomials of exp, log and log1p, lowest coefficient first, in the fewest digits of their type. */
export const coefficients = {
${row("float32")}
${row("float64")}
} as const;
`,
);
