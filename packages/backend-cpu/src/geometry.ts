/** How a sweep meets a call's sizes: which axis the lanes run along, how large a tile and a block are. */
import type { Axis, Program } from "@isoloss/core";
import type { Form } from "./emitter.ts";
import { shapes } from "./lanes.ts";
import type { Schedule } from "./schedule.ts";
import type { Sweep } from "./sweep.ts";

/** Sizes in bytes and rows; measured, and flat around these values. */
export interface Tuning {
  /** Of one stream, copied at once: a few of them fit a second-level cache. */
  readonly tileBytes: number;
  /** Of one class, where the class axis is strided. */
  readonly sliceBytes: number;
  /** All slices of one stream. */
  readonly stridedBytes: number;
  /** All full arrays of a block: half of a first-level cache. */
  readonly blockBytes: number;
  readonly blockRows: number;
}
export const defaultTuning: Tuning = {
  tileBytes: 256 << 10,
  sliceBytes: 16 << 10,
  stridedBytes: 1 << 20,
  blockBytes: 16 << 10,
  blockRows: 1024,
};
/** Rows of this many classes or fewer are transposed; core's sums change their rule at the same length. */
export const SHORT = 32;

/** Rows of a block at least where the class axis is strided: whole cache lines of each class, even if the block is no small one. */
const STRIDED_ROWS = 192;
/** Addresses that agree modulo this share a set of the first-level cache. */
const WAY = 4096;

/** What one sweep needs to know of the call's sizes. */
export interface Sizes {
  readonly program: Program;
  readonly schedule: Schedule;
  /** 1 of what is no axis of the program. */
  size(axis: Axis | undefined): number;
}

export interface Geometry {
  readonly form: Form;
  /** The class axis has rows on both sides. */
  readonly isStrided: boolean;
  /** 1 of a sweep without classes. */
  readonly classes: number;
  /** Rows in front of the class axis (1 unless strided), and behind: tiles never cross the first. */
  readonly slabs: number;
  readonly rows: number;
  readonly tileRows: number;
  readonly blockRows: number;
  /** Bytes of a tile from one class to the next (lanes are rows) or from one row to the next. */
  readonly pitch: number;
}

export const up = (x: number, m: number): number => Math.ceil(x / m) * m;
const down = (x: number, m: number): number => Math.max(m, Math.floor(x / m) * m);

export function geometryOf(
  { domain, hasClasses, buffers }: Sweep,
  { program, schedule, size }: Sizes,
  tuning: Tuning,
): Geometry {
  const { bytes } = shapes[schedule.type];
  const product = (axes: readonly Axis[]): number => axes.reduce((n, a) => n * size(a), 1);
  const classAxis = hasClasses ? schedule.classAxis : undefined;
  const at = program.axes.indexOf(classAxis as Axis);
  const after = domain.filter((a) => hasClasses && program.axes.indexOf(a) > at);
  const isStrided = after.length > 0;
  const classes = size(classAxis);
  const form: Form = !isStrided && classes > SHORT ? "classes" : "rows";
  const rows = product(isStrided ? after : domain);

  const rowBytes = bytes * classes;
  const fulls = Math.max(1, buffers.filter((b) => b.level === "full").length);
  const tile = isStrided
    ? Math.min(tuning.sliceBytes / bytes, Math.max(16, tuning.stridedBytes / rowBytes))
    : tuning.tileBytes / rowBytes;
  const block = Math.min(
    tuning.blockRows,
    Math.max(tuning.blockBytes / (rowBytes * fulls), isStrided ? STRIDED_ROWS : 1),
  );
  /** Whole groups of sixteen where lanes are rows. */
  const whole = (n: number, step: number): number => (form === "rows" ? down(n, 16) : down(n, n > step ? step : 1));
  const tileRows = Math.min(rows, whole(tile, 16));
  const blockRows = whole(block, 4);
  // The rows of a block, one class after the other, fill the cache's sets evenly.
  const slice = up(tileRows * bytes, 64);
  const pitch =
    form === "rows" ? slice + ((up(Math.min(blockRows, tileRows) * bytes, 64) - slice) & (WAY - 1)) : rowBytes;
  return {
    form,
    isStrided,
    classes,
    slabs: product(domain) / rows,
    rows,
    tileRows,
    blockRows,
    pitch,
  };
}
