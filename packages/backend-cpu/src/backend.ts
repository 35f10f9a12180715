/** `createCpuBackend`: runs programs on the CPU, synchronously, with whichever engine is allowed. */
import { isLossError, type Program } from "@isoloss/core";
import type { CpuBackend, Engine, EngineOptions } from "./cpu-backend.ts";
import { inspect } from "./inspect.ts";
import { createJsBackend, jsEngine } from "./js-backend.ts";
import { TieredKernel } from "./tiered.ts";
import { createWasmBackend } from "./wasm-backend.ts";

export interface CpuBackendOptions extends EngineOptions {
  /**
   * "wasm" compiles every program to WebAssembly SIMD before its first call, "js" runs all in plain JavaScript. Default: where
   * WebAssembly is allowed, a program is compiled once it has had some thousand elements to compute, and runs in JavaScript
   * until then. The bits are the same.
   */
  readonly engine?: Engine;
}
/** With both engines, and what a compiler is asked when its code is in doubt. */
export interface FullCpuBackend extends CpuBackend {
  /** The loops and the WebAssembly of a program as text, or the reason why it has none. */
  inspect(program: Program): string;
}

function engineOf({ engine, ...options }: CpuBackendOptions): { own: CpuBackend; reason: string } {
  if (engine === "js") return { own: createJsBackend(options), reason: "asked for" };
  try {
    const own = createWasmBackend({ ...options, fallback: jsEngine });
    return { own, reason: engine ? "asked for" : "the default" };
  } catch (error) {
    if (engine === "wasm" || !isLossError(error)) throw error;
    return { own: createJsBackend(options), reason: error.message.replace("cpu: ", "") };
  }
}

/** A CPU backend. Each owns its memory: nothing is shared between two of them. */
export function createCpuBackend(options: CpuBackendOptions = {}): FullCpuBackend {
  const { own, reason } = engineOf(options);
  const { compile } = own;
  const isTiered = own.engine === "wasm" && !options.engine;
  return Object.assign(own, {
    engineReason: reason,
    inspect,
    compile: isTiered ? (program: Program) => new TieredKernel(program, compile) : compile,
  });
}
