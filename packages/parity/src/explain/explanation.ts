/** What an explanation says: the differences of two systems, each with its place and its share. */
import type { System } from "../system.ts";

export type Aspect =
  | "clip"
  | "epsilon"
  | "kink"
  | "denominator"
  | "reduction granularity"
  | "class axis"
  | "argument order"
  | "target form"
  | "sign"
  | "scale"
  | "dtype"
  | "refusal"
  | "gradient"
  | "formula";

/** One difference. */
export interface Difference {
  readonly aspect: Aspect;
  readonly text: string;
  /** The field of the record, or the line of the printed graph, and whose it is. */
  readonly where: string;
  /** How much of the difference on the inputs goes with it, from 0 to 1; undefined where it is not in the numbers. */
  readonly share: number | undefined;
}
export interface Explanation {
  readonly first: string;
  readonly other: string;
  readonly inputs: number;
  /** The mean absolute difference of the values, and the largest. */
  readonly mean: number;
  readonly largest: number;
  readonly differences: readonly Difference[];
}

/** One of the two systems, and how it is called in the answer. */
export interface Side {
  readonly system: System;
  readonly label: string;
}

/** |a − b|, where two that are not finite alike are no distance apart. */
export const gap = (a: readonly number[], b: readonly number[]): number => {
  if (a.length !== b.length) return Infinity;
  const each = a.map((x, i) => {
    const y = b[i] as number;
    if (x === y || (Number.isNaN(x) && Number.isNaN(y))) return 0;
    return Number.isFinite(x - y) ? Math.abs(x - y) : Infinity;
  });
  return each.reduce((s, x) => s + x, 0) / Math.max(1, each.length);
};
