import { type Call, type DType, fromNumbers, type Tensor, type TypedArray } from "@isoloss/core";
import { describe, expect, it } from "vitest";
import { inUnitInterval } from "./values.ts";

describe("values", () => {
  const range = inUnitInterval("input");
  const asked = (dtype: DType, data: Tensor["data"]): string | undefined => {
    const inputs = { input: { dtype, shape: [data.length], data } };
    const call: Call<Tensor> = { inputs, options: {}, gradients: [], as: "class" };
    return (range.values(call) || undefined)?.message;
  };
  const inside = [0, -0, 0.25, 0.5, 1, 1e-7, 2 ** -24];
  const outside: Readonly<Record<DType & ("float64" | "float32" | "float16" | "bfloat16"), readonly number[]>> = {
    float64: [1 + Number.EPSILON, -Number.MIN_VALUE],
    float32: [1 + 2 ** -23, -(2 ** -149)],
    float16: [1 + 2 ** -10, -(2 ** -24)],
    bfloat16: [1 + 2 ** -7, -(2 ** -133)],
  };

  it.each(Object.entries(outside))(
    "[0, 1] › %s: its ends and −0 lie in it, its neighbours, ∞ and NaN do not",
    (name, just) => {
      const dtype = name as keyof typeof outside;
      expect(asked(dtype, fromNumbers(inside, dtype))).toBeUndefined();
      for (const x of [...just, 2, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])
        for (const at of [0, 3, 6]) {
          const numbers = inside.map((v, i) => (i === at ? x : v));
          expect(asked(dtype, fromNumbers(numbers, dtype))).toBe(
            `all elements of input should be between 0 and 1, element ${at} is ${x}`,
          );
        }
    },
  );
  it("[0, 1] › the data of a backend's buffer is looked at where it can be read", () => {
    const buffer = (data: TypedArray | undefined) => ({
      ...{ backend: "cpu", dtype: "float32" as const, length: 2, data },
      ...{ read: () => Promise.reject(new Error("not asked")), write() {}, dispose() {} },
    });
    expect(asked("float32", buffer(Float32Array.of(0, 2)))).toContain("element 1 is 2");
    expect(asked("float32", buffer(undefined))).toBeUndefined();
  });
});
