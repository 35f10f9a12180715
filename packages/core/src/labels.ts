/** Class indices as leaves of a graph: int32 whatever they come as, each in its range. Only losses that have such bring this. */
import type { Feed } from "./backend.ts";
import { type DType, fromNumbers, isFloat, isHalf, type TypedArray, toNumbers } from "./dtype.ts";
import { LossError } from "./errors.ts";
import { type LabelRange, type Leaf, readable } from "./leaf.ts";
import type { Axis } from "./node.ts";
import { input } from "./ops.ts";
import { firstOutside } from "./range.ts";
import type { TensorType } from "./tensor.ts";

/** What stands for an exempt index that int32 cannot hold, and for any other number that it cannot: no class has either. */
const EXEMPT = -2147483648;
const BEYOND = -2147483647;
const fits = (x: number): boolean => x > BEYOND && x <= 2147483647;

/** Integers of at most `most` as int32; undefined where one is larger. */
function smallIntegers(data: TypedArray, most: number): Int32Array | undefined {
  if (data instanceof BigInt64Array) return lowHalves(data, most);
  const own = data instanceof Int32Array ? data : new Int32Array(data);
  for (let i = 0; i < own.length; i++) if (Math.abs(own[i] as number) > most) return undefined;
  return own;
}
/** 64-bit integers that their low halves hold, which lie first wherever WebAssembly runs. */
function lowHalves(data: BigInt64Array, most: number): Int32Array | undefined {
  const halves = new Int32Array(data.buffer, data.byteOffset, 2 * data.length);
  const out = new Int32Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const x = halves[2 * i] as number;
    if (halves[2 * i + 1] !== x >> 31 || Math.abs(x) > most) return undefined;
    out[i] = x;
  }
  return out;
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
  // Up to here every float type, and every one but the halves, holds every integer.
  const most = float === undefined ? -BEYOND - 1 : isHalf(float) ? 2 ** 8 : 2 ** 24;
  const convert = (feed: Feed): Feed => {
    const data = readable(feed, "int32");
    if (data === undefined || (data instanceof Int32Array && !float)) return feed;
    const small = isFloat(dtype) ? undefined : smallIntegers(data, most);
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
  const labels: LabelRange = {
    except: exempt,
    check(indices, original) {
      const data = ArrayBuffer.isView(indices) ? indices : indices.data;
      const i = data instanceof Int32Array ? firstOutside(data, extent - 1, exempt) : -1;
      if (i < 0) return;
      const given = ArrayBuffer.isView(original.data)
        ? toNumbers(original.data.subarray(i, i + 1) as TypedArray, original.dtype)[0]
        : data?.[i];
      throw new LossError(
        "index-out-of-range",
        `${name}: class index ${given} at element ${i} is outside [0, ${extent})`,
      );
    },
  };
  return { node, port: node, source: { name, convert, labels } };
}
