/** What this package uses of WebGPU, by shape, and data in its buffers. */
import { type BackendBuffer, type DType, storage, type TypedArray } from "@isoloss/core";

export interface GpuBuffer {
  readonly mapState: "unmapped" | "pending" | "mapped";
  readonly size: number;
  mapAsync(mode: number): Promise<void>;
  getMappedRange(): ArrayBuffer;
  unmap(): void;
  destroy(): void;
}
interface GpuCommandEncoder {
  copyBufferToBuffer(from: GpuBuffer, fromOffset: number, to: GpuBuffer, toOffset: number, size: number): void;
  finish(): unknown;
}
export interface GpuDevice {
  createBuffer(descriptor: { size: number; usage: number }): GpuBuffer;
  createCommandEncoder(): GpuCommandEncoder;
  readonly queue: {
    writeBuffer(buffer: GpuBuffer, offset: number, data: ArrayBufferView): void;
    submit(commands: readonly unknown[]): void;
  };
}

// Bits of GPUBufferUsage and GPUMapMode, which exist only where there is WebGPU.
const MAP_READ = 0x1;
const COPY_SRC = 0x4;
const COPY_DST = 0x8;
const STORAGE = 0x80;
const READ = 0x1;

/** ONNX Runtime rounds the sizes of its buffers up to this. */
const ALIGNMENT = 16;
const aligned = (bytes: number): number => Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);

/** Data on the GPU. */
export interface GpuTensorBuffer extends BackendBuffer {
  readonly gpuBuffer: GpuBuffer;
}

/** A buffer on the device for `length` elements; or `existing`, which its owner destroys, and which needs the device only later. */
export function createGpuTensorBuffer(
  backend: string,
  deviceOf: () => GpuDevice,
  dtype: DType,
  length: number,
  existing?: GpuBuffer,
): GpuTensorBuffer {
  const bytes = length * storage[dtype].BYTES_PER_ELEMENT;
  const gpuBuffer = existing ?? deviceOf().createBuffer({ size: aligned(bytes), usage: STORAGE | COPY_SRC | COPY_DST });
  return {
    backend,
    dtype,
    length,
    gpuBuffer,
    data: undefined,
    async read() {
      const device = deviceOf();
      const size = aligned(bytes);
      const staging = device.createBuffer({ size, usage: MAP_READ | COPY_DST });
      const commands = device.createCommandEncoder();
      commands.copyBufferToBuffer(gpuBuffer, 0, staging, 0, Math.min(size, gpuBuffer.size));
      device.queue.submit([commands.finish()]);
      await staging.mapAsync(READ);
      const copy = staging.getMappedRange().slice(0, bytes);
      staging.destroy();
      return new storage[dtype](copy) as TypedArray;
    },
    write(data) {
      if (data.length !== length || !(data instanceof storage[dtype]))
        throw new TypeError(`a buffer of ${length} ${dtype} is written from as many, in a ${storage[dtype].name}`);
      const padded = new Uint8Array(aligned(bytes));
      padded.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      deviceOf().queue.writeBuffer(gpuBuffer, 0, padded);
    },
    dispose() {
      if (!existing) gpuBuffer.destroy();
    },
  };
}

export const isGpuTensorBuffer = (feed: unknown): feed is GpuTensorBuffer =>
  typeof feed === "object" && feed !== null && "gpuBuffer" in feed;
