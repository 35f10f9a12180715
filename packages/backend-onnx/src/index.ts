/** Runs isoloss programs on ONNX Runtime, and writes them as .onnx files. */
export { createOnnxBackend, type GpuResident, type OnnxBackend, type OnnxBackendOptions } from "./backend.ts";
export {
  type Dims,
  dimsOf,
  type ExportedInput,
  type ExportedOutput,
  type ExportOptions,
  exportOnnx,
  opsets,
} from "./export.ts";
export { type ExportedCall, exportLoss, type LossExportOptions } from "./export-loss.ts";
export type { GpuBuffer, GpuDevice, GpuTensorBuffer } from "./gpu.ts";
export { type Carrier, type Provider, providers } from "./providers.ts";
export type { Ort, OrtSession, OrtSessionOptions, OrtTensor, OrtType } from "./runtime.ts";
