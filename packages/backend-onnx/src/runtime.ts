/**
 * What this package uses of ONNX Runtime, by shape: `onnxruntime-web`, its `/wasm` and `/webgpu` entries and
 * `onnxruntime-node` all fit, and none of them is imported.
 */
import type { TypedArray } from "@isoloss/core";
import type { GpuBuffer, GpuDevice } from "./gpu.ts";

/** The name of a tensor's element type in ONNX Runtime. */
export type OrtType = "float64" | "float32" | "float16" | "int64" | "int32" | "int16" | "int8" | "uint8" | "bool";

export interface OrtTensor {
  readonly dims: readonly number[];
  readonly type: string;
  /** Throws where the data is not on the CPU. */
  readonly data: unknown;
  readonly location: string;
  getData(release?: boolean): Promise<unknown>;
  dispose(): void;
}
export interface OrtSession {
  run(feeds: Readonly<Record<string, unknown>>, fetches: Readonly<Record<string, unknown>>): Promise<unknown>;
  release(): Promise<void>;
}
export interface OrtSessionOptions {
  readonly executionProviders: readonly (string | { readonly name: string; readonly device: GpuDevice })[];
  readonly graphOptimizationLevel?: "disabled" | "basic" | "extended" | "all";
  readonly logSeverityLevel?: 0 | 1 | 2 | 3 | 4;
  readonly extra?: Readonly<Record<string, unknown>>;
}
/** The types of tensors that ONNX Runtime keeps in GPU buffers. */
export type GpuType = "float32" | "int32" | "bool";
/** The module, as it is imported: `import * as ort from "onnxruntime-web"`. */
export interface Ort {
  readonly InferenceSession: {
    create(model: Uint8Array, options: OrtSessionOptions): Promise<OrtSession>;
  };
  readonly Tensor: (new (
    type: OrtType,
    data: TypedArray,
    dims: readonly number[],
  ) => OrtTensor) & {
    fromGpuBuffer(buffer: GpuBuffer, options: { dataType: GpuType; dims: readonly number[] }): OrtTensor;
  };
  /** `webgpu.device` is what sessions run on that are given no device: the first of them makes it. */
  readonly env: { readonly webgpu?: { device?: unknown } };
  /** Only `onnxruntime-node` has this. */
  readonly listSupportedBackends?: () => readonly { readonly name: string; readonly bundled: boolean }[];
}

/** One after the other: what ONNX Runtime cannot do concurrently waits here. */
export class Queue {
  #last: Promise<unknown> = Promise.resolve();
  /** Runs `task` when everything before it has ended, well or badly. */
  add<T>(task: () => Promise<T>): Promise<T> {
    const next = this.#last.then(task, task);
    this.#last = next.catch(() => {});
    return next;
  }
}

/** Two backends may share one runtime, and then they share its queue. */
const queues = new WeakMap<object, Queue>();
/** The queue of a runtime instance. */
export function queueOf(ort: Ort): Queue {
  const session = ort.InferenceSession; // a module namespace may differ by import; this object does not
  const queue = queues.get(session) ?? new Queue();
  queues.set(session, queue);
  return queue;
}
