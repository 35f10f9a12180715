/** Calls of a loss whose tensors lie on the GPU: as ONNX Runtime's tensors, checked there or not, gradients left there. */
import { createOnnxBackend, type GpuTensorBuffer } from "@isoloss/backend-onnx";
import { CALLABLE, createCallable, createEngine, valueAndGradOf } from "@isoloss/core";
import * as ort from "onnxruntime-web/webgpu";
import { afterAll, expect, it } from "vitest";
import { entropy } from "../../../packages/core/src/entropy.test.support.ts";

const plain = createOnnxBackend({ ort, executionProviders: ["webgpu"] });
const careful = createOnnxBackend({ ort, executionProviders: ["webgpu"], validate: "read" });
afterAll(() => Promise.all([plain.dispose(), careful.dispose()]));

function call(backend: typeof plain, settings = {}) {
  const engine = createEngine(backend);
  const entry = { entry: "CrossEntropy", contract: entropy, as: "class", hint: () => "" } as const;
  const style = { engine, isPrediction: (name: string) => name === "input", onWarning: undefined };
  return valueAndGradOf(engine, { [CALLABLE]: createCallable(style, entry, "CrossEntropy") }, settings);
}
const [N, C] = [4, 3];
const numbers = Float32Array.from({ length: N * C }, (_, i) => Math.sin(7 * i));
const [good, bad] = [Int32Array.of(0, 2, 1, 1), Int32Array.of(0, 2, 3, 1)];

/** A tensor of ONNX Runtime on the GPU. */
function resident(data: Float32Array | Int32Array, dims: readonly number[]): ort.Tensor {
  const type = data instanceof Int32Array ? "int32" : "float32";
  const buffer = plain.alloc(type, [data.length]);
  buffer.write(data);
  return ort.Tensor.fromGpuBuffer(buffer.gpuBuffer as never, { dataType: type, dims });
}

it("ONNX Runtime's tensors on the GPU are taken as they are, and gradients stay there on request", async () => {
  const here = await call(plain)({ data: numbers, shape: [N, C] }, good);
  const run = call(plain, { output: "gpu" });
  const logits = resident(numbers, [N, C]);
  expect(() => logits.data).toThrow();
  for (let i = 0; i < 2; i++) {
    const there = await run(logits, resident(good, [N]));
    expect(there.value.item()).toBeCloseTo(here.value.item(), 6);
    const gradient = there.grads["input"]?.data as GpuTensorBuffer;
    expect(gradient.gpuBuffer).toBeInstanceOf(GPUBuffer);
    expect(await gradient.read()).toEqual(here.grads["input"]?.data);
    gradient.dispose();
  }
});

it("labels on the GPU are refused out of range where they are read back, and give NaN where they are not", async () => {
  const [logits, labels] = [resident(numbers, [N, C]), resident(bad, [N])];
  const { value, grads } = await call(plain)(logits, labels);
  expect(value.item()).toBeNaN();
  const rows = Array.from(grads["input"]?.data as Float32Array, Number.isNaN);
  expect(rows).toEqual(Array.from({ length: N * C }, (_, i) => Math.floor(i / C) === 2));
  await expect(call(careful)(logits, labels)).rejects.toThrow(
    expect.objectContaining({ code: "index-out-of-range", message: expect.stringContaining("index 3 at element 2") }),
  );
  const fine = await call(careful)(logits, resident(good, [N]));
  expect(fine.value.item()).toBeGreaterThan(0);
});
