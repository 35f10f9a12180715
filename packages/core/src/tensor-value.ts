/** What calls give back: a tensor that can be read. */
import { volumeOf } from "./align.ts";
import { arrayOf, type Feed } from "./backend.ts";
import { type DType, decoder } from "./dtype.ts";
import { LossError, UnsupportedError } from "./errors.ts";
import type { Tensor } from "./tensor.ts";

/** Numbers nested as deep as the tensor has dimensions; one number where it has none. */
export type NestedNumbers = number | NestedNumbers[];

/** A tensor: `data` row-major over `shape`, in the storage of `dtype`. */
export class TensorValue implements Tensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: Feed;
  constructor(dtype: DType, shape: readonly number[], data: Feed) {
    this.dtype = dtype;
    this.shape = shape;
    this.data = data;
  }
  /** The number that a tensor of one element holds. */
  item(): number {
    const n = volumeOf(this.shape);
    if (n !== 1) throw new LossError("shape", `a tensor with ${n} elements cannot be converted to a number`);
    return this.#numbers()(0);
  }
  /** The numbers, nested by dimension. */
  tolist(): NestedNumbers {
    const number = this.#numbers();
    const level = (depth: number, at: number): NestedNumbers => {
      if (depth === this.shape.length) return number(at);
      const step = volumeOf(this.shape.slice(depth + 1));
      return Array.from({ length: this.shape[depth] as number }, (_, i) => level(depth + 1, at + i * step));
    };
    return level(0, 0);
  }
  #numbers(): (i: number) => number {
    const data = arrayOf(this.data);
    if (!data)
      throw new UnsupportedError("this tensor's data is not in JavaScript's reach: await its data.read() first");
    const decode = decoder(this.dtype);
    return (i) => decode(Number(data[i]));
  }
}
