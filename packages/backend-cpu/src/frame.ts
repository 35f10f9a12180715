/** The frame of a sweep: the words in memory from which its function takes sizes, addresses and uniform values, and keeps totals. */
import type { Body } from "./lanes.ts";
import type { Buffer, Sweep } from "./sweep.ts";
import type { Value } from "./value.ts";

export interface FrameLayout {
  readonly uniforms: readonly Value[];
  readonly totals: readonly Buffer[];
  readonly bytes: number;
  /** Offsets. A buffer: its address, then its pitch. A total: four float64 sums (or a vector of maxima), then rows that wait. */
  readonly classes: number;
  readonly block: number;
  buffer(b: Buffer): number;
  uniform(v: Value): number;
  total(b: Buffer): number;
}

export const TOTAL_BYTES = 48;
/** Where in a total's state the number of waiting rows is. */
export const WAITING = 32;

export function frameLayout(sweep: Sweep, bodies: readonly Body[]): FrameLayout {
  const uniforms = [...new Set(bodies.flatMap((b) => b.ops.flatMap((o) => (o.op === "uniform" ? [o.value] : []))))];
  const totals = sweep.buffers.filter((b) => b.kind === "total");
  const table = 16;
  const splats = table + 8 * sweep.buffers.length;
  const sums = (splats + 8 * uniforms.length + 15) & ~15;
  return {
    uniforms,
    totals,
    bytes: sums + TOTAL_BYTES * totals.length,
    classes: 0,
    block: 4,
    buffer: (b) => table + 8 * b.id,
    uniform: (v) => splats + 8 * uniforms.indexOf(v),
    total: (b) => sums + TOTAL_BYTES * totals.indexOf(b),
  };
}
