/** A program's first small calls run in JavaScript, to the same bits: it is compiled when it has had so much to do that this pays. */
import type { Program } from "@isoloss/core";
import type { CpuKernel } from "./cpu-backend.ts";
import { jsEngine } from "./js-backend.ts";

/**
 * What the JavaScript engine computes before it hands over, in elements over all axes; and what a call costs it besides. Both
 * take about as long as compiling does, so that no program takes much more than twice what the better choice would have taken.
 */
const PATIENCE = 32768;
const CALL = 512;

export function tieredKernel(program: Program, compile: (program: Program) => CpuKernel): CpuKernel {
  let script: CpuKernel | undefined;
  let compiled: CpuKernel | undefined;
  let left = PATIENCE;
  /** The compiled kernel, which runs every call from now on. */
  const ready = (): CpuKernel => {
    script = undefined;
    compiled ??= compile(program);
    return compiled;
  };
  return {
    get engine() {
      return ready().engine;
    },
    get engineReason() {
      return ready().engineReason;
    },
    run(feeds, extents, parameters, outputs) {
      if (!compiled) left -= CALL + extents.reduce((n, e) => n * e, 1);
      if (compiled || left <= 0) return ready().run(feeds, extents, parameters, outputs);
      script ??= jsEngine(program);
      return script.run(feeds, extents, parameters, outputs);
    },
    dispose() {
      compiled?.dispose();
    },
  };
}
