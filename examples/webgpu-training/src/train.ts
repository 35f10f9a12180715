/** Training whose tensors never leave the GPU: PyTorch's CrossEntropyLoss on ONNX Runtime's WebGPU, between two shaders. */
import { createTorch } from "@isoloss/adapter-torch-style";
import { createOnnxBackend, type GpuDevice, type GpuTensorBuffer } from "@isoloss/backend-onnx";
import type * as OnnxRuntime from "onnxruntime-web/webgpu";
import { classes, features, points } from "./data.ts";
import { createModel } from "./shaders.ts";

export interface TrainingOptions {
  readonly ort: typeof OnnxRuntime;
  readonly steps: number;
  readonly count?: number;
  readonly rate?: number;
  readonly onStep?: (step: number, loss: number) => void;
}
export interface Trained {
  readonly losses: readonly number[];
  /** The share of points in their own class. */
  readonly accuracy: number;
}

const gpuBufferOf = (buffer: GpuTensorBuffer): GPUBuffer => buffer.gpuBuffer as unknown as GPUBuffer;

export async function train({ ort, steps, count = 512, rate = 0.5, onStep }: TrainingOptions): Promise<Trained> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error("this browser has no WebGPU adapter");
  const device = await adapter.requestDevice();
  const backend = createOnnxBackend({ ort, executionProviders: ["webgpu"], device: device as unknown as GpuDevice });
  const torch = createTorch({ backend, profile: "torch@2.13" });

  const data = points(count);
  const x = backend.alloc("float32", [count, features]);
  const labels = backend.alloc("int32", [count]);
  const w = backend.alloc("float32", [features, classes]);
  const logits = backend.alloc("float32", [count, classes]);
  const gradient = backend.alloc("float32", [count, classes]);
  const all = [x, labels, w, logits, gradient];
  x.write(data.x);
  labels.write(data.labels);
  w.write(new Float32Array(features * classes));

  const buffers = {
    x: gpuBufferOf(x),
    w: gpuBufferOf(w),
    logits: gpuBufferOf(logits),
    gradient: gpuBufferOf(gradient),
  };
  const model = createModel(device, buffers, count, rate);
  const lossAndGradient = torch.valueAndGrad(new torch.nn.CrossEntropyLoss(), { out: { input: gradient } });

  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    model.forward();
    const { value } = await lossAndGradient(
      { data: logits, shape: [count, classes] },
      { data: labels, shape: [count] },
    );
    model.step();
    losses.push(value.item());
    onStep?.(step, value.item());
  }

  model.forward();
  const accuracy = accuracyOf((await logits.read()) as Float32Array, data.labels);
  for (const buffer of all) buffer.dispose();
  await backend.dispose();
  return { losses, accuracy };
}

function accuracyOf(logits: Float32Array, labels: Int32Array): number {
  let right = 0;
  for (const [n, label] of labels.entries()) {
    const row = logits.subarray(n * classes, (n + 1) * classes);
    if (row.indexOf(Math.max(...row)) === label) right++;
  }
  return right / labels.length;
}
