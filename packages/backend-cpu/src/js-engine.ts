/** The JavaScript engine: sweep by sweep, tile by tile, one loop a primitive; what remains where WebAssembly is forbidden. */
import { type Feeds, type Kernel, type Outputs, type Program, storage } from "@isoloss/core";
import { dataOf } from "./feeds.ts";
import { type Plan, planOf } from "./js-plan.ts";
import { sizeOf } from "./js-values.ts";

/** Elements of the largest value in a tile. */
const TILE = 4096;
/** A plan that holds more is not kept between calls. */
const KEPT_BYTES = 1 << 24;

export class JsKernel implements Kernel<"sync"> {
  readonly engine = "js";
  readonly #program: Program;
  readonly #elements: number;
  #plan: Plan | undefined;
  constructor(program: Program, elements = TILE) {
    this.#program = program;
    this.#elements = elements;
  }

  /** Bytes that it keeps between calls: they grow to the largest tile, not with the input. */
  get scratchBytes(): number {
    return this.#plan?.bytes ?? 0;
  }
  run(
    feeds: Feeds,
    extents: readonly number[],
    parameters: Float64Array,
    outputs: Parameters<Kernel<"sync">["run"]>[3] = [],
  ): Outputs {
    const isKnown = this.#plan && extents.every((n, i) => n === this.#plan?.extents[i]);
    const plan = isKnown ? (this.#plan as Plan) : planOf(this.#program, [...extents], this.#elements);
    this.#plan = undefined; // a call that fails leaves its sums
    const results = this.#program.outputs.map((o, i) => outputs[i] ?? new storage[o.dtype](sizeOf(o.axes, plan.size)));
    plan.run({
      feeds: this.#program.inputs.map((_, i) => dataOf(feeds[i])),
      parameters,
      outputs: results.map(dataOf),
    });
    if (plan.bytes <= KEPT_BYTES) this.#plan = plan;
    return results;
  }
  dispose(): void {}
}
