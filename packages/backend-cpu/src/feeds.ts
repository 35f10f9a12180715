/** The arrays of a call where kernels can read them. */
import { type Feed, LossError, type TypedArray, UnsupportedError } from "@isoloss/core";

/** The typed array of a feed: the caller's own, or that of an array in this backend's memory. */
export function dataOf(feed: Feed | undefined): TypedArray {
  if (ArrayBuffer.isView(feed)) return feed as TypedArray;
  if (feed?.data) return feed.data;
  throw feed === undefined
    ? new LossError("missing", "a feed is missing")
    : new UnsupportedError(`cpu cannot read data of ${feed.backend}: read() it first`);
}
