/** Runs isoloss programs on ONNX Runtime, and writes them as .onnx files. */
export { createOnnxBackend, type GpuResident, type OnnxBackend, type OnnxBackendOptions } from "./backend.ts";
export { type CallExportOptions, type ExportedCall, exportCall } from "./export-call.ts";
export { exportOnnx, type LossExportOptions, usualCall } from "./export-onnx.ts";
export {
  type Dims,
  dimsOf,
  type ExportedInput,
  type ExportedOutput,
  type ExportOptions,
  exportProgram,
  opsets,
} from "./export-program.ts";
export type { GpuBuffer, GpuDevice, GpuTensorBuffer } from "./gpu.ts";
export { type Carrier, type Provider, providers } from "./providers.ts";
export type { Ort, OrtSession, OrtSessionOptions, OrtTensor, OrtType } from "./runtime.ts";
