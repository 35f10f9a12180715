/** The arithmetic of the JavaScript engine: one number at a time, each operation rounded to its type. */
import { type Arithmetic, exp, log, log1p } from "./transcendental.ts";

const double = new Float64Array(1);
const words = new Int32Array(double.buffer); // little-endian, as every platform with WebAssembly is
const single = new Float32Array(1);
const bits = new Int32Array(single.buffer);
const { fround } = Math;
const bit = (b: boolean): number => (b ? 1 : 0);

const shared = {
  // biome-ignore lint/complexity/useMathMinMax: a where either is NaN, as the lanes' pmax and pmin
  atLeast: (a: number, b: number) => (a < b ? b : a),
  // biome-ignore lint/complexity/useMathMinMax: as above
  atMost: (a: number, b: number) => (b < a ? b : a),
  lt: (a: number, b: number) => bit(a < b),
  le: (a: number, b: number) => bit(a <= b),
  eq: (a: number, b: number) => bit(a === b),
  select: (c: number, a: number, b: number) => (c !== 0 ? a : b),
  assume: () => false,
};

const MAGIC32 = 12582912 + 127; // 1.5·2²³: adding it leaves the integer in the low bits, the exponent's bias included
const SQRT_HALF32 = 0x3f3504f3;
const float32: Arithmetic<number> = {
  type: "float32",
  constant: fround,
  add: (a, b) => fround(a + b),
  sub: (a, b) => fround(a - b),
  mul: (a, b) => fround(a * b),
  div: (a, b) => fround(a / b),
  ...shared,
  power(x, k = 0) {
    const magic = MAGIC32 + k;
    single[0] = x + magic;
    const n = (single[0] as number) - magic;
    bits[0] = (bits[0] as number) << 23;
    return { n, scale: single[0] as number };
  },
  split(x) {
    single[0] = x;
    const i = (bits[0] as number) - SQRT_HALF32;
    bits[0] = (i & 0x7fffff) + SQRT_HALF32;
    return { k: i >> 23, m: single[0] as number };
  },
};

const MAGIC64 = 6755399441055744 + 1023; // 1.5·2⁵²
const SQRT_HALF64 = 0x3fe6a09e;
const float64: Arithmetic<number> = {
  type: "float64",
  constant: (x) => x,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  ...shared,
  power(x, k = 0) {
    const magic = MAGIC64 + k;
    double[0] = x + magic;
    const n = (double[0] as number) - magic;
    words[1] = (words[0] as number) << 20;
    words[0] = 0;
    return { n, scale: double[0] as number };
  },
  split(x) {
    double[0] = x;
    const i = (words[1] as number) - SQRT_HALF64;
    words[1] = (i & 0xfffff) + SQRT_HALF64;
    return { k: i >> 20, m: double[0] as number };
  },
};

type Scalar = (x: number) => number;
/** exp, log and log1p of one number, to float32 (the argument is one) or float64. */
export const scalar = {
  float32: { exp: (x) => exp(float32, x), log: (x) => log(float32, x), log1p: (x) => log1p(float32, x) },
  float64: { exp: (x) => exp(float64, x), log: (x) => log(float64, x), log1p: (x) => log1p(float64, x) },
} as const satisfies Record<"float32" | "float64", Record<"exp" | "log" | "log1p", Scalar>>;
