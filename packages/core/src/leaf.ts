/** The tensors of a call as leaves of its graph, and what becomes of their data. Class indices have a file of their own. */
import { arrayOf, type BackendBuffer, type Feed } from "./backend.ts";
import { type DType, fromNumbers, isFloat, storage, type TypedArray, toNumbers } from "./dtype.ts";
import { UnsupportedError } from "./errors.ts";
import type { Axis, Node } from "./node.ts";
import { cast, expand, input } from "./ops.ts";
import type { Tensor, TensorType } from "./tensor.ts";

/** One tensor of the call as a feed of the program. */
export interface Source {
  readonly name: string;
  /** Brings the data into the leaf's storage; the identity where it is there already. */
  convert(data: Feed): Feed;
  readonly labels?: LabelRange;
}
/** The range of class indices, in which every one must lie but `except`. */
export interface LabelRange {
  readonly except: number | undefined;
  /** Refuses an index outside. `indices` are converted, `original` says what the caller wrote. */
  check(indices: Feed, original: Tensor): void;
}

/** The data of a feed where JavaScript can read it. What it cannot must have the leaf's type already. */
export function readable(feed: Feed, leaf: DType): TypedArray | undefined {
  const data = arrayOf(feed);
  if (data === undefined && (feed as BackendBuffer).dtype !== leaf)
    throw new UnsupportedError(
      `a ${(feed as BackendBuffer).dtype} buffer of ${(feed as BackendBuffer).backend} is needed as ${leaf} here: give it as ${leaf}`,
    );
  return data;
}

/** Integers as the type that they are computed in. */
export const toDType =
  (from: DType, to: DType): Source["convert"] =>
  (feed) => {
    const data = readable(feed, to);
    if (data === undefined || (from === to && data instanceof storage[to])) return feed;
    return fromNumbers(toNumbers(data, from), to);
  };

export interface Leaf {
  readonly node: Node;
  readonly port: Node;
  readonly source: Source;
}

/** `over`: the axes along which it is repeated before it is cast. */
export function leafOf(
  name: string,
  type: TensorType,
  axes: readonly Axis[],
  to: DType,
  over: readonly Axis[] = [],
): Leaf {
  // An integer goes straight to the type it is computed in; a float stays as given, so that its gradient has its type.
  const own = isFloat(type.dtype) ? type.dtype : to;
  const node = input(name, axes, own);
  return { node, port: cast(expand(node, over), to), source: { name, convert: toDType(type.dtype, own) } };
}
