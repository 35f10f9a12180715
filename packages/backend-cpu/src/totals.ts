/** Totals of a sweep without classes: its blocks are whole groups of sixteen rows, so they are added in registers. */
import type { Local } from "./assembler.ts";
import { type Emitter, FRAME } from "./emitter.ts";
import { addGroup, GROUP, tree } from "./group.ts";
import type { Body } from "./lanes.ts";
import type { Buffer } from "./sweep.ts";
import type { Value } from "./value.ts";

interface Sums {
  readonly low: Local;
  readonly high: Local;
  readonly by: "sum" | "max";
}
const byOf = (b: Buffer): "sum" | "max" => ((b.of as Value).op === "total-max" ? "max" : "sum");

export class Totals {
  readonly #e: Emitter;
  readonly #sums = new Map<Buffer, Sums>();
  /** Takes the totals of a loop from the frame. */
  constructor(e: Emitter, body: Body) {
    this.#e = e;
    const f = e.fn;
    for (const o of body.ops) {
      if (o.op !== "store" || o.to.kind !== "total") continue;
      const at = e.frame.total(o.to);
      this.#sums.set(o.to, { low: f.load(FRAME, at), high: f.load(FRAME, at + 16), by: byOf(o.to) });
    }
  }
  get state(): Local[] {
    return [...this.#sums.values()].flatMap(({ low, high }) => [low, high]);
  }
  /** Adds a step's groups of rows; those that are not left count as nothing. */
  add(b: Buffer, values: readonly Local[], left: Local | undefined): void {
    const e = this.#e;
    const { low, high, by } = this.#sums.get(b) as Sums;
    const x = left === undefined ? values : values.map((v, k) => e.masked(v, k, left, by));
    const group = GROUP / e.lanes;
    if (by === "sum") {
      for (let k = 0; k < x.length; k += group) addGroup(e.fn, e.type, x.slice(k, k + group), [low, high]);
    } else {
      const max = e.float("max");
      e.fn.on(max, low, tree(e.fn, x, max)).set(low);
    }
  }
  /** Puts the totals back. */
  end(): void {
    for (const [b, { low, high }] of this.#sums) {
      const at = this.#e.frame.total(b);
      this.#e.fn.store(FRAME, low, at).store(FRAME, high, at + 16);
    }
  }
}
