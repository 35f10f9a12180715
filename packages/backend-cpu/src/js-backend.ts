/** `createJsBackend`: programs in plain JavaScript, for pages where WebAssembly is forbidden. */
import type { Program } from "@isoloss/core";
import { type CpuBackend, type CpuKernel, common, type EngineOptions } from "./cpu-backend.ts";
import { JsKernel } from "./js-engine.ts";
import { bufferOf } from "./resident.ts";

/** Of `tileBytes`, where it is given, what an element takes in the JavaScript engine, which keeps a tile of every value. */
const ELEMENT_BYTES = 16;

/** Runs a program that another engine refuses: `createWasmBackend({ fallback: jsEngine })`. */
export const jsEngine = (program: Program): CpuKernel => new JsKernel(program);

export function createJsBackend({ tuning }: EngineOptions = {}): CpuBackend {
  const elements = tuning?.tileBytes && tuning.tileBytes / ELEMENT_BYTES;
  return {
    ...common,
    name: "cpu:js",
    engine: "js",
    alloc: (dtype, shape) => bufferOf("cpu:js", dtype, shape),
    memoryBytes: 0,
    compile: (program) => new JsKernel(program, elements),
  };
}
