/** What a contender of the benchmark is: it prepares a workload on given data, runs it, and shows its result. */
import type { Data } from "./data.ts";
import type { Measured, Workload } from "./workload.ts";

/** Several inputs for one workload, so that no contender sees the same one twice in a row. */
export type DataSet = Readonly<Record<string, Data>>;

export interface Answer {
  readonly value: number;
  readonly grads: Readonly<Record<string, Float32Array>>;
}

export interface Runner {
  /** Milliseconds of one call on that data set, the mean over `repeat` calls. */
  run(set: number, repeat: number): Promise<number>;
  /** What the call computes, to be checked before anything is timed. */
  answer(set: number): Promise<Answer>;
  dispose(): Promise<void> | void;
}

export interface Contender {
  readonly name: string;
  /** Undefined: this contender does not have the workload. */
  prepare(workload: Workload, sets: readonly DataSet[], measured: Measured): Promise<Runner | undefined>;
  dispose(): Promise<void> | void;
}

/** A peer that is not there, and why. */
export interface Missing {
  readonly name: string;
  readonly reason: string;
}
export const isMissing = (c: Contender | Missing): c is Missing => "reason" in c;

/** Times synchronous calls. */
export function timed(call: () => void, repeat: number): number {
  const start = performance.now();
  for (let i = 0; i < repeat; i++) call();
  return (performance.now() - start) / repeat;
}
/** Times calls that make promises, one after another. */
export async function timedAsync(call: () => Promise<unknown>, repeat: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < repeat; i++) await call();
  return (performance.now() - start) / repeat;
}
