/** The JavaScript engine: sweep by sweep, tile by tile, one loop a primitive; what remains where WebAssembly is forbidden. */
import {
  type Feeds,
  type Kernel,
  type Node,
  type Outputs,
  type Program,
  storage,
  type TypedArray,
} from "@isoloss/core";
import { dataOf } from "./feeds.ts";
import { encode } from "./js-feeds.ts";
import { startOf, writeSlice } from "./js-slices.ts";
import { type Call, type SweepPlan, Tiler, type Tiling } from "./js-tiling.ts";
import { type Values, valuesOf } from "./js-values.ts";

/** Elements of the largest value in a tile. */
const TILE = 4096;
const nothing = valuesOf("bool", 0);

export class JsKernel implements Kernel<"sync"> {
  readonly engine = "js";
  readonly #program: Program;
  readonly #tiler: Tiler;
  readonly #elements: number;
  readonly #values: Values[] = [];
  #sizes: readonly number[] = [];
  #tiling: Tiling | undefined;
  constructor(program: Program, elements = TILE) {
    this.#program = program;
    this.#elements = elements;
    this.#tiler = new Tiler(program, elements);
  }

  /** Bytes that it keeps for tiles between calls: they grow to the largest tile, not with the input. */
  get scratchBytes(): number {
    return this.#tiler.scratchBytes;
  }
  run(
    feeds: Feeds,
    extents: readonly number[],
    parameters: Float64Array,
    outputs: Parameters<Kernel<"sync">["run"]>[3] = [],
  ): Outputs {
    const tiling = this.#plan(extents);
    const results = this.#program.outputs.map((o, i) => outputs[i] ?? new storage[o.dtype](tiling.layout.size(o.axes)));
    const call = {
      feeds: this.#program.inputs.map((_, i) => dataOf(feeds[i])),
      parameters,
      outputs: results.map(dataOf),
    };
    tiling.whole.forEach((values, i) => {
      for (const v of values) this.#values[v.at] = v.fill(this.#values, call, []);
      const sweep = tiling.sweeps[i];
      if (sweep) this.#sweep(sweep, tiling, call);
    });
    for (const { output, at } of tiling.outputs) {
      const { dtype } = this.#program.outputs[output] as Node;
      (call.outputs[output] as Float64Array).set(encode(this.#values[at] as Values, dtype) as Float64Array);
    }
    this.#values.fill(nothing); // holds no array of the caller's between calls
    if (tiling.wholeElements > 4 * this.#elements) this.#tiling = undefined;
    return results;
  }
  #plan(extents: readonly number[]): Tiling {
    const isSame = this.#tiling && extents.every((n, i) => n === this.#sizes[i]);
    if (!isSame) this.#tiling = this.#tiler.plan(extents);
    this.#sizes = [...extents];
    return this.#tiling as Tiling;
  }
  /** All tiles in row-major order of the tiled axes. */
  #sweep({ frames, crossings }: SweepPlan, { extents, count }: Tiling, call: Call): void {
    for (const { state } of crossings) state.begin();
    const last = extents.length - 1;
    const length = extents[last] as number;
    const slabs = extents.slice(0, last).reduce((n, e) => n * e, 1);
    const indices = extents.map(() => 0);
    for (let slab = 0; slab < slabs; slab++) {
      for (let k = last - 1, left = slab; k >= 0; k--) {
        const e = extents[k] as number;
        indices[k] = left % e;
        left = Math.floor(left / e);
      }
      for (let first = 0; first < length; first += count) {
        indices[last] = first;
        const frame = frames[length - first < count ? 1 : 0];
        for (const v of frame.values) this.#values[v.at] = v.fill(this.#values, call, indices);
        for (const c of crossings) c.state.add(this.#values[c.from] as Values, frame.layout);
        for (const { output, at, slice } of frame.outputs) {
          const { dtype } = this.#program.outputs[output] as Node;
          const tile = encode(this.#values[at] as Values, dtype);
          writeSlice(tile, slice, startOf(slice, indices), call.outputs[output] as TypedArray);
        }
      }
    }
    for (const { at, state } of crossings) this.#values[at] = state.finish();
  }
  dispose(): void {}
}
