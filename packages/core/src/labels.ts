/** Class indices as leaves of a graph: int32 whatever they come as, each in its range. Only losses that have such bring this. */
import { type DType, isFloat, type TypedArray, toNumbers } from "./dtype.ts";
import { LossError } from "./errors.ts";
import { type Leaf, readable } from "./leaf.ts";
import type { Axis } from "./node.ts";
import { input } from "./ops.ts";
import { firstOutside } from "./range.ts";
import type { TensorType } from "./tensor.ts";

/** What stands for an exempt index that int32 cannot hold, and for any other number that it cannot: no class has either. */
export const EXEMPT = -2147483648;
export const BEYOND = -2147483647;
export const fits = (x: number): boolean => x > BEYOND && x <= 2147483647;

/** Integers as int32: 64-bit ones if their low halves hold them all, which lie first wherever WebAssembly runs. */
export function smallIntegers(data: TypedArray): Int32Array | undefined {
  if (data instanceof Int32Array) return data;
  if (!(data instanceof BigInt64Array)) return new Int32Array(data);
  const halves = new Int32Array(data.buffer, data.byteOffset, 2 * data.length);
  const out = new Int32Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const x = halves[2 * i] as number;
    if (halves[2 * i + 1] !== x >> 31 || !fits(x)) return undefined;
    out[i] = x;
  }
  return out;
}
/** Numbers as int32, each by itself. */
export function narrowed(numbers: Float64Array, narrow: (x: number) => number): Int32Array {
  const out = new Int32Array(numbers.length);
  for (let i = 0; i < out.length; i++) out[i] = narrow(numbers[i] as number);
  return out;
}

/** How the class indices of a port become a leaf. `through`: the type that the framework casts them to first. */
export type ReadLabels = (
  name: string,
  type: TensorType,
  axes: readonly Axis[],
  through: DType,
  extent: number,
  except: unknown,
) => Leaf;

/** Class indices in [0, extent), which `convert` makes int32. `exempt` is one of those, and exempt from the range. */
export function labelLeaf(
  name: string,
  axes: readonly Axis[],
  extent: number,
  exempt: number | undefined,
  convert: (data: TypedArray) => TypedArray,
): Leaf {
  const node = input(name, axes, "int32");
  return {
    node,
    port: node,
    source: {
      name,
      convert(feed) {
        const data = readable(feed, "int32");
        const indices = data && convert(data);
        return indices && indices !== data ? indices : feed;
      },
      labels: {
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
      },
    },
  };
}

/** Class indices as integers, whatever they come as. */
export const labelsOf: ReadLabels = (name, { dtype }, axes, _through, extent, except) => {
  const narrow = (x: number): number => (fits(x) ? Math.trunc(x) : x === except ? EXEMPT : BEYOND);
  // The exempt value as the int32 that such indices become; one that no index can be equals none.
  const exempt = typeof except !== "number" ? undefined : fits(except) && Number.isInteger(except) ? except : EXEMPT;
  return labelLeaf(
    name,
    axes,
    extent,
    exempt,
    (data) => (isFloat(dtype) ? undefined : smallIntegers(data)) ?? narrowed(toNumbers(data, dtype), narrow),
  );
};
