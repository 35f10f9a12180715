/** A program's first small calls run in JavaScript, to the same bits: it is compiled when it has had so much to do that this pays. */
import type { Extents, Feeds, Kernel, Outputs, Program } from "@isoloss/core";
import type { CpuKernel, Engine } from "./cpu-backend.ts";
import { JsKernel } from "./js-engine.ts";

/**
 * What the JavaScript engine computes before it hands over, in elements over all axes; and what a call costs it besides. Both
 * take about as long as compiling does, so that no program takes much more than twice what the better choice would have taken.
 */
const PATIENCE = 32768;
const CALL = 512;

export class TieredKernel implements CpuKernel {
  readonly #program: Program;
  readonly #compile: (program: Program) => CpuKernel;
  #script: JsKernel | undefined;
  #compiled: CpuKernel | undefined;
  #left = PATIENCE;
  constructor(program: Program, compile: (program: Program) => CpuKernel) {
    this.#program = program;
    this.#compile = compile;
  }
  /** The compiled kernel, which runs every call from now on. */
  #ready(): CpuKernel {
    this.#script = undefined;
    this.#compiled ??= this.#compile(this.#program);
    return this.#compiled;
  }
  get engine(): Engine {
    return this.#ready().engine;
  }
  get engineReason(): string | undefined {
    return this.#ready().engineReason;
  }
  run(
    feeds: Feeds,
    extents: Extents,
    parameters: Float64Array,
    outputs?: Parameters<Kernel<"sync">["run"]>[3],
  ): Outputs {
    if (!this.#compiled) {
      this.#left -= CALL + extents.reduce((n, e) => n * e, 1);
      if (this.#left > 0) {
        this.#script ??= new JsKernel(this.#program);
        return this.#script.run(feeds, extents, parameters, outputs);
      }
    }
    return this.#ready().run(feeds, extents, parameters, outputs);
  }
  dispose(): void {
    this.#compiled?.dispose();
  }
}
