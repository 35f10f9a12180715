import { describe, expect, it } from "vitest";
import { ofNumber } from "./array-arithmetic.ts";

/** The error of y in units in the last place of the exact value, for a significand of so many bits. */
const ulps = (y: number, exact: number, digits: number, smallest: number): number =>
  Math.abs(y - exact) / Math.max(smallest, 2 ** (Math.floor(Math.log2(Math.abs(exact))) - digits));

const worst32 = (f: (x: number) => number, exact: (x: number) => number): number => {
  const value = new Float32Array(1);
  const bits = new Uint32Array(value.buffer);
  let worst = 0;
  for (let b = 0; b < 2 ** 32; b += 4099) {
    bits[0] = b;
    const x = value[0] as number;
    const e = exact(x);
    if (Number.isFinite(Math.fround(e)))
      worst = Math.max(worst, e === 0 ? Math.abs(f(x)) : ulps(f(x), e, 23, 2 ** -149));
    else if (!Object.is(f(x), Math.fround(e))) return Number.POSITIVE_INFINITY;
  }
  return worst;
};

// scripts/measure-ulp.mjs asks all numbers: these are its answers, and where it found them.
describe("float32, over the whole range and its subnormals", () => {
  it.each([
    ["exp", 1.049, -48.86635208129883],
    ["log", 0.9543, 0.7065256237983704],
    ["log1p", 1.2374, 0.647710919380188],
  ] as const)("%s is within %f ulp, the worst at %f", (name, limit, at) => {
    const f = ofNumber("float32", name);
    const exact = Math[name](at);
    expect(ulps(f(at), exact, 23, 2 ** -149)).toBeCloseTo(limit, 3);
    expect(worst32(f, Math[name])).toBeLessThanOrEqual(limit);
  });
});

/** eˣ − y in fixed point of 200 bits: exact enough to judge a float64. */
const BITS = 200n;
const fixed = (x: number): bigint => (BigInt(Math.round(x * 2 ** 45)) << BITS) >> 45n;
function expMinus(x: number, y: number): number {
  const r = fixed(x) >> 20n; // 20 halvings, then as many squarings
  let [sum, term] = [1n << BITS, 1n << BITS];
  for (let k = 1n; term !== 0n; k++) {
    term = ((term * r) >> BITS) / k;
    sum += term;
  }
  for (let k = 0; k < 20; k++) sum = (sum * sum) >> BITS;
  const exact = (BigInt(y * 2 ** 50) << BITS) >> 50n; // y ≥ 8: a multiple of 2⁻⁵⁰
  return Number(((sum - exact) << 60n) >> BITS) / 2 ** 60;
}

describe("float64", () => {
  it("exp is within 2 ulp of a fixed-point evaluation", () => {
    let worst = 0;
    for (let i = 0; i < 400; i++) {
      const x = Math.round((2.1 + 28 * Math.abs(Math.sin(i * 12.9898))) * 2 ** 45) / 2 ** 45;
      const y = ofNumber("float64", "exp")(x);
      worst = Math.max(worst, Math.abs(expMinus(x, y)) / 2 ** (Math.floor(Math.log2(y)) - 52));
    }
    expect(worst).toBeGreaterThan(0.3);
    expect(worst).toBeLessThanOrEqual(2);
  });
  it.each(["exp", "log", "log1p"] as const)("%s is within 1 ulp of the platform's, itself within 1", (name) => {
    const value = new Float64Array(1);
    const words = new Uint32Array(value.buffer);
    let worst = 0;
    for (let i = 0; i < 200_000; i++) {
      words[0] = Math.imul(i, 2654435761);
      words[1] = Math.imul(i, 40503 * 65537);
      const x = i % 2 ? (value[0] as number) : (((i * 7919) % 100003) / 100003 - 0.5) * (i % 4 ? 1400 : 4);
      const exact = Math[name](x);
      const y = ofNumber("float64", name)(x);
      if (!Number.isFinite(exact) || exact === 0) expect(y).toBe(exact);
      else worst = Math.max(worst, ulps(y, exact, 52, 2 ** -1074));
    }
    expect(worst).toBeLessThanOrEqual(1);
  });
});

describe("special values", () => {
  const table = (x: number): number[] => (["exp", "log", "log1p"] as const).map((name) => ofNumber("float32", name)(x));
  it.each([
    [0, [1, -Infinity, 0]],
    [-0, [1, -Infinity, -0]],
    [Infinity, [Infinity, Infinity, Infinity]],
    [-Infinity, [0, Number.NaN, Number.NaN]],
    [Number.NaN, [Number.NaN, Number.NaN, Number.NaN]],
    [-1, [Math.fround(0.3678794503211975), Number.NaN, -Infinity]],
    [2 ** -149, [1, Math.fround(Math.log(2 ** -149)), 2 ** -149]],
    [-100, [Math.fround(Math.exp(-100)), Number.NaN, Number.NaN]],
  ])("exp, log, log1p of %f", (x, expected) => {
    expect(table(x)).toEqual(expected);
  });
});
