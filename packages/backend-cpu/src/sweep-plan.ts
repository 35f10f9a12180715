/** One sweep for one call's sizes: where its buffers lie, what streams through them, and how it runs tile by tile. */
import type { Axis, DType, Node, Port, Program, TypedArray } from "@isoloss/core";
import type { Emitted } from "./emit.ts";
import type { FrameLayout } from "./frame.ts";
import { beginSweep, finishSweep } from "./frame-values.ts";
import { type Geometry, geometryOf, type Tuning } from "./geometry.ts";
import { shapes } from "./lanes.ts";
import type { Memory } from "./memory.ts";
import type { Type } from "./number-layout.ts";
import { RowOffsets, stridesOf } from "./rows.ts";
import { addPartial, isNative, load, type Shape, type Stream, save } from "./stream.ts";
import type { Buffer, Sweep } from "./sweep.ts";
import type { Transposes } from "./transpose.ts";
import type { UniformSources } from "./uniforms.ts";
import { ONE, type OuterSum, type Value } from "./value.ts";

/** What a call brings: its arrays by input and output, and the values without axes. */
export interface Call extends UniformSources {
  id: number;
  parameters: Float64Array;
  readonly feeds: TypedArray[];
  readonly outputs: TypedArray[];
  readonly scalars: Float64Array;
  readonly partials: Map<Value, TypedArray>;
}
export type SweepFunction = (frame: number, rows: number) => void;
export interface Compiled {
  readonly emitted: Emitted;
  readonly functions: readonly SweepFunction[];
}

const up = (x: number, m: number): number => Math.ceil(x / m) * m;
const SLACK = 256;

/** Addresses that agree modulo this share a set of the first-level cache. */
const WAY = 4096;
/** From class to class: the rows of a block, one class after the other, fill the cache's sets evenly. */
const pitchOf = (g: Geometry, bytes: number): number => {
  const tile = up(g.tileRows * bytes, 64);
  const block = up(Math.min(g.blockRows, g.tileRows) * bytes, 64);
  return tile + ((((block - tile) % WAY) + WAY) % WAY);
};

/** What one sweep needs to know of the call's sizes. */
export interface Sizes {
  readonly program: Program;
  readonly type: Type;
  readonly classAxis: Axis | undefined;
  readonly tuning: Tuning;
  size(axis: Axis): number;
}

export class SweepPlan {
  readonly geometry: Geometry;
  readonly sweep: Sweep;
  readonly #sizes: Sizes;
  readonly #memory: Memory;
  readonly #frame: number; // address
  readonly #layout: FrameLayout;
  readonly #run: SweepFunction;
  readonly #shape: Shape;
  readonly #ins: readonly Stream[];
  readonly #outs: readonly Stream[];
  readonly #partials: readonly Stream[];
  readonly #isOneTile: boolean;
  /** Bytes of scratch memory that this sweep takes. */
  readonly bytes: number;
  readonly #places: { readonly buffer: Buffer; readonly at: number; readonly staged: number }[] = [];

  constructor(
    memory: Memory,
    sweep: Sweep,
    index: number,
    sizes: Sizes,
    compile: (form: Geometry["form"]) => Compiled,
    transposes: (classes: number) => Transposes,
  ) {
    this.sweep = sweep;
    this.#memory = memory;
    this.#sizes = sizes;
    const g = geometryOf(sweep, sizes.type, sizes.classAxis, sizes.program.axes, sizes.size, sizes.tuning);
    this.geometry = g;
    const { emitted, functions } = compile(g.form);
    this.#layout = emitted.frames[index] as FrameLayout;
    this.#run = functions[index] as SweepFunction;
    this.#frame = memory.allocate(this.#layout.bytes);
    this.#isOneTile = g.slabs === 1 && g.rows <= g.tileRows;
    const { bytes } = shapes[sizes.type];
    const pitch = g.form === "rows" ? pitchOf(g, bytes) : g.classes * bytes;
    this.#shape = {
      type: sizes.type,
      geometry: g,
      pitch,
      transposes: transposes(g.classes),
      rowOffsets: new Int32Array(Math.max(1, g.tileRows)),
    };
    let top = 0;
    const take = (n: number): number => {
      const at = up(top, 64);
      top = at + n + SLACK;
      return at;
    };
    for (const buffer of sweep.buffers) {
      const rows = buffer.kind === "scratch" ? g.blockRows : buffer.kind === "total" ? g.blockRows + 16 : g.tileRows;
      const full = g.form === "rows" ? pitch * g.classes : Math.max(rows, 1) * g.classes * bytes;
      const n = buffer.level === "class" ? g.classes * bytes : buffer.level === "row" ? up(rows, 16) * bytes : full;
      const isStaged =
        g.isTransposed && buffer.level === "full" && (buffer.kind === "input" || buffer.kind === "output");
      const staged = isStaged ? take((g.tileRows + 4) * g.classes * bytes) : -1;
      this.#places.push({ buffer, at: take(n), staged });
    }
    this.bytes = top;
    const streams = this.#places.filter((p) => p.buffer.kind !== "scratch" && p.buffer.kind !== "total");
    const all = streams.map((p) => this.#streamOf(p.buffer));
    this.#ins = all.filter((s) => s.buffer.kind === "input");
    this.#outs = all.filter((s) => s.buffer.kind === "output");
    this.#partials = all.filter((s) => s.buffer.kind === "partial");
  }

  #streamOf(buffer: Buffer): Stream {
    const { program, type, classAxis, size } = this.#sizes;
    const { geometry: g, sweep } = this;
    const { of } = buffer;
    let source: number;
    let dtype: DType;
    let axes: readonly Axis[];
    if (typeof of === "number") {
      source = of;
      ({ dtype, axes } = program.outputs[of] as Node);
    } else if (of.op === "input") {
      source = program.inputs.findIndex((p) => p.name === of.attribute);
      ({ dtype, axes } = program.inputs[source] as Port);
    } else {
      source = -1;
      ({ dtype } = of);
      axes = (of.attribute as OuterSum).left;
    }
    const whole = buffer.level === "full" ? g.fullAxes : buffer.level === "class" ? [classAxis] : sweep.domain;
    const isExact = String(axes) === String(whole.filter((a) => a !== ONE));
    const sizeOf = (a: Axis): number => (a === ONE ? 1 : size(a));
    const offsets = new RowOffsets(sweep.domain.map(sizeOf), stridesOf(axes, sizeOf, sweep.domain));
    const [classStride] = stridesOf(axes, sizeOf, [classAxis ?? ONE]) as [number];
    const lanes = typeof of === "number" ? type : of.dtype;
    const native = typeof of === "number" ? true : isNative(dtype, lanes, type);
    return {
      buffer,
      source,
      dtype,
      isNative: native,
      isExact,
      offsets,
      classStride,
      tile: 0,
      staged: -1,
      loaded: -1,
      view: undefined,
    };
  }

  /** Writes addresses in the scratch area, which starts at `base`, to the frame. */
  place(base: number): void {
    const { i32 } = this.#memory;
    const { bytes } = shapes[this.#sizes.type];
    const frame = this.#frame >> 2;
    i32[frame + (this.#layout.classes >> 2)] = this.geometry.classes;
    i32[frame + (this.#layout.block >> 2)] = this.geometry.blockRows;
    const streams = [...this.#ins, ...this.#outs, ...this.#partials];
    for (const { buffer, at, staged } of this.#places) {
      const word = frame + (this.#layout.buffer(buffer) >> 2);
      i32[word] = base + at;
      i32[word + 1] = this.#shape.pitch;
      const stream = streams.find((s) => s.buffer === buffer);
      if (!stream) continue;
      stream.tile = (base + at) / bytes;
      stream.staged = staged < 0 ? -1 : (base + staged) / bytes;
      stream.loaded = -1;
    }
  }

  run(call: Call): void {
    const g = this.geometry;
    const ins = this.#ins;
    const outs = this.#outs;
    beginSweep(this.#memory, this.#frame, this.#layout, this.#sizes.type, call.scalars);
    const sums = this.#partials.length ? this.#partials.map((s) => new Float64Array(this.#leftSize(s))) : [];
    for (let slab = 0; slab < g.slabs; slab++)
      for (let first = 0; first < g.rows; first += g.tileRows) {
        const count = Math.min(g.tileRows, g.rows - first);
        for (let i = 0; i < ins.length; i++) this.#fetch(ins[i] as Stream, call, slab, first, count);
        for (let i = 0; i < outs.length; i++) {
          const s = outs[i] as Stream;
          this.#point(s, call.outputs[s.source] as TypedArray, slab, first);
        }
        this.#run(this.#frame, count);
        for (let i = 0; i < outs.length; i++) {
          const s = outs[i] as Stream;
          const data = call.outputs[s.source] as TypedArray;
          if (!this.#isInPlace(s, data)) save(this.#memory, s, this.#shape, data, slab, first, count);
        }
        for (let i = 0; i < sums.length; i++) {
          const s = this.#partials[i] as Stream;
          addPartial(this.#memory, s, this.#shape, sums[i] as Float64Array, slab, first, count);
        }
      }
    for (let i = 0; i < sums.length; i++) {
      const sum = sums[i] as Float64Array;
      const value = (this.#partials[i] as Stream).buffer.of as Value;
      call.partials.set(value, this.#sizes.type === "float64" ? sum : Float32Array.from(sum));
    }
    finishSweep(this.#memory, this.#frame, this.#layout, this.#sizes.type, call.scalars);
  }
  #leftSize(s: Stream): number {
    const { left } = (s.buffer.of as Value).attribute as OuterSum;
    return left.reduce((n, a) => n * this.#sizes.size(a), 1);
  }
  #fetch(s: Stream, call: Call, slab: number, first: number, count: number): void {
    const data =
      s.source < 0 ? (call.partials.get(s.buffer.of as Value) as TypedArray) : (call.feeds[s.source] as TypedArray);
    if (this.#point(s, data, slab, first)) return;
    const isWhole = this.#isOneTile || s.buffer.level === "class";
    if (isWhole && s.loaded === call.id) return;
    load(this.#memory, s, this.#shape, data, slab, first, count);
    s.loaded = call.id;
  }
  /** Whether an array lies in this memory as the kernel wants it. */
  #isInPlace(s: Stream, data: TypedArray): boolean {
    return (
      data.buffer === this.#memory.buffer &&
      s.isNative &&
      s.isExact &&
      s.staged < 0 &&
      (s.buffer.kind === "input" ? true : s.dtype === this.#sizes.type)
    );
  }
  /** Points the kernel at the tile or, where that can be, at an array in this memory: whether it did the latter. */
  #point(s: Stream, data: TypedArray, slab: number, first: number): boolean {
    const g = this.geometry;
    const { i32 } = this.#memory;
    const { bytes } = shapes[this.#sizes.type];
    const word = (this.#frame + this.#layout.buffer(s.buffer)) >> 2;
    if (!this.#isInPlace(s, data)) {
      i32[word] = s.tile * bytes;
      i32[word + 1] = this.#shape.pitch;
      return false;
    }
    const full = s.buffer.level === "full";
    const element =
      s.buffer.level === "class"
        ? 0
        : !full
          ? slab * g.rows + first
          : g.isStrided
            ? slab * g.classes * g.rows + first
            : first * g.classes;
    i32[word] = data.byteOffset + bytes * element;
    if (full && g.isStrided) i32[word + 1] = bytes * g.rows;
    return true;
  }
  dispose(): void {
    this.#memory.free(this.#frame);
  }
}
