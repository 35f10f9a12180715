/** Whether onnxruntime-node finds a GPU here. */
import { createOnnxBackend } from "@isoloss/backend-onnx";
import { constant, program } from "@isoloss/core";
import * as ort from "onnxruntime-node";

const backend = createOnnxBackend({ ort, executionProviders: ["webgpu"] });
/** Why there is no GPU; undefined where there is one. */
export const missing: Error | undefined = await backend.compile(program([constant(1, "float32")])).then(
  () => undefined,
  (e: Error) => e,
);
await backend.dispose();
