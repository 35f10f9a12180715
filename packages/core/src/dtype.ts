/** What each dtype holds: its rounding, its storage and its kind. Nothing here knows a framework. */

export type FloatDType = "float64" | "float32" | "float16" | "bfloat16";
export type IntDType = "int64" | "int32" | "int16" | "int8" | "uint8";
export type DType = FloatDType | IntDType | "bool";

export type TypedArray =
  | Float64Array
  | Float32Array
  | Uint16Array
  | BigInt64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint8Array;

/** The array that holds a dtype: half-precision floats as their 16 bits, booleans as 0 and 1. */
export const storage = {
  float64: Float64Array,
  float32: Float32Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const satisfies Record<DType, new (n: number) => TypedArray>;

export const isDType = (name: unknown): name is DType => typeof name === "string" && Object.hasOwn(storage, name);
export const isFloat = (d: DType): d is FloatDType =>
  d === "float64" || d === "float32" || d === "float16" || d === "bfloat16";
export const isHalf = (d: DType): d is "float16" | "bfloat16" => d === "float16" || d === "bfloat16";

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

function bfloat16Bits(x: number): number {
  float[0] = x;
  const b = bits[0] as number;
  if (Number.isNaN(x)) return 0x7fc0;
  return ((b + 0x7fff + ((b >>> 16) & 1)) >>> 16) & 0xffff;
}
function bfloat16Value(b: number): number {
  bits[0] = b << 16;
  return float[0] as number;
}

/** Rounds to float32 first, as the frameworks' half-precision kernels do: they compute in float32. */
function float16(x: number): number {
  const y = Math.fround(x);
  const a = Math.abs(y);
  if (!(a > 0) || a === Infinity) return y;
  const step = 2 ** (Math.max(Math.floor(Math.log2(a)), -14) - 10);
  const q = a / step; // exact: a power of two
  const whole = Math.floor(q);
  const rest = q - whole;
  const rounded = (whole + (rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? 1 : 0)) * step;
  return (y < 0 ? -1 : 1) * (rounded > 65504 ? Infinity : rounded);
}
function float16Bits(x: number): number {
  const y = float16(x);
  if (Number.isNaN(y)) return 0x7e00;
  const sign = y < 0 || Object.is(y, -0) ? 0x8000 : 0;
  const a = Math.abs(y);
  if (a === Infinity) return sign | 0x7c00;
  if (a < 2 ** -14) return sign | (a * 2 ** 24);
  float[0] = a; // a float16 is exact in float32: take its exponent and the top of its fraction
  const b = bits[0] as number;
  return sign | ((((b >>> 23) - 112) << 10) | ((b >>> 13) & 0x3ff));
}
function float16Value(b: number): number {
  const sign = b & 0x8000 ? -1 : 1;
  const exponent = (b >>> 10) & 31;
  const fraction = b & 0x3ff;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

const wrap = (width: number, signed: boolean) => {
  const m = 2 ** width;
  return (x: number): number => {
    const t = Number.isFinite(x) ? Math.trunc(x) : 0;
    const u = ((t % m) + m) % m;
    return signed && u >= m / 2 ? u - m : u;
  };
};

/** The nearest value of the dtype (integers: truncation, then wrap-around, 0 for what is not finite; int64 is exact up to 2^53). */
export const round: Readonly<Record<DType, (x: number) => number>> = {
  float64: (x) => x,
  float32: Math.fround,
  float16,
  bfloat16: (x) => bfloat16Value(bfloat16Bits(x)),
  int64: (x) => Math.trunc(x) + 0,
  int32: wrap(32, true),
  int16: wrap(16, true),
  int8: wrap(8, true),
  uint8: wrap(8, false),
  bool: (x) => (x !== 0 ? 1 : 0),
};

const same = (x: number): number => x;
const decoders: Readonly<Partial<Record<DType, (raw: number) => number>>> = {
  float16: float16Value,
  bfloat16: bfloat16Value,
};
const encoders: Readonly<Partial<Record<DType, (x: number) => number>>> = {
  float16: float16Bits,
  bfloat16: bfloat16Bits,
};
/** From an element of the storage array to the number it stands for, and back (the number must be of the dtype already). */
export const decoder = (d: DType): ((raw: number) => number) => decoders[d] ?? same;
export const encoder = (d: DType): ((x: number) => number) => encoders[d] ?? same;

/** The numbers that a storage array stands for. */
export function toNumbers(data: TypedArray, dtype: DType): Float64Array {
  const decode = decoder(dtype);
  const out = new Float64Array(data.length);
  for (let i = 0; i < out.length; i++) out[i] = decode(Number(data[i]));
  return out;
}

/** Numbers rounded to `dtype`, in its storage array. */
export function fromNumbers(values: ArrayLike<number>, dtype: DType): TypedArray {
  const r = round[dtype];
  const n = values.length;
  if (dtype === "int64") {
    const out = new BigInt64Array(n);
    for (let i = 0; i < n; i++) {
      const x = values[i] as number;
      out[i] = Number.isFinite(x) ? BigInt(r(x)) : -(2n ** 63n);
    }
    return out;
  }
  const encode = encoder(dtype);
  const out = new storage[dtype](n);
  for (let i = 0; i < n; i++) out[i] = encode(r(values[i] as number));
  return out;
}

const rank: Readonly<Record<DType, number>> = {
  bool: 0,
  uint8: 1,
  int8: 1,
  int16: 2,
  int32: 3,
  int64: 4,
  float16: 5,
  bfloat16: 5,
  float32: 6,
  float64: 7,
};
/** The type that NumPy, PyTorch and Keras promote two of these types to. */
export const promote = (a: DType, b: DType): DType =>
  a === b ? a : rank[a] === rank[b] ? (isFloat(a) ? "float32" : "int16") : rank[a] > rank[b] ? a : b;
