/** Runs isoloss programs on the CPU, synchronously. */
export { type CpuBackend, type CpuBackendOptions, type CpuKernel, createCpuBackend, type Engine } from "./backend.ts";
