/** The copies between a caller's arrays and the tiles of a sweep. */
import { type Axis, type DType, decoder, encoder, isFloat, isHalf, round, type TypedArray } from "@isoloss/core";
import type { Geometry, Sizes } from "./geometry.ts";
import { shapes } from "./lanes.ts";
import type { Memory } from "./memory.ts";
import { rowOffsets, strideIn } from "./rows.ts";
import type { Buffer } from "./sweep.ts";
import type { Transposes } from "./transpose.ts";
import type { OuterSum } from "./value.ts";

/** What the streams of one sweep share. */
export interface Tiles {
  readonly memory: Memory;
  readonly domain: readonly Axis[];
  readonly geometry: Geometry;
  readonly transposes: Transposes;
  /** Where the rows of a tile lie in a tensor that is not copied as it is. */
  readonly offsets: Int32Array;
}

/** Where a buffer lies, in bytes from the start of the scratch area. */
export interface Place {
  readonly buffer: Buffer;
  /** Two words: its address, and the bytes from one class or row to the next. */
  readonly words: number;
  readonly tile: number;
  /** Where rows are copied: the tile, or in front of it to be transposed. */
  readonly rows: number;
}

/** One buffer of a sweep and the array that passes through it, tile by tile: rows `first` … of slab `slab`. */
export interface Stream {
  /** Which array: a feed, an output, or behind the feeds a partial sum. */
  readonly source: number;
  /** Elements of the whole tensor. */
  readonly elements: number;
  /** Points the kernel at the tile, or at the array if that lies in this memory as it should. */
  point(data: TypedArray, slab: number, first: number): void;
  /** Fetches rows into the tile. */
  load(data: TypedArray, slab: number, first: number, count: number): void;
  /** Writes rows of the tile to the array. */
  save(data: TypedArray, slab: number, first: number, count: number): void;
  /** Adds rows of the tile to a partial sum, each result's elements in the order of rows. */
  add(sums: Float64Array, slab: number, first: number, count: number): void;
}

/** Which of a call's arrays a buffer stands for. */
function tensorOf(
  { of }: Buffer,
  { inputs, outputs }: Sizes["program"],
): {
  readonly source: number;
  readonly dtype: DType;
  readonly axes: readonly Axis[];
} {
  if (typeof of === "number") return { ...(outputs[of] as (typeof outputs)[number]), source: of };
  const source = inputs.findIndex((p) => of.op === "input" && p.name === of.attribute);
  const port = inputs[source];
  return port
    ? { ...port, source }
    : { source: inputs.length + of.id, dtype: of.dtype, axes: (of.attribute as OuterSum).left };
}

export function streamOf(tiles: Tiles, place: Place, { program, schedule, size }: Sizes): Stream {
  const { memory, domain, geometry: g, transposes, offsets } = tiles;
  const { buffer } = place;
  const { level, of } = buffer;
  const { type, classAxis } = schedule;
  const { bytes } = shapes[type];
  const { source, dtype, axes } = tensorOf(buffer, program);
  const lanes = typeof of === "number" ? type : of.dtype;
  const sizeOf = (over: readonly Axis[]): number => over.reduce((n, a) => n * size(a), 1);
  const elements = sizeOf(axes);
  const classes = level === "row" ? 1 : g.classes;
  /** Its elements are what lanes hold, and as wide. */
  const isNative = dtype === lanes && (dtype === type || (dtype === "int32" && type === "float32"));
  /** They are copied, or used in place, as they lie; otherwise the strides say where each lies. */
  const isPlain = isNative && (level === "class" || elements === sizeOf(domain) * classes);
  const isTransposed = place.rows !== place.tile;
  /** A row is `width` elements that follow each other, `runs` times. */
  const width = level === "full" && g.isStrided ? 1 : classes;
  const runs = classes / width;
  /** Elements of the tile from one row, and from one class, to the next. */
  const isSlices = level === "full" && g.form === "rows";
  const rowStep = isSlices ? 1 : classes;
  const classStep = isSlices ? g.pitch / bytes : 1;
  const extents = domain.map(size);
  const strides = domain.map((a) => strideIn(axes, size, a));
  const classStride = strideIn(axes, size, classAxis as Axis);
  /** The last view of the tile, which the next call can use again. */
  let view: Float32Array | Float64Array | undefined;

  /** The array's element with which a row begins. */
  const startOf = (slab: number, first: number): number => slab * g.rows * classes + first * width;
  const tileAt = (): number => memory.scratchAddress + place.tile;
  const copiedAt = (): number => memory.scratchAddress + place.rows;

  /** Where kernels find the rows in this memory; 0 if they must be copied. */
  const resident = (data: TypedArray, slab: number, first: number): number =>
    isPlain && data.buffer === memory.buffer ? data.byteOffset + bytes * startOf(slab, first) : 0;
  /** The same, after pointing the kernel there, or at the tile. */
  function point(data: TypedArray, slab: number, first: number): number {
    const at = (memory.scratchAddress + place.words) >> 2;
    const rows = resident(data, slab, first);
    const isInPlace = rows > 0 && !isTransposed;
    memory.int32[at] = isInPlace ? rows : tileAt();
    memory.int32[at + 1] = isInPlace && runs > 1 ? bytes * g.rows : g.pitch;
    return rows;
  }
  /** Rows as they are, between the array and where they are copied. */
  function copy(data: Float32Array, slab: number, first: number, count: number, isOut: boolean): void {
    const n = count * width;
    const tile = dtype === "int32" ? memory.int32 : memory[type];
    let at = startOf(slab, first);
    let to = copiedAt() / bytes;
    for (let run = 0; run < runs; run++, at += g.rows, to += classStep)
      if (isOut) write(data, at, to, n);
      else tile.set(at === 0 && n === data.length ? data : data.subarray(at, at + n), to);
  }
  function write(data: Float32Array, at: number, from: number, count: number): void {
    const all = memory[type];
    if (view?.buffer !== all.buffer || view.length !== count || view.byteOffset !== from * bytes)
      view = all.subarray(from, from + count);
    if (!isHalf(dtype)) {
      data.set(view, at);
      return;
    }
    const encode = encoder(dtype);
    for (let i = 0; i < count; i++) data[at + i] = encode(view[i] as number);
  }
  /** Class by class: where its rows begin in the tile, and how far behind its `offsets` they lie in the tensor. */
  function walk(slab: number, first: number, count: number, rows: (tile: number, skip: number) => void): void {
    rowOffsets(offsets, extents, strides, slab * g.rows + first, count);
    for (let c = 0, at = tileAt() / bytes; c < classes; c++, at += classStep) rows(at, c * classStride);
  }
  /** Element by element: tensors that lack some axes, and other dtypes. */
  function convert(data: Float32Array, slab: number, first: number, count: number): void {
    const put = isNative ? undefined : writer();
    const tile = memory[dtype as "float32"];
    walk(slab, first, count, (start, skip) => {
      if (put) for (let i = 0; i < count; i++) put(start + i * rowStep, Number(data[(offsets[i] as number) + skip]));
      else
        for (let i = 0, to = start; i < count; i++, to += rowStep)
          tile[to] = data[(offsets[i] as number) + skip] as number;
    });
  }
  /** Puts the element of a tensor into a lane: integers as words, booleans as masks. */
  function writer(): (to: number, x: number) => void {
    const { int32, [type]: floats } = memory;
    if (isFloat(lanes)) {
      const decode = decoder(dtype);
      return (to, x) => {
        floats[to] = decode(x);
      };
    }
    const r = round[lanes];
    const sign = lanes === "bool" ? -1 : 1;
    const words = bytes / 4;
    return (to, x) => {
      const value = sign * r(x);
      int32[words * (to + 1) - 1] = value >> 31; // the high word; where there is none, the next line overwrites it
      int32[words * to] = value;
    };
  }
  return {
    source,
    elements,
    point,
    load(data, slab, first, count) {
      const rows = point(data, slab, first);
      if (!isPlain) convert(data as Float32Array, slab, first, count);
      else {
        if (!rows) copy(data as Float32Array, slab, first, count, false);
        if (isTransposed) transposes.in(rows || copiedAt(), tileAt(), count, classes, g.pitch);
      }
    },
    save(data, slab, first, count) {
      const rows = resident(data, slab, first);
      if (isTransposed) transposes.out(tileAt(), rows || copiedAt(), count, classes, g.pitch);
      if (!rows) copy(data as Float32Array, slab, first, count, true);
    },
    add(sums, slab, first, count) {
      const tile = memory[type];
      walk(slab, first, count, (start, skip) => {
        for (let i = 0, at = start; i < count; i++, at += rowStep)
          (sums[(offsets[i] as number) + skip] as number) += tile[at] as number;
      });
    },
  };
}
