/** Runs isoloss programs on the CPU, synchronously. */
export { type CpuBackend, type CpuBackendOptions, createCpuBackend } from "./backend.ts";
export type { CpuEngine, CpuKernel, Engine, EngineOptions } from "./cpu-backend.ts";
export { createJsBackend, jsEngine } from "./js-backend.ts";
export { createWasmBackend, type WasmBackendOptions } from "./wasm-backend.ts";
