/** Arrays in the backend's own memory: kernels read and write them in place. */
import { type BackendBuffer, type DType, storage, type TypedArray } from "@isoloss/core";
import type { Memory } from "./memory.ts";

/** Kernels rarely need more than this for their tiles: views of `data` then stay. */
const ROOM = 4 << 20;

/** Its `data` is a view that a growing memory detaches: ask for it anew, do not keep it. */
export class ResidentBuffer implements BackendBuffer {
  readonly backend: string;
  readonly dtype: DType;
  readonly length: number;
  readonly #memory: Memory;
  #address: number;
  #view: TypedArray | undefined;
  constructor(memory: Memory, backend: string, dtype: DType, shape: readonly number[]) {
    this.backend = backend;
    this.dtype = dtype;
    this.length = shape.reduce((n, d) => n * d, 1);
    this.#memory = memory;
    this.#address = memory.allocate(this.length * storage[dtype].BYTES_PER_ELEMENT, ROOM);
    this.data.fill(0 as never);
  }
  get data(): TypedArray {
    if (this.#address < 0) throw new TypeError("this buffer was disposed of");
    const { buffer } = this.#memory;
    if (this.#view?.buffer !== buffer) this.#view = new storage[this.dtype](buffer, this.#address, this.length);
    return this.#view;
  }
  async read(): Promise<TypedArray> {
    return this.data.slice();
  }
  write(data: TypedArray): void {
    (this.data as Float64Array).set(data as Float64Array);
  }
  dispose(): void {
    if (this.#address >= 0) this.#memory.free(this.#address);
    this.#address = -1;
    this.#view = undefined;
  }
}

/** The same where there is no such memory: an array of JavaScript. */
export function plainBuffer(backend: string, dtype: DType, shape: readonly number[]): BackendBuffer {
  const data: TypedArray = new storage[dtype](shape.reduce((n, d) => n * d, 1));
  return {
    backend,
    dtype,
    length: data.length,
    data,
    read: async () => data.slice(),
    write: (from) => (data as Float64Array).set(from as Float64Array),
    dispose() {},
  };
}
