/** Tensors of a call: what JavaScript calls a tensor (ours, ORT's, tfjs', arrays, numbers), read into one form without copies where possible. */
import { sameShape, showShape, volumeOf } from "./align.ts";
import type { BackendBuffer, Elsewhere, Feed } from "./backend.ts";
import { type DType, fromNumbers, isDType, isFloat, storage, type TypedArray } from "./dtype.ts";
import { LossError, UnsupportedError } from "./errors.ts";

export interface TensorType {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** A bare number of the host language, whose type yields to its neighbour's where the framework says so. */
  readonly weak?: boolean | undefined;
}
/** `data` in the storage of the dtype, row-major; int64 also as Int32Array where that holds it. */
export interface Tensor extends TensorType {
  readonly data: Feed;
}

export type NestedArray = readonly (number | bigint | boolean | NestedArray)[];
/** An object with data and shape, in the words of any library: `{ data, shape, dtype }`, ORT's `{ data, dims, type }`. */
export interface TensorObject {
  readonly data: ArrayLike<number> | ArrayLike<bigint> | ArrayLike<boolean> | NestedArray | BackendBuffer;
  readonly shape?: readonly number[] | undefined;
  readonly dims?: readonly number[];
  readonly dtype?: string;
  readonly type?: string | undefined;
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
  readonly numbers?: DType | undefined;
}

const tagOf = (data: ArrayBufferView): string =>
  (data as { readonly [Symbol.toStringTag]?: string })[Symbol.toStringTag] ?? "";
/** The dtype of a typed array, as its name says it: "Float32Array", "BigInt64Array", "Uint8ClampedArray". */
function kindOf(data: object): DType | undefined {
  if (!ArrayBuffer.isView(data)) return undefined;
  const kind = tagOf(data).replace("Array", "").replace("BigInt", "Int").replace("Clamped", "").toLowerCase();
  return isDType(kind) ? kind : undefined;
}

const isBuffer = (x: unknown): x is BackendBuffer =>
  typeof x === "object" && x !== null && typeof (x as { backend?: unknown }).backend === "string";

/** Reads data of a known dtype, in whatever array it comes. */
function dataOf(data: ArrayLike<unknown>, dtype: DType): TypedArray {
  const kind = kindOf(data);
  if (ArrayBuffer.isView(data) && kind === "float16" && dtype === "float16")
    return new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2); // the same bits
  if (data instanceof storage[dtype]) return data as TypedArray;
  if (dtype !== "int64" || kind === undefined || isFloat(kind)) return fromNumbers(data, dtype);
  return data instanceof Int32Array ? data : Int32Array.from(data as Uint8Array);
}

const SCALAR: readonly number[] = [];
function nestedShape(value: unknown, name: string): readonly number[] {
  if (!Array.isArray(value)) return SCALAR;
  const rows = value.map((row) => nestedShape(row, name));
  const [first = SCALAR] = rows;
  if (!rows.every((row) => sameShape(row, first)))
    throw new LossError("shape", `${name}: a nested array must have rows of equal length`);
  return [rows.length, ...first];
}

const wholeNumbers = (values: ArrayLike<unknown>, name: string): void => {
  for (let i = 0; i < values.length; i++)
    if (typeof values[i] !== "bigint" && !Number.isInteger(Number(values[i])))
      throw new LossError(
        "dtype",
        `${name}: class indices must be whole numbers, element ${i} is ${String(values[i])}`,
      );
};

/** What integers are read as: class indices of any width are of one type, for not every library has them all. */
const indexed = (dtype: DType, { labels }: Reading): DType =>
  labels && dtype !== "bool" && !isFloat(dtype) ? "int64" : dtype;

/** The dtype of data that comes without one. */
function inferred(data: ArrayLike<unknown>, name: string, reading: Reading): DType {
  const kind = kindOf(data);
  if (kind !== undefined) return indexed(kind, reading);
  if (ArrayBuffer.isView(data)) throw new LossError("dtype", `${name}: ${tagOf(data)} needs a dtype beside it`);
  if (reading.labels) {
    wholeNumbers(data, name);
    return "int64";
  }
  if (typeof data[0] === "boolean") return "bool";
  return typeof data[0] === "bigint" ? "int64" : (reading.numbers ?? "float32");
}

/** A tensor whose data JavaScript cannot read: asking for it throws. */
function elsewhere(tensor: NamedTypeTensor, location: string, name: string): TensorObject {
  const { dims, type } = tensor;
  const no = (): never => {
    throw new UnsupportedError(`${name}: its data is in a ${location}: let the backend that runs there adopt it`);
  };
  const data: Elsewhere = {
    backend: location,
    dtype: type as DType,
    length: volumeOf(dims),
    data: undefined,
    tensor,
    read: no,
    write: no,
    dispose() {},
  };
  return { data, dims, type };
}

function expectLength(name: string, shape: readonly number[], length: number): void {
  if (!shape.every((n) => Number.isInteger(n) && n >= 0))
    throw new LossError("shape", `${name}: ${showShape(shape)} is no shape`);
  if (volumeOf(shape) !== length)
    throw new LossError(
      "shape",
      `${name}: shape ${showShape(shape)} holds ${volumeOf(shape)} elements, data has ${length}`,
    );
}

/** An argument as data, with what is said of it; undefined where it is no tensor. */
export function described(value: unknown, name: string): TensorObject | undefined {
  if (typeof value === "number") return { data: [value], shape: [] };
  if (typeof value === "boolean") return { data: [value], shape: [], dtype: "bool" };
  if (typeof value !== "object" || value === null) return undefined;
  if (isBuffer(value) || ArrayBuffer.isView(value) || Array.isArray(value)) return { data: value as TypedArray };
  const { dataSync, location, shape, dtype } = value as Partial<SyncTensor & NamedTypeTensor>;
  if (typeof dataSync === "function") return { data: (value as SyncTensor).dataSync(), shape, type: dtype };
  if (typeof location === "string" && !location.startsWith("cpu") && !("backend" in value))
    return elsewhere(value as NamedTypeTensor, location, name);
  return "data" in value ? (value as TensorObject) : undefined;
}

/** Reads one argument. Data is used in place where its array is the dtype's own; it is never written. */
export function toTensor(value: TensorLike, name: string, reading: Reading = {}): Tensor {
  const own = described(value, name);
  if (!own) {
    const given = value === null ? "null" : typeof value;
    const wanted = given === "object" ? "number, an array or { data, shape }" : `tensor, got ${given}`;
    throw new LossError("dtype", `${name}: expected a ${wanted}`);
  }
  const { data: given, dims, type, dtype: exact, shape = dims } = own;
  const declared = exact ?? type;
  if (declared !== undefined && !isDType(declared))
    throw new LossError("dtype", `${name}: unsupported dtype ${JSON.stringify(declared)}`);
  if (typeof given !== "object" || given === null || typeof given.length !== "number")
    throw new LossError("dtype", `${name}: data must be an array`);
  const extents = shape ?? (Array.isArray(given) ? nestedShape(given, name) : [given.length]);
  const data = Array.isArray(given) ? given.flat(Number.POSITIVE_INFINITY) : given;
  expectLength(name, extents, data.length);
  if (isBuffer(data)) return { dtype: indexed(data.dtype, reading), shape: extents, data };
  const dtype = (exact ?? (declared && indexed(declared, reading)) ?? inferred(data, name, reading)) as DType;
  const tensor = { dtype, shape: extents, data: dataOf(data, dtype) };
  return typeof value === "object" ? tensor : { ...tensor, weak: true };
}

export const isTensorObject = (value: unknown): value is TensorObject | SyncTensor =>
  typeof value === "object" &&
  value !== null &&
  ("dataSync" in value || ("data" in value && ("shape" in value || "dims" in value || "dtype" in value)));

/** Whether a tensor leaves its dtype open: numbers, and integers that no dtype of ours stands beside. */
export function isUndeclared({ data, dtype, type }: TensorObject): boolean {
  if (dtype !== undefined) return false;
  const kind = type ?? (isBuffer(data) ? data.dtype : kindOf(data));
  return kind === undefined || (isDType(kind) && !isFloat(kind));
}
