/** The memory floor: how long it takes to read every input and write every gradient once, at this machine's copy bandwidth. */
import type { DataSet } from "./contender.ts";
import type { Measured, Workload } from "./workload.ts";

/** Milliseconds. A copy reads and writes, so it moves each byte twice; a small workload stays in the caches. */
export function memoryFloor(workload: Workload, set: DataSet, measured: Measured, rounds = 5): number {
  const read = Object.values(set).reduce((n, a) => n + a.byteLength, 0);
  const written = measured === "both" ? workload.differentiate.reduce((n, k) => n + (set[k]?.byteLength ?? 0), 0) : 0;
  const block = new Uint8Array(Math.max(1, Math.floor((read + written) / 2)));
  const to = new Uint8Array(block.length);
  block.fill(1);
  to.set(block);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    to.set(block);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}
