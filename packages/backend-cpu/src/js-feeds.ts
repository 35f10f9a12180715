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
import { type Values, valuesOf } from "./js-values.ts";

/** The typed array of a feed: the caller's own, or that of an array in this backend's memory. */
export function dataOf(feed: Feed | undefined): TypedArray {
  if (ArrayBuffer.isView(feed)) return feed as TypedArray;
  if (feed?.data) return feed.data;
  throw feed === undefined
    ? new LossError("missing", "a feed is missing")
    : new UnsupportedError(`cpu cannot read data of ${feed.backend}: read() it first`);
}

export function readFeed(data: TypedArray, dtype: DType): Values {
  if (dtype !== "int64" && !isHalf(dtype)) return data as Values;
  const out = valuesOf(dtype, data.length);
  const decode = decoder(dtype);
  for (let i = 0; i < out.length; i++) out[i] = decode(Number(data[i]));
  return out;
}

export function writeResult(values: Values, dtype: DType, given: Feed | undefined): Feed {
  const encoded = dtype === "int64" || isHalf(dtype) ? fromNumbers(values, dtype) : values;
  if (given === undefined) return encoded.slice();
  (dataOf(given) as Float64Array).set(encoded as Float64Array);
  return given;
}
