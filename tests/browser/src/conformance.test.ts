/** Every backend that runs in a browser, against the reference. */
import { createCpuBackend } from "@isoloss/backend-cpu";
import { createOnnxBackend } from "@isoloss/backend-onnx";
import { testBackend } from "@isoloss/conformance";
import * as ort from "onnxruntime-web/webgpu";
import { testOnGpu } from "./on-gpu.ts";

for (const engine of ["wasm", "js"] as const)
  testBackend(createCpuBackend({ engine }), {
    tolerance: {
      exact: true,
      float64: { relative: 1e-13, absolute: 1e-13 },
      float32: { relative: 1e-5, absolute: 1e-6 },
      float16: { relative: 1e-3, absolute: 1e-3 },
      bfloat16: { relative: 1e-2, absolute: 1e-2 },
    },
  });

testOnGpu(createOnnxBackend({ ort, executionProviders: ["webgpu"] }));
