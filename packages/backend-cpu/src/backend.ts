/** `createCpuBackend`: runs programs on the CPU, synchronously, with whichever engine is allowed. */
import { isLossError, type Program } from "@isoloss/core";
import type { CpuBackend, Engine, EngineOptions } from "./cpu-backend.ts";
import { inspect } from "./inspect.ts";
import { createJsBackend, jsEngine } from "./js-backend.ts";
import { tieredKernel } from "./tiered.ts";
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

/** A CPU backend. Each owns its memory: nothing is shared between two of them. */
export function createCpuBackend({ engine, ...options }: CpuBackendOptions = {}): FullCpuBackend {
  let engineReason = engine ? "asked for" : "the default";
  let own: CpuBackend | undefined;
  if (engine !== "js")
    try {
      own = createWasmBackend({ ...options, fallback: jsEngine });
    } catch (error) {
      if (engine || !isLossError(error)) throw error;
      engineReason = error.message.replace("cpu: ", "");
    }
  own ??= createJsBackend(options);
  const { compile } = own;
  const isTiered = own.engine === "wasm" && !engine;
  return Object.assign(own, {
    engineReason,
    inspect,
    compile: isTiered ? (program: Program) => tieredKernel(program, compile) : compile,
  });
}
