/** What a fast body took for granted, gathered over a chunk of steps and judged at its end. */
import type { Local } from "./assembler.ts";
import type { Emitter } from "./emitter.ts";
import { tree } from "./group.ts";
import type { Instruction } from "./instructions.ts";
import type { Body, Doubt, Lane } from "./lanes.ts";

interface Gathered {
  readonly doubt: Doubt;
  /** Whether its lanes are the same along a row. */
  readonly isStill: boolean;
  readonly lanes: Lane[];
  readonly worst: Local;
}

export class Doubts {
  readonly #e: Emitter;
  readonly #groups: readonly Gathered[];
  readonly #maxima: () => readonly Local[];
  /** `maxima`: the accumulators of the loop's maxima. `still`: lanes that are computed once for a row. */
  constructor(e: Emitter, body: Body, maxima: () => readonly Local[], still: ReadonlySet<Lane> = new Set()) {
    this.#e = e;
    this.#maxima = maxima;
    const groups = new Map<string, Gathered>();
    for (const doubt of body.doubts) {
      const isStill = still.has(doubt.lane);
      const key = `${doubt.test} ${doubt.words} ${isStill}`;
      const group = groups.get(key) ?? { doubt, isStill, lanes: [], worst: e.fn.local("v128") };
      if (!group.lanes.includes(doubt.lane)) group.lanes.push(doubt.lane);
      groups.set(key, group);
    }
    this.#groups = [...groups.values()];
  }
  /** Whether one judgement in front of a row is all. */
  get areStill(): boolean {
    return this.#groups.every((g) => g.isStill);
  }
  beginRow(): void {
    this.#begin(true);
  }
  beginChunk(): void {
    this.#begin(false);
  }
  #begin(still: boolean): void {
    for (const { doubt, isStill, worst } of this.#groups) {
      if (isStill !== still) continue;
      const isBound = doubt.test === "below" || doubt.test === "above";
      this.#e.fn.get(isBound ? this.#e.constant(doubt.words) : this.#e.zero()).set(worst);
    }
  }
  /** Takes the vectors of a lane. */
  gather(lane: Lane, values: readonly Local[]): void {
    const { fn: f } = this.#e;
    for (const { doubt, lanes, worst } of this.#groups) {
      if (!lanes.includes(lane)) continue;
      f.get(worst);
      if (doubt.test === "max") f.get(tree(f, values, this.#e.float("add"))).op(this.#e.float("add"));
      // A chain from the bound: pmin and pmax keep their first operand beside a NaN, which must not hide another lane.
      else for (const v of values) f.get(v).op(this.#join(doubt));
      f.set(worst);
    }
  }
  #join({ test }: Doubt): Instruction {
    const e = this.#e;
    return test === "below"
      ? e.float("pmin")
      : test === "above"
        ? e.float("pmax")
        : test === "word"
          ? "i32x4.max_u"
          : "v128.or";
  }
  /** Leaves an i32: whether anything did not hold. */
  judge(): void {
    const e = this.#e;
    const f = e.fn;
    this.#groups.forEach(({ doubt, worst }, k) => {
      const { test, words } = doubt;
      f.get(worst);
      if (test === "below") f.get(e.constant(words)).op(e.float("lt"));
      else if (test === "above") f.get(e.constant(words)).op(e.float("gt"));
      else if (test === "word") f.get(e.constant(words)).op("i32x4.gt_u");
      else if (test === "max") {
        // The quick instruction knows neither NaN, which the sum of what was compared shows, nor the order of ±0.
        f.get(worst).op(e.float("ne"));
        for (const m of this.#maxima()) f.on(e.float("eq"), m, e.zero()).op("v128.or");
      }
      if (k > 0) f.op("v128.or");
    });
    f.op("v128.any_true");
  }
}
