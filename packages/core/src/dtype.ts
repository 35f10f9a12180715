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
// Comparisons, and no search in the name: calls ask this for every tensor.
export const isFloat = (d: DType): d is FloatDType => d === "float32" || d === "float64" || isHalf(d);
export const isHalf = (d: DType): d is "float16" | "bfloat16" => d === "float16" || d === "bfloat16";

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);
/** The bits of a number rounded to float32. */
function float32Bits(x: number): number {
  float[0] = x;
  return bits[0] as number;
}

function bfloat16Bits(x: number): number {
  const b = float32Bits(x);
  return Number.isNaN(x) ? 0x7fc0 : (b + 0x7fff + ((b >>> 16) & 1)) >>> 16;
}
function bfloat16Value(b: number): number {
  bits[0] = b << 16;
  return float[0] as number;
}

/** Rounds to float32 first, as the frameworks' half-precision kernels do: they compute in float32. */
function float16Bits(x: number): number {
  const b = float32Bits(x);
  const sign = (b >>> 16) & 0x8000;
  const a = b & 0x7fffffff;
  if (a > 0x7f800000) return 0x7e00;
  // Below 2^-14 steps are 2^-24: those of float32 beside ½. Above, 13 bits of the fraction go, and the exponent's bias is 15.
  if (a < 0x38800000) return sign | (float32Bits(Math.abs(Math.fround(x)) + 0.5) - 0x3f000000);
  return sign | Math.min((a - 0x38000000 + 0xfff + ((a >>> 13) & 1)) >>> 13, 0x7c00);
}
function float16Value(b: number): number {
  // A float32 whose exponent is too small by 112, that of NaN and of the infinities excepted.
  bits[0] = ((b & 0x8000) << 16) | ((b & 0x7fff) << 13) | ((b & 0x7c00) === 0x7c00 ? 0x7f800000 : 0);
  return (float[0] as number) * 2 ** 112;
}

/** Wide integers: products of two wrap around; what is larger than any such, or not finite, is the smallest, as x86 converts it. */
const int32 = (x: number): number => (Math.abs(x) <= 2 ** 62 ? x | 0 : -(2 ** 31));
function int64(x: number): number {
  const t = Math.trunc(x);
  return Math.abs(t) <= 2 ** 126 ? t - Math.round(t / 2 ** 64) * 2 ** 64 : -(2 ** 63);
}

/** The nearest value of the dtype (integers: truncation, then wrap-around; what is not finite is 0, or the smallest int32 or int64; exact up to 2^53). */
export const round: Readonly<Record<DType, (x: number) => number>> = {
  float64: (x) => x,
  float32: Math.fround,
  float16: (x) => float16Value(float16Bits(x)),
  bfloat16: (x) => bfloat16Value(bfloat16Bits(x)),
  int64,
  int32,
  int16: (x) => (x << 16) >> 16,
  int8: (x) => (x << 24) >> 24,
  uint8: (x) => x & 255,
  bool: (x) => (x !== 0 ? 1 : 0),
};

/** From an element of the storage array to the number it stands for. */
export const decoder = (d: DType): ((raw: number) => number) =>
  d === "float16" ? float16Value : d === "bfloat16" ? bfloat16Value : round.float64;
/** Rounds a number to what an element of the storage array holds; an int64 is still to become a bigint. */
export const encoder = (d: DType): ((x: number) => number) =>
  d === "float16" ? float16Bits : d === "bfloat16" ? bfloat16Bits : round[d];

/** Whether an array holds numbers already: the runtime converts such much faster than a loop. */
const isOfNumbers = (values: object): values is Float64Array =>
  ArrayBuffer.isView(values) && !(values instanceof BigInt64Array);
/** The numbers that a storage array stands for. */
export function toNumbers(data: TypedArray, dtype: DType): Float64Array {
  if (!isHalf(dtype) && isOfNumbers(data)) return new Float64Array(data);
  const decode = decoder(dtype);
  const out = new Float64Array(data.length);
  for (let i = 0; i < out.length; i++) out[i] = decode(Number(data[i]));
  return out;
}

/** Class indices mostly: a loop that no other array goes through is four times as fast. */
function integers(values: ArrayLike<unknown>): BigInt64Array {
  const out = new BigInt64Array(values.length);
  for (let i = 0; i < out.length; i++) {
    const v = values[i];
    out[i] = typeof v === "bigint" ? v : BigInt(int64(Number(v)));
  }
  return out;
}
/** Numbers rounded to `dtype`, in its storage array; bigints as they are in an int64. */
export function fromNumbers(values: ArrayLike<unknown>, dtype: DType): TypedArray {
  if ((dtype === "float32" || dtype === "float64") && isOfNumbers(values)) return new storage[dtype](values);
  if (dtype === "int64") return integers(values);
  const encode = encoder(dtype);
  const out = new storage[dtype](values.length);
  for (let i = 0; i < out.length; i++) out[i] = encode(Number(values[i]));
  return out;
}

/** Of two types the one of higher rank is the wider: floats above integers, booleans below. */
const rank = (d: DType): number => (d === "bool" ? 0 : storage[d].BYTES_PER_ELEMENT + (isFloat(d) ? 8 : 0));
/** The type that NumPy, PyTorch and Keras promote two of these types to. */
export const promote = (a: DType, b: DType): DType =>
  a === b ? a : rank(a) === rank(b) ? (isFloat(a) ? "float32" : "int16") : rank(a) > rank(b) ? a : b;
