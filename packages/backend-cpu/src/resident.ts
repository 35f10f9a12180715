/** Arrays that a backend gives out: in its own memory, where kernels read and write them in place, or plain ones. */
import { type BackendBuffer, type DType, storage, type TypedArray } from "@isoloss/core";
import type { Memory } from "./memory.ts";

/** Kernels rarely need more than this for their tiles: views of `data` then stay. */
const ROOM = 4 << 20;

/** In a memory, its `data` is a view that a growing memory detaches: ask for it anew, do not keep it. */
export function bufferOf(backend: string, dtype: DType, shape: readonly number[], memory?: Memory): BackendBuffer {
  const length = shape.reduce((n, d) => n * d, 1);
  const address = memory?.allocate(length * storage[dtype].BYTES_PER_ELEMENT, ROOM) ?? 0;
  let isDisposed = false;
  let view: TypedArray | undefined;
  const buffer = {
    backend,
    dtype,
    length,
    get data(): TypedArray {
      if (isDisposed) throw new TypeError("this buffer was disposed of");
      if (!view || (memory && view.buffer !== memory.buffer))
        view = memory ? new storage[dtype](memory.buffer, address, length) : new storage[dtype](length);
      return view;
    },
    read: async () => buffer.data.slice(),
    write: (from: TypedArray) => (buffer.data as Float64Array).set(from as Float64Array),
    dispose() {
      if (!memory) return;
      if (!isDisposed) memory.free(address);
      isDisposed = true;
      view = undefined;
    },
  };
  buffer.data.fill(0 as never);
  return buffer;
}
