/** Runs isoloss programs on the CPU, synchronously. */
export { type CpuBackendOptions, createCpuBackend } from "./backend.ts";
export type { CpuBackend, CpuKernel, Engine, EngineOptions } from "./cpu-backend.ts";
export { inspect } from "./inspect.ts";
export { createJsBackend, jsEngine } from "./js-backend.ts";
export { createWasmBackend, type WasmBackendOptions } from "./wasm-backend.ts";
