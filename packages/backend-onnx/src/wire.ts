/** Between the storage of a dtype and the arrays that ONNX Runtime's tensors hold. */
import { type DType, fromNumbers, LossError, storage, type TypedArray, toNumbers } from "@isoloss/core";
import type { OrtType } from "./runtime.ts";

/** Data of `dtype` for a tensor of type `wire`. The same array where the two are the same. */
export function toWire(data: TypedArray, dtype: DType, wire: OrtType): TypedArray {
  if (dtype === wire) return data;
  const numbers = toNumbers(data, dtype);
  const out = fromNumbers(numbers, wire);
  if (wire === "int32")
    numbers.forEach((x, i) => {
      if (out[i] !== x)
        throw new LossError("value", `${x} at position ${i} does not fit in int32, which is what runs here`);
    });
  return out;
}

/** What a tensor of type `wire` holds, in the storage of `dtype`. */
export function fromWire(data: unknown, dtype: DType, wire: OrtType): TypedArray {
  const array = data as TypedArray;
  if (dtype !== wire) return fromNumbers(toNumbers(array, wire), dtype);
  if (dtype !== "float16" || array instanceof Uint16Array) return array;
  const { buffer, byteOffset, length } = array as TypedArray; // a Float16Array, where JavaScript has it
  return new storage.float16(buffer as ArrayBuffer, byteOffset, length);
}
