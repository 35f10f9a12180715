/** The tensors of a call as leaves of its graph: what becomes of their data, and of class indices above all. */
import type { BackendBuffer, Feed } from "./backend.ts";
import { type DType, type FloatDType, fromNumbers, isFloat, storage, type TypedArray, toNumbers } from "./dtype.ts";
import { LossError, UnsupportedError } from "./errors.ts";
import type { Axis, Node } from "./node.ts";
import { cast, input } from "./ops.ts";
import { firstOutside } from "./range.ts";
import type { Tensor, TensorType } from "./tensor.ts";

/** One tensor of the call as a feed of the program. */
export interface Source {
  readonly name: string;
  /** Brings the data into the leaf's storage; the identity where it is there already. */
  convert(data: Feed): Feed;
  /** Class indices: their range, in which every label must lie but `except`. */
  readonly labels?: { readonly extent: number; readonly except: number | undefined };
}

/** What stands for an exempt index that int32 cannot hold, and for any other number that it cannot: no class has either. */
const EXEMPT = -2147483648;
const BEYOND = -2147483647;
const fits = (x: number): boolean => x > BEYOND && x <= 2147483647;

/** Up to where a float type holds every integer. */
const exactUpTo: Readonly<Record<FloatDType, number>> = {
  float64: 2 ** 53,
  float32: 2 ** 24,
  float16: 2 ** 11,
  bfloat16: 2 ** 8,
};
/** Integers as int32; undefined where one is larger than `limit`. */
function smallIntegers(data: TypedArray, limit: number): Int32Array | undefined {
  const most = Math.min(limit, -BEYOND - 1);
  if (data instanceof BigInt64Array) return lowHalves(data, most);
  const own = data instanceof Int32Array ? data : new Int32Array(data);
  for (let i = 0; i < own.length; i++) if (Math.abs(own[i] as number) > most) return undefined;
  return own;
}
/** 64-bit integers that their low halves hold. */
function lowHalves(data: BigInt64Array, most: number): Int32Array | undefined {
  const halves = new Int32Array(data.buffer, data.byteOffset, 2 * data.length);
  const low = lowHalf;
  const out = new Int32Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const x = halves[2 * i + low] as number;
    if (halves[2 * i + 1 - low] !== x >> 31 || Math.abs(x) > most) return undefined;
    out[i] = x;
  }
  return out;
}
/** Where the low half of a 64-bit integer lies on this machine. */
const lowHalf = new Int32Array(BigInt64Array.of(1n).buffer)[0] === 1 ? 0 : 1;

/** The data of a feed where JavaScript can read it. What it cannot must have the leaf's type already. */
function readable(feed: Feed, leaf: DType): TypedArray | undefined {
  const data = ArrayBuffer.isView(feed) ? feed : feed.data;
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

export function leafOf(name: string, type: TensorType, axes: readonly Axis[], to: DType): Leaf {
  // An integer goes straight to the type it is computed in; a float stays as given, so that its gradient has its type.
  const own = isFloat(type.dtype) ? type.dtype : to;
  const node = input(name, axes, own);
  return { node, port: cast(node, to), source: { name, convert: toDType(type.dtype, own) } };
}

/**
 * Class indices in [0, extent): int32 inside, whatever they come as. `through`: the type that the framework casts them to
 * first. `except` is exempt from the range; in a float it is looked for among floats, so that 1.5 is not 1.
 */
export function labelsOf(
  name: string,
  { dtype }: TensorType,
  axes: readonly Axis[],
  through: DType,
  extent: number,
  except: unknown,
): Leaf {
  const float = isFloat(through) ? through : undefined;
  const isExact = float !== undefined && isFloat(dtype);
  const narrow = (x: number): number =>
    fits(x) && !(isExact && x === except) ? Math.trunc(x) : x === except ? EXEMPT : BEYOND;
  const convert = (feed: Feed): Feed => {
    const data = readable(feed, "int32");
    if (data === undefined || (data instanceof Int32Array && !float)) return feed;
    const small = isFloat(dtype) ? undefined : smallIntegers(data, float ? exactUpTo[float] : Infinity);
    if (small) return small;
    const numbers = toNumbers(data, dtype);
    const seen = float && float !== dtype ? toNumbers(fromNumbers(numbers, float), float) : numbers;
    const out = new Int32Array(seen.length);
    for (let i = 0; i < out.length; i++) out[i] = narrow(seen[i] as number);
    return out;
  };
  // The exempt value as the int32 that such indices become; one that no index can be equals none.
  const exempt =
    typeof except !== "number" ? undefined : fits(except) && Number.isInteger(except) && !isExact ? except : EXEMPT;
  const node = input(name, axes, "int32");
  return { node, port: node, source: { name, convert, labels: { extent, except: exempt } } };
}

/** Refuses a class index outside its range. Indices are the leaf's int32; `original` says what the caller wrote. */
export function checkLabels(source: Source, indices: Feed, original: Tensor): void {
  const data = source.labels && (ArrayBuffer.isView(indices) ? indices : indices.data);
  if (!source.labels || !(data instanceof Int32Array)) return;
  const { extent, except } = source.labels;
  const i = firstOutside(data, extent - 1, except);
  if (i < 0) return;
  const given = ArrayBuffer.isView(original.data)
    ? toNumbers(original.data.subarray(i, i + 1) as TypedArray, original.dtype)[0]
    : data[i];
  throw new LossError(
    "index-out-of-range",
    `${source.name}: class index ${given} at element ${i} is outside [0, ${extent})`,
  );
}
