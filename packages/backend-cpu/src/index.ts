/** Runs isoloss programs on the CPU, synchronously. */
export { type CpuBackendOptions, createCpuBackend, type FullCpuBackend } from "./backend.ts";
export type { CpuBackend, CpuKernel, Engine, EngineOptions } from "./cpu-backend.ts";
export { createJsBackend, jsEngine } from "./js-backend.ts";
export { createWasmBackend, type WasmBackendOptions } from "./wasm-backend.ts";
