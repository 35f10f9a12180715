/** The runtimes that these tests run on: ONNX Runtime in WebAssembly, and natively. */
import * as native from "onnxruntime-node";
import * as web from "onnxruntime-web";
import type { OnnxBackendOptions } from "./index.ts";

export const runtimes: Readonly<Record<string, OnnxBackendOptions>> = {
  "onnx:wasm": { ort: web, executionProviders: ["wasm"] },
  "onnx:node": { ort: native, executionProviders: ["cpu"] },
};
