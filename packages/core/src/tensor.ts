/** Tensors of a call: what JavaScript calls a tensor (ours, ORT's, tfjs', arrays, numbers), read into one form without copies where possible. */
import { showShape, volumeOf } from "./align.ts";
import type { BackendBuffer, Elsewhere, Feed } from "./backend.ts";
import { type DType, fromNumbers, isDType, isFloat, storage, type TypedArray } from "./dtype.ts";
import { LossError, UnsupportedError } from "./errors.ts";

export interface TensorType {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** A bare number of the host language, whose type yields to its neighbour's where the framework says so. */
  readonly weak?: boolean;
}
/** `data` in the storage of the dtype, row-major; int64 also as Int32Array where that holds it. */
export interface Tensor extends TensorType {
  readonly data: Feed;
}

export type NestedArray = readonly (number | bigint | boolean | NestedArray)[];
/** An object with data and shape, in the words of any library: `{ data, shape, dtype }`, ORT's `{ data, dims, type }`. */
export interface TensorObject {
  readonly data: ArrayLike<number> | ArrayLike<bigint> | ArrayLike<boolean> | BackendBuffer;
  readonly shape?: readonly number[];
  readonly dims?: readonly number[];
  readonly dtype?: string;
  readonly type?: string;
}
/** ONNX Runtime's tensors, whose type does not say what they hold; a call refuses what is no number. */
export interface NamedTypeTensor {
  readonly data: ArrayLike<unknown>;
  readonly dims: readonly number[];
  readonly type: string;
  /** Where its data is: "cpu", "gpu-buffer". */
  readonly location?: string;
}
/** tfjs' tensors. */
export interface SyncTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  dataSync(): ArrayLike<number>;
}
export type TensorLike =
  | number
  | boolean
  | NestedArray
  | TypedArray
  | BackendBuffer
  | TensorObject
  | NamedTypeTensor
  | SyncTensor;

/** What data without a dtype is taken for. `labels`: an integer array is class indices; numbers must be whole. */
export interface Reading {
  readonly labels?: boolean;
  /** The dtype of plain numbers; float32 unless said otherwise. */
  readonly numbers?: DType;
  /** The dtype of class indices; int64 unless said otherwise. */
  readonly indices?: DType;
}

const byConstructor: Readonly<Record<string, DType>> = {
  Float64Array: "float64",
  Float32Array: "float32",
  Float16Array: "float16",
  BigInt64Array: "int64",
  Int32Array: "int32",
  Int16Array: "int16",
  Int8Array: "int8",
  Uint8Array: "uint8",
  Uint8ClampedArray: "uint8",
};
const tagOf = (data: ArrayBufferView): string =>
  (data as { readonly [Symbol.toStringTag]?: string })[Symbol.toStringTag] ?? "";
const kindOf = (data: object): DType | undefined => (ArrayBuffer.isView(data) ? byConstructor[tagOf(data)] : undefined);

const isBuffer = (x: unknown): x is BackendBuffer =>
  typeof x === "object" && x !== null && typeof (x as { backend?: unknown }).backend === "string";

/** The numbers of a plain array as a typed array of `dtype`. */
function typed(values: ArrayLike<unknown>, dtype: DType): TypedArray {
  if (dtype === "int64") {
    const out = new BigInt64Array(values.length);
    for (let i = 0; i < out.length; i++) {
      const v = values[i];
      const x = Number(v);
      out[i] = typeof v === "bigint" ? v : Number.isFinite(x) ? BigInt(Math.trunc(x)) : -(2n ** 63n);
    }
    return out;
  }
  return fromNumbers(Float64Array.from(values as ArrayLike<number>, Number), dtype);
}

/** Reads data of a known dtype, in whatever array it comes. */
function dataOf(data: ArrayLike<unknown>, dtype: DType): TypedArray {
  const kind = kindOf(data);
  if (ArrayBuffer.isView(data) && kind === "float16" && dtype === "float16")
    return new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2); // the same bits
  if (data instanceof storage[dtype]) return data as TypedArray;
  if (dtype === "int64" && data instanceof Int32Array) return data;
  if (dtype === "int64" && kind !== undefined && !isFloat(kind)) return Int32Array.from(data as Uint8Array);
  return typed(data, dtype);
}

function nestedShape(value: unknown, name: string): number[] {
  const shape: number[] = [];
  for (let level = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  const check = (v: unknown, depth: number): void => {
    if (Array.isArray(v) !== depth < shape.length || (Array.isArray(v) && v.length !== shape[depth]))
      throw new LossError("shape", `${name}: a nested array must have rows of equal length`);
    if (Array.isArray(v)) for (const item of v) check(item, depth + 1);
  };
  check(value, 0);
  return shape;
}

const wholeNumbers = (values: ArrayLike<unknown>, name: string): void => {
  for (let i = 0; i < values.length; i++)
    if (typeof values[i] !== "bigint" && !Number.isInteger(Number(values[i])))
      throw new LossError(
        "dtype",
        `${name}: class indices must be whole numbers, element ${i} is ${String(values[i])}`,
      );
};

/** The dtype of data that comes without one. */
function inferred(data: ArrayLike<unknown>, name: string, reading: Reading): DType {
  const kind = kindOf(data);
  if (kind !== undefined) return reading.labels && !isFloat(kind) ? (reading.indices ?? "int64") : kind;
  if (ArrayBuffer.isView(data)) throw new LossError("dtype", `${name}: ${tagOf(data)} needs a dtype beside it`);
  if (reading.labels) {
    wholeNumbers(data, name);
    return reading.indices ?? "int64";
  }
  if (data.length > 0 && typeof data[0] === "boolean") return "bool";
  if (data.length > 0 && typeof data[0] === "bigint") return "int64";
  return reading.numbers ?? "float32";
}

/** Whether a tensor of another library holds integers: it is class indices of any width, for not every library has them all. */
const isIndices = ({ dtype, type }: TensorObject): boolean =>
  dtype === undefined && isDType(type) && type !== "bool" && !isFloat(type);

/** Where a tensor's data is that JavaScript cannot read: asking for it there throws. */
export function locationOf(value: object): string | undefined {
  const { location } = value as { readonly location?: unknown };
  return typeof location === "string" && !location.startsWith("cpu") && !("backend" in value) ? location : undefined;
}
/** A tensor whose data JavaScript cannot read. */
function elsewhere(tensor: NamedTypeTensor, location: string, name: string, reading: Reading): Tensor {
  const { dims, type: dtype } = tensor;
  if (!isDType(dtype)) throw new LossError("dtype", `${name}: unsupported dtype ${JSON.stringify(dtype)}`);
  const no = (): never => {
    throw new UnsupportedError(`${name}: its data is in a ${location}: let the backend that runs there adopt it`);
  };
  const length = volumeOf(dims);
  const data: Elsewhere = {
    backend: location,
    dtype,
    length,
    data: undefined,
    tensor,
    read: no,
    write: no,
    dispose() {},
  };
  return { ...resident(data, reading), shape: dims };
}

function fromObject(value: TensorObject, name: string, reading: Reading): Tensor {
  const { data } = value;
  const declared = reading.labels && isIndices(value) ? (reading.indices ?? "int64") : (value.dtype ?? value.type);
  if (declared !== undefined && !isDType(declared))
    throw new LossError("dtype", `${name}: unsupported dtype ${JSON.stringify(declared)}`);
  if (isBuffer(data)) {
    const shape = value.shape ?? value.dims ?? [data.length];
    expectLength(name, shape, data.length);
    return { ...resident(data, reading), shape };
  }
  if (typeof data !== "object" || data === null || typeof data.length !== "number")
    throw new LossError("dtype", `${name}: data must be an array`);
  const shape = value.shape ?? value.dims ?? [data.length];
  expectLength(name, shape, data.length);
  const dtype = declared ?? inferred(data, name, reading);
  return { dtype, shape, data: dataOf(data, dtype) };
}

/** Data that a backend holds. Integers for class indices are class indices, as in a typed array. */
const resident = (data: BackendBuffer, reading: Reading): { dtype: DType; data: BackendBuffer } => ({
  dtype: reading.labels && !isFloat(data.dtype) ? (reading.indices ?? "int64") : data.dtype,
  data,
});

function expectLength(name: string, shape: readonly number[], length: number): void {
  if (!shape.every((n) => Number.isInteger(n) && n >= 0))
    throw new LossError("shape", `${name}: ${showShape(shape)} is no shape`);
  if (volumeOf(shape) !== length)
    throw new LossError(
      "shape",
      `${name}: shape ${showShape(shape)} holds ${volumeOf(shape)} elements, data has ${length}`,
    );
}

/** Reads one argument. Data is used in place where its array is the dtype's own; it is never written. */
export function toTensor(value: TensorLike, name: string, reading: Reading = {}): Tensor {
  if (typeof value === "number" || typeof value === "boolean") {
    const dtype = inferred([value], name, reading);
    return { dtype, shape: [], data: typed([value], dtype), weak: true };
  }
  if (typeof value !== "object" || value === null)
    throw new LossError("dtype", `${name}: expected a tensor, got ${value === null ? "null" : typeof value}`);
  if (isBuffer(value)) return { ...resident(value, reading), shape: [value.length] };
  if (Array.isArray(value)) {
    const shape = nestedShape(value, name);
    const flat: unknown[] = value.flat(Number.POSITIVE_INFINITY);
    const dtype = inferred(flat, name, reading);
    return { dtype, shape, data: typed(flat, dtype) };
  }
  if ("dataSync" in value && typeof value.dataSync === "function")
    return fromObject({ data: value.dataSync(), shape: value.shape, type: value.dtype }, name, reading);
  if (ArrayBuffer.isView(value)) {
    const dtype = inferred(value as TypedArray, name, reading);
    return { dtype, shape: [value.length], data: dataOf(value as TypedArray, dtype) };
  }
  const location = locationOf(value);
  if (location !== undefined) return elsewhere(value as NamedTypeTensor, location, name, reading);
  if ("data" in value) return fromObject(value as TensorObject, name, reading);
  throw new LossError("dtype", `${name}: expected a number, an array or { data, shape }`);
}

export const isTensorObject = (value: unknown): value is TensorObject | SyncTensor =>
  typeof value === "object" &&
  value !== null &&
  ("dataSync" in value || ("data" in value && ("shape" in value || "dims" in value || "dtype" in value)));

/** Whether an argument leaves its dtype open: numbers, and integers that no dtype of ours stands beside. */
export function isUndeclared(value: TensorLike): boolean {
  if (typeof value !== "object") return typeof value === "number";
  if (Array.isArray(value)) return true;
  if (ArrayBuffer.isView(value)) return !hasFloats(value);
  if (isBuffer(value)) return !isFloat(value.dtype);
  if ("dataSync" in value) return !isDType(value.dtype) || !isFloat(value.dtype);
  const { dtype, type } = value as TensorObject;
  if (dtype !== undefined) return false;
  if (type !== undefined) return isDType(type) && !isFloat(type);
  const { data } = value as TensorObject;
  return isBuffer(data) ? !isFloat(data.dtype) : !hasFloats(data);
}
const hasFloats = (data: object): boolean => {
  const kind = kindOf(data);
  return kind !== undefined && isFloat(kind);
};
