/** From a caller's arrays to the values of the JavaScript engine, and back. */
import {
  type DType,
  decoder,
  type Feed,
  fromNumbers,
  isHalf,
  LossError,
  type TypedArray,
  UnsupportedError,
} from "@isoloss/core";
import type { Values } from "./js-values.ts";

/** The typed array of a feed: the caller's own, or that of an array in this backend's memory. */
export function dataOf(feed: Feed | undefined): TypedArray {
  if (ArrayBuffer.isView(feed)) return feed as TypedArray;
  if (feed?.data) return feed.data;
  throw feed === undefined
    ? new LossError("missing", "a feed is missing")
    : new UnsupportedError(`cpu cannot read data of ${feed.backend}: read() it first`);
}

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
