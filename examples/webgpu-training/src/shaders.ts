/** The model: logits = X·W, and a step down the gradient, W ← W − rate·Xᵀ·G. Plain WGSL, as anybody's model would be. */
import { classes, features } from "./data.ts";

const forward = /* wgsl */ `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> w: array<f32>;
@group(0) @binding(2) var<storage, read_write> logits: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i >= arrayLength(&logits)) { return; }
  var sum = 0.0;
  for (var f = 0u; f < ${features}u; f++) { sum += x[i / ${classes}u * ${features}u + f] * w[f * ${classes}u + i % ${classes}u]; }
  logits[i] = sum;
}`;
const step = /* wgsl */ `
override rate: f32;
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> gradient: array<f32>;
@group(0) @binding(2) var<storage, read_write> w: array<f32>;
@compute @workgroup_size(1) fn main(@builtin(global_invocation_id) id: vec3u) {
  var sum = 0.0;
  let rows = arrayLength(&gradient) / ${classes}u;
  for (var n = 0u; n < rows; n++) { sum += x[n * ${features}u + id.x / ${classes}u] * gradient[n * ${classes}u + id.x % ${classes}u]; }
  w[id.x] -= rate * sum;
}`;

export interface Model {
  forward(): void;
  step(): void;
}
/** Buffers of the model. All are `storage`. */
export interface ModelBuffers {
  readonly x: GPUBuffer;
  readonly w: GPUBuffer;
  readonly logits: GPUBuffer;
  readonly gradient: GPUBuffer;
}

export function createModel(device: GPUDevice, buffers: ModelBuffers, count: number, rate: number): Model {
  const pass = (code: string, bound: readonly [GPUBuffer, GPUBuffer, GPUBuffer], groups: number, constants = {}) => {
    const module = device.createShaderModule({ code });
    const pipeline = device.createComputePipeline({ layout: "auto", compute: { module, constants } });
    // A buffer may be larger than its data: what is bound is what is there.
    const sizes = new Map([
      [buffers.logits, 4 * count * classes],
      [buffers.gradient, 4 * count * classes],
    ]);
    const entries = bound.map((buffer, binding) => {
      const size = sizes.get(buffer);
      return { binding, resource: { buffer, ...(size !== undefined && { size }) } };
    });
    const bindGroup = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    return () => {
      const encoder = device.createCommandEncoder();
      const compute = encoder.beginComputePass();
      compute.setPipeline(pipeline);
      compute.setBindGroup(0, bindGroup);
      compute.dispatchWorkgroups(groups);
      compute.end();
      device.queue.submit([encoder.finish()]);
    };
  };
  const { x, w, logits, gradient } = buffers;
  return {
    forward: pass(forward, [x, w, logits], Math.ceil((count * classes) / 64)),
    step: pass(step, [x, gradient, w], features * classes, { rate }),
  };
}
