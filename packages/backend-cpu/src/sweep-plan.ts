/** One sweep for one call's sizes: where its buffers lie, what streams through them, and how it runs tile by tile. */
import type { TypedArray } from "@isoloss/core";
import type { Form } from "./emitter.ts";
import type { FrameLayout } from "./frame.ts";
import { frameValues } from "./frame-values.ts";
import { geometryOf, type Sizes, up } from "./geometry.ts";
import { shapes } from "./lanes.ts";
import type { Functions } from "./memory.ts";
import { type Stream, streamOf } from "./stream.ts";
import type { Buffer, Sweep } from "./sweep.ts";
import { transposesFor } from "./transpose.ts";
import type { Machine } from "./wasm-kernel.ts";

/** What a call brings: its arrays by input and output, and the values without axes by their ids. */
export interface Call {
  parameters: Float64Array;
  /** Behind the inputs' the partial sums, by the ids of their values: in float64, to be rounded to their type. */
  readonly feeds: TypedArray[];
  readonly outputs: TypedArray[];
  readonly scalars: Float64Array;
}
/** The code of one form: a function for each sweep, `(frame, rows)`, and those that add totals. */
export interface Compiled {
  readonly frames: readonly FrameLayout[];
  readonly functions: Functions;
}
export interface SweepPlan {
  /** Bytes of scratch memory that it takes: its frame, then its buffers. */
  readonly bytes: number;
  run(call: Call): void;
}

/** Behind every buffer: kernels read and write whole vectors. */
const SLACK = 256;

export function sweepPlan(
  { memory, tuning, transposes }: Machine,
  sweep: Sweep,
  index: number,
  sizes: Sizes,
  compile: (form: Form) => Compiled,
): SweepPlan {
  const g = geometryOf(sweep, sizes, tuning);
  const { form, classes, blockRows, pitch, slabs, rows, tileRows } = g;
  const { frames, functions } = compile(form);
  const layout = frames[index] as FrameLayout;
  const { type } = sizes.schedule;
  const { bytes } = shapes[type];
  const values = frameValues(memory, layout, type, functions);
  const execute = functions[`sweep${index}`] as Functions[string];

  let top = 0;
  const take = (n: number): number => {
    const at = up(top, 64);
    top = at + n + SLACK;
    return at;
  };
  take(layout.bytes);
  const isStreamed = ({ kind }: Buffer): boolean => kind === "input" || kind === "output";
  const places = sweep.buffers.map((buffer) => {
    const { kind, level } = buffer;
    const isFull = level === "full";
    const most = kind === "scratch" ? blockRows : kind === "total" ? blockRows + 16 : tileRows;
    const isTransposed = isStreamed(buffer) && isFull && form === "rows" && !g.isStrided;
    const staged = isTransposed ? take(most * classes * bytes) : -1;
    const tile = take(isFull ? pitch * (form === "rows" ? classes : most) : bytes * (level === "row" ? most : classes));
    return { buffer, words: layout.buffer(buffer), tile, rows: isTransposed ? staged : tile };
  });
  const fixed = places.filter((p) => !isStreamed(p.buffer));
  const tiles = {
    memory,
    domain: sweep.domain,
    geometry: g,
    transposes: transposesFor(transposes, bytes, classes),
    offsets: new Int32Array(tileRows),
  };
  const streams = (wanted: (b: Buffer) => boolean): readonly Stream[] =>
    places.filter((p) => wanted(p.buffer)).map((p) => streamOf(tiles, p, sizes));
  /** What lies along the class axis alone is fetched once. */
  const still = streams((b) => b.kind === "input" && b.level === "class");
  const ins = streams((b) => b.kind === "input" && b.level !== "class");
  const outs = streams((b) => b.kind === "output");
  const partials = streams((b) => b.kind === "partial");

  return {
    bytes: top,
    run({ feeds, outputs, scalars }) {
      const { int32, scratchAddress: frame } = memory;
      int32[(frame + layout.classes) >> 2] = classes;
      int32[(frame + layout.block) >> 2] = blockRows;
      for (const { words, tile } of fixed) {
        int32[(frame + words) >> 2] = frame + tile;
        int32[((frame + words) >> 2) + 1] = pitch;
      }
      values.begin(frame, scalars);
      for (const s of still) s.load(feeds[s.source] as TypedArray, 0, 0, 1);
      for (const s of partials) feeds[s.source] = new Float64Array(s.elements);
      for (let slab = 0; slab < slabs; slab++)
        for (let first = 0; first < rows; first += tileRows) {
          const count = Math.min(tileRows, rows - first);
          for (const s of ins) s.load(feeds[s.source] as TypedArray, slab, first, count);
          for (const s of outs) s.point(outputs[s.source] as TypedArray, slab, first);
          execute(frame, count);
          for (const s of outs) s.save(outputs[s.source] as TypedArray, slab, first, count);
          for (const s of partials) s.add(feeds[s.source] as Float64Array, slab, first, count);
        }
      values.end(frame, scalars);
    },
  };
}
