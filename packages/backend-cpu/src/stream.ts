/** The copies between a caller's arrays and the tiles of a sweep. */
import { type DType, decoder, encoder, isFloat, isHalf, round, type TypedArray } from "@isoloss/core";
import type { Geometry } from "./geometry.ts";
import { shapes } from "./lanes.ts";
import type { Memory } from "./memory.ts";
import type { Type } from "./number-layout.ts";
import type { RowOffsets } from "./rows.ts";
import type { Buffer } from "./sweep.ts";
import type { Transposes } from "./transpose.ts";

/** One buffer of a sweep and the array that passes through it. */
export interface Stream {
  readonly buffer: Buffer;
  /** Where the array comes from: a feed, an output, or (negative) a partial sum. */
  readonly source: number;
  readonly dtype: DType;
  /** Its elements have the width and the meaning of lanes: they are copied as they are. */
  readonly isNative: boolean;
  /** It has all axes of its level, in order; otherwise `offsets` and `classStride` say where its elements lie. */
  readonly isExact: boolean;
  readonly offsets: RowOffsets;
  readonly classStride: number;
  /** Addresses in elements: of the tile, and of its rows before they are transposed (or −1). */
  tile: number;
  staged: number;
  /** The call whose data lies in the tile already, where one tile is all. */
  loaded: number;
  /** The last view of the tile, which the next call can use again. */
  view: Float32Array | Float64Array | undefined;
}

export interface Shape {
  readonly type: Type;
  readonly geometry: Geometry;
  /** Bytes from one class to the next (lanes are rows) or from one row to the next. */
  readonly pitch: number;
  readonly transposes: Transposes;
  readonly rowOffsets: Int32Array;
}

const arrayOf = (memory: Memory, type: Type): Float32Array | Float64Array =>
  type === "float64" ? memory.f64 : memory.f32;
/** The view through which an array of this dtype is copied as it is. */
const viewFor = (memory: Memory, type: Type, dtype: DType): Float32Array | Float64Array | Int32Array =>
  isFloat(dtype) ? arrayOf(memory, type) : memory.i32;
export const isNative = (dtype: DType, lanes: DType, type: Type): boolean =>
  dtype === lanes && (dtype === type || (dtype === "int32" && type === "float32"));

/** Fetches rows `first` … of slab `slab` into the tile. */
export function load(
  memory: Memory,
  s: Stream,
  shape: Shape,
  data: TypedArray,
  slab: number,
  first: number,
  count: number,
): void {
  const { geometry: g } = shape;
  if (!s.isNative || !s.isExact) {
    convert(memory, s, shape, data, slab * g.rows + first, count);
    return;
  }
  const view = viewFor(memory, shape.type, s.dtype);
  const from = data as Float32Array;
  if (s.buffer.level === "class") view.set(from, s.tile);
  else if (s.buffer.level === "row") copyIn(view, from, slab * g.rows + first, count, s.tile);
  else if (g.isStrided) {
    const step = shape.pitch / shapes[shape.type].bytes;
    let at = slab * g.classes * g.rows + first;
    for (let c = 0, to = s.tile; c < g.classes; c++, at += g.rows, to += step) copyIn(view, from, at, count, to);
  } else if (s.staged >= 0) {
    const { bytes } = shapes[shape.type];
    const isResident = data.buffer === memory.buffer;
    if (!isResident) copyIn(view, from, first * g.classes, count * g.classes, s.staged);
    const rows = isResident ? data.byteOffset + first * g.classes * bytes : s.staged * bytes;
    shape.transposes.in(rows, s.tile * bytes, count, g.classes, shape.pitch);
  } else copyIn(view, from, first * g.classes, count * g.classes, s.tile);
}
const copyIn = (
  view: Float32Array | Float64Array | Int32Array,
  from: Float32Array,
  at: number,
  count: number,
  to: number,
): void => {
  view.set(at === 0 && count === from.length ? from : from.subarray(at, at + count), to);
};

/** Rows of a tile that are not copied as they are, class by class: `offsets` says where each row lies in the tensor. */
interface Walk {
  readonly rows: number;
  readonly classes: number;
  /** Elements of the tile from one row, and from one class, to the next. */
  readonly rowStep: number;
  readonly classStep: number;
}
function walk(s: Stream, { geometry: g, type, pitch, rowOffsets: at }: Shape, row: number, count: number): Walk {
  if (s.buffer.level === "class") {
    at[0] = 0;
    return { rows: 1, classes: g.classes, rowStep: 0, classStep: 1 };
  }
  s.offsets.fill(at, row, count);
  if (s.buffer.level === "row") return { rows: count, classes: 1, rowStep: 1, classStep: 0 };
  if (g.form === "rows") return { rows: count, classes: g.classes, rowStep: 1, classStep: pitch / shapes[type].bytes };
  return { rows: count, classes: g.classes, rowStep: g.classes, classStep: 1 };
}

/** Element by element: tensors that lack some axes, and other dtypes. */
function convert(memory: Memory, s: Stream, shape: Shape, data: TypedArray, row: number, count: number): void {
  const { rows, classes, rowStep, classStep } = walk(s, shape, row, count);
  const at = shape.rowOffsets;
  if (s.isNative) {
    const view = viewFor(memory, shape.type, s.dtype);
    const from = data as Float32Array;
    for (let c = 0, start = s.tile, skip = 0; c < classes; c++, start += classStep, skip += s.classStride)
      for (let i = 0, to = start; i < rows; i++, to += rowStep) view[to] = from[(at[i] as number) + skip] as number;
    return;
  }
  const write = writerOf(memory, shape.type, s);
  for (let c = 0; c < classes; c++)
    for (let i = 0; i < rows; i++)
      write(s.tile + i * rowStep + c * classStep, data, (at[i] as number) + c * s.classStride);
}
type Writer = (to: number, data: TypedArray, from: number) => void;
function writerOf(memory: Memory, type: Type, s: Stream): Writer {
  const { i32 } = memory;
  const wide = type === "float64";
  const lanes = laneKind(s);
  if (lanes === "float") {
    const view = arrayOf(memory, type);
    const decode = decoder(s.dtype);
    return (to, data, from) => {
      view[to] = decode(Number(data[from]));
    };
  }
  const value: (raw: number | bigint) => number =
    lanes === "mask"
      ? (raw) => (raw ? -1 : 0)
      : (raw) => (typeof raw === "bigint" ? Number(BigInt.asIntN(32, raw)) : raw);
  if (!wide)
    return (to, data, from) => {
      i32[to] = value(data[from] as number);
    };
  return (to, data, from) => {
    const x = value(data[from] as number);
    i32[2 * to] = x;
    i32[2 * to + 1] = x < 0 ? -1 : 0;
  };
}
function laneKind(s: Stream): "float" | "int" | "mask" {
  const { of } = s.buffer;
  const dtype = typeof of === "number" ? s.dtype : of.dtype;
  return isFloat(dtype) ? "float" : dtype === "bool" ? "mask" : "int";
}

/** Writes the tile to rows `first` … of slab `slab`. */
export function save(
  memory: Memory,
  s: Stream,
  shape: Shape,
  data: TypedArray,
  slab: number,
  first: number,
  count: number,
): void {
  const { geometry: g, type } = shape;
  const { bytes } = shapes[type];
  const view = arrayOf(memory, type);
  if (s.buffer.level === "row") copyOut(s, view, s.tile, count, data, slab * g.rows + first);
  else if (g.isStrided) {
    const step = shape.pitch / bytes;
    let at = slab * g.classes * g.rows + first;
    for (let c = 0, from = s.tile; c < g.classes; c++, at += g.rows, from += step)
      copyOut(s, view, from, count, data, at);
  } else {
    if (s.staged >= 0) {
      const isResident = data.buffer === memory.buffer && s.dtype === type;
      const rows = isResident ? data.byteOffset + first * g.classes * bytes : s.staged * bytes;
      shape.transposes.out(s.tile * bytes, rows, count, g.classes, shape.pitch);
      if (isResident) return;
    }
    copyOut(s, view, s.staged >= 0 ? s.staged : s.tile, count * g.classes, data, first * g.classes);
  }
}
function copyOut(
  s: Stream,
  view: Float32Array | Float64Array,
  from: number,
  count: number,
  data: TypedArray,
  at: number,
): void {
  let values = s.view;
  if (
    values?.buffer !== view.buffer ||
    values.length !== count ||
    values.byteOffset !== from * view.BYTES_PER_ELEMENT
  ) {
    values = view.subarray(from, from + count);
    s.view = values;
  }
  if (!isHalf(s.dtype)) {
    (data as Float32Array).set(values, at);
    return;
  }
  const r = round[s.dtype];
  const encode = encoder(s.dtype);
  for (let i = 0; i < count; i++) data[at + i] = encode(r(values[i] as number));
}

/** Adds the tile to a partial sum, each result's elements in the order of rows. */
export function addPartial(
  memory: Memory,
  s: Stream,
  shape: Shape,
  sums: Float64Array,
  slab: number,
  first: number,
  count: number,
): void {
  const view = arrayOf(memory, shape.type);
  const { rows, classes, rowStep, classStep } = walk(s, shape, slab * shape.geometry.rows + first, count);
  const to = shape.rowOffsets;
  for (let c = 0, start = s.tile, skip = 0; c < classes; c++, start += classStep, skip += s.classStride)
    for (let i = 0, at = start; i < rows; i++, at += rowStep)
      (sums[(to[i] as number) + skip] as number) += view[at] as number;
}
