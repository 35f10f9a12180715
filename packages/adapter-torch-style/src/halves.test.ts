import { type Tensor, toTensor } from "@isoloss/core";
import { describe, expect, it } from "vitest";
import { ask, codeOf, f32, int64, numbers } from "./records.test.support.ts";

type Half = "bfloat16" | "float16";
const half = (dtype: Half, shape: readonly number[], data: readonly number[]): Tensor =>
  toTensor({ data, shape, dtype }, "x");

/** Log-probabilities of two classes in n rows; every sixteenth index may be exempt. */
function likelihood(profile: string, dtype: Half, n: number, reduction: string, own: { w?: true; exempt?: true } = {}) {
  const x = Array.from({ length: n }, (_, k) => [-(1 + (k % 7) / 8), -(0.5 + (k % 5) / 4)]).flat();
  const y = Array.from({ length: n }, (_, k) => (k % 16 ? k % 2 : own.exempt ? -100 : 0));
  const { value, grads } = ask(
    profile,
    "nll_loss",
    { input: half(dtype, [n, 2], x), target: int64([n], y) },
    { options: { reduction, ...(own.w && { weight: half(dtype, [2], [0.75, 1.375]) }) }, grad: ["input"] },
  );
  return [...numbers(value), numbers(grads["input"])[3]];
}

// Every number was given by the release that is named.
describe("NLL and cross-entropy in half precision round every step of their sums", () => {
  it("one after another until 1.8, where bfloat16 counts to 256 and no further", () => {
    for (const profile of ["torch@1.7", "torch@1.8"]) {
      expect(likelihood(profile, "bfloat16", 300, "mean")).toEqual([1.484375, -0.00390625]);
      expect(likelihood(profile, "bfloat16", 300, "sum")).toEqual([380, -1]);
      expect(likelihood(profile, "bfloat16", 300, "mean", { w: true })).toEqual([1.234375, -0.004547119140625]);
    }
  });
  it("in cascades of sixteen from 1.9 on", () => {
    for (const profile of ["torch@1.9", "torch@1.10", "torch@2.13"]) {
      expect(likelihood(profile, "bfloat16", 300, "mean")).toEqual([1.1875, -0.003326416015625]);
      expect(likelihood(profile, "bfloat16", 300, "sum")).toEqual([356, -1]);
      expect(likelihood(profile, "bfloat16", 300, "mean", { w: true })).toEqual([1.125, -0.00433349609375]);
    }
    expect(likelihood("torch@2.13", "float16", 300, "mean")).toEqual([1.1865234375, -0.00333404541015625]);
    expect(likelihood("torch@2.13", "float16", 300, "mean", { w: true })).toEqual([
      1.1318359375, -0.004314422607421875,
    ]);
  });
  it("which an ignored sixteenth passes over", () => {
    const own = { w: true, exempt: true } as const;
    for (const profile of ["torch@1.7", "torch@1.9", "torch@2.13"])
      expect(likelihood(profile, "bfloat16", 300, "mean", own)).toEqual([1.1953125, -0.00469970703125]);
    expect(likelihood("torch@2.13", "float16", 300, "mean", own)).toEqual([1.12890625, -0.004543304443359375]);
  });
  it("and label smoothing scales what is reduced", () => {
    const inputs = { input: half("float16", [2, 3], [1, 2, 3, 3, 1, 0]), target: int64([2], [0, 2]) };
    const of = (reduction: string) =>
      ask("torch@2.13", "cross_entropy", inputs, { options: { label_smoothing: 0.1, reduction } });
    expect(numbers(of("mean").value)).toEqual([2.671875]);
    expect(numbers(of("sum").value)).toEqual([5.34375]);
  });
});

describe("half precision on the way of a gradient", () => {
  it("of a half target that broadcasts overflows before it is summed", () => {
    const inputs = { input: f32([2, 1], [0.37, 0.11]), target: half("float16", [1, 3], [0.5, -0.25, 1]) };
    const asked = { options: { reduction: "sum" }, grad: ["input", "target"], upstream: f32([], [1e5]) };
    const { grads } = ask("torch@2.13", "l1_loss", inputs, asked);
    expect(numbers(grads["input"])).toEqual([-1e5, -1e5]);
    expect(numbers(grads["target"])).toEqual([Infinity, -Infinity, Infinity]);
  });
  it("of l1 while it takes the input's dtype is divided in it", () => {
    const inputs = { input: half("float16", [5, 3, 3], Array(45).fill(0)), target: f32([1, 1, 3], [0, 0, -0.001]) };
    const { grads } = ask("torch@1.10", "l1_loss", inputs, { grad: ["target"], upstream: f32([], [-0.726]) });
    expect(numbers(grads["target"])[2]).toBeCloseTo(0.2419281, 7);
  });
});

describe("log softmax of nothing", () => {
  it("looks at no dtype, but the lookup of indices does", () => {
    const inputs = { input: half("float16", [0, 3], []), target: half("float16", [0, 3], []) };
    expect(numbers(ask("torch@1.12", "cross_entropy", inputs).value)).toEqual([Number.NaN]);
    const indices = { input: half("float16", [0, 3], []), target: int64([0], []) };
    expect(codeOf(() => ask("torch@1.12", "cross_entropy", indices))).toBe("dtype");
  });
});
