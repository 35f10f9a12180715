/** From a caller's arrays to the values of the JavaScript engine, and back. */
import { type DType, decoder, fromNumbers, isHalf, type TypedArray } from "@isoloss/core";
import type { Values } from "./js-values.ts";

/** Whether values are kept otherwise than in the storage of their dtype. */
export const isEncoded = (dtype: DType): boolean => dtype === "int64" || isHalf(dtype);
/** From the storage of a dtype. */
export function decode(data: TypedArray, dtype: DType, into: Values): void {
  const number = decoder(dtype);
  for (let i = 0; i < into.length; i++) into[i] = number(Number(data[i]));
}
/** To the storage of a dtype. */
export const encode = (values: Values, dtype: DType): TypedArray =>
  isEncoded(dtype) ? fromNumbers(values, dtype) : values;
