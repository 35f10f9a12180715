/** How a sweep meets a call's sizes: which axis the lanes run along, how large a tile and a block are. */
import { type Axis, isOuter } from "@isoloss/core";
import type { Form } from "./emitter.ts";
import { shapes } from "./lanes.ts";
import type { Type } from "./number-layout.ts";
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

export interface Geometry {
  readonly form: Form;
  /** Short rows, transposed in the tile. */
  readonly isTransposed: boolean;
  /** The class axis has rows on both sides. */
  readonly isStrided: boolean;
  readonly classes: number;
  /** Rows in front of the class axis (1 unless strided), and behind: tiles never cross the first. */
  readonly slabs: number;
  readonly rows: number;
  readonly tileRows: number;
  readonly blockRows: number;
  /** The order of a full tensor's axes. */
  readonly fullAxes: readonly Axis[];
}

const down = (x: number, m: number): number => Math.max(m, Math.floor(x / m) * m);

export function geometryOf(
  sweep: Sweep,
  type: Type,
  classAxis: Axis | undefined,
  programAxes: readonly Axis[],
  size: (axis: Axis) => number,
  tuning: Tuning,
): Geometry {
  const { bytes } = shapes[type];
  const { domain, hasClasses } = sweep;
  const product = (axes: readonly Axis[]): number => axes.reduce((n, a) => n * size(a), 1);
  if (!hasClasses || classAxis === undefined) {
    const rows = product(domain);
    const tileRows = Math.min(rows, down(tuning.tileBytes / bytes, 16));
    const blockRows = Math.min(down(tuning.blockRows, 16), down(tileRows + 15, 16));
    const base = { form: "rows", isTransposed: false, isStrided: false, classes: 1, slabs: 1 } as const;
    return { ...base, rows, tileRows, blockRows, fullAxes: domain };
  }
  const classes = size(classAxis);
  const at = programAxes.indexOf(classAxis);
  const before = domain.filter((a) => programAxes.indexOf(a) < at);
  const after = domain.filter((a) => programAxes.indexOf(a) > at);
  const isStrided = after.length > 0;
  const fullAxes = [...before, classAxis, ...after].filter((a) => isOuter(a) === (a !== classAxis) && a !== "one");
  const form: Form = !isStrided && classes > SHORT ? "classes" : "rows";
  const slabs = isStrided ? product(before) : 1;
  const rows = isStrided ? product(after) : product(domain);
  const whole = tuning.tileBytes / (bytes * classes);
  const strided = Math.min(tuning.sliceBytes / bytes, Math.max(16, tuning.stridedBytes / (bytes * classes)));
  const wanted = isStrided ? strided : whole;
  const tileRows = Math.min(rows, form === "rows" || wanted > 16 ? down(wanted, 16) : Math.max(1, Math.floor(wanted)));
  const fulls = Math.max(1, sweep.buffers.filter((b) => b.level === "full").length);
  const fitting = Math.min(tuning.blockRows, tuning.blockBytes / (bytes * classes * fulls));
  const least = Math.min(tuning.blockRows, STRIDED_ROWS);
  const blockRows =
    form === "rows"
      ? down(isStrided ? Math.max(fitting, least) : fitting, 16)
      : Math.max(1, fitting > 4 ? down(fitting, 4) : Math.floor(fitting));
  return {
    form,
    isTransposed: !isStrided && form === "rows",
    isStrided,
    classes,
    slabs,
    rows,
    tileRows,
    blockRows,
    fullAxes,
  };
}
