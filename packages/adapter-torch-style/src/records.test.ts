/** The rules of PyTorch's records; whole answers are compared with recordings in `tests/`. */
import { type OptionValue, type Tensor, toTensor } from "@isoloss/core";
import { describe, expect, it } from "vitest";
import { ask, codeOf, f32, int64, numbers, rows, two, value } from "./records.test.support.ts";

describe("an upstream gradient of another shape", () => {
  const asked = { grad: ["input"], upstream: f32([2], [1, 1]) };
  it("is refused after what the data shows", () => {
    expect(codeOf(() => ask("torch@2.13", "cross_entropy", rows, asked))).toBe("shape");
    const beyond = { ...rows, target: int64([2], [7, 0]) };
    expect(codeOf(() => ask("torch@2.13", "cross_entropy", beyond, asked))).toBe("index-out-of-range");
    const outside = { input: f32([2], [2, 0]), target: f32([2], [0, 0]) };
    expect(codeOf(() => ask("torch@2.13", "BCELoss", outside, asked))).toBe("value");
  });
});

describe("what is refused first", () => {
  it.each(["torch@1.10", "torch@1.11", "torch@2.13"])(
    "%s: too much smoothing of indices, before any size",
    (profile) => {
      const input = f32([3, 4], new Array(12).fill(0));
      const options = { label_smoothing: 1.2 };
      const target = int64([4], [0, 1, 2, 3]);
      expect(codeOf(() => value(profile, "cross_entropy", { input, target }, { options }))).toBe("option");
      expect(codeOf(() => value(profile, "cross_entropy", { input, target }))).toBe("shape");
      const weight = f32([2], [1, 1]);
      const soft = { input, target: input };
      expect(codeOf(() => value(profile, "cross_entropy", soft, { options: { weight, ignore_index: 1 } }))).toBe(
        "option",
      );
      expect(codeOf(() => value(profile, "cross_entropy", soft, { options: { ...options, weight } }))).toBe("shape");
    },
  );
});

describe("reductions", () => {
  const flags = [null, true, false] as const;
  const expected = (average: boolean | null, reduce: boolean | null): number[] =>
    reduce === false ? [3, 1] : average === false ? [4] : [2];
  it.each(flags.flatMap((a) => flags.map((r) => [a, r] as const)))("size_average=%s, reduce=%s", (average, reduce) => {
    const options = { size_average: average, reduce };
    for (const loss of ["L1Loss", "l1_loss"])
      expect(value("torch@2.13", loss, two, { options })).toEqual(expected(average, reduce));
  });
  it("the flags override even a reduction that does not exist", () => {
    expect(value("torch@1.7", "L1Loss", two, { options: { size_average: false, reduction: "bad" } })).toEqual([4]);
    expect(codeOf(() => value("torch@1.7", "L1Loss", two, { options: { reduction: "bad" } }))).toBe("option");
  });
  it("elementwise_mean is a mean that warns, in the words of the release", () => {
    const options = { reduction: "elementwise_mean" };
    expect(ask("torch@1.7", "L1Loss", two, { options }).warnings).toEqual([
      "reduction='elementwise_mean' is deprecated, please use reduction='mean' instead.",
    ]);
    expect(ask("torch@2.13", "L1Loss", two, { options }).warnings).toEqual([
      "reduction='elementwise_mean' is deprecated. Please use reduction='mean' instead.",
    ]);
  });
  it("a mean of nothing is NaN, a sum 0", () => {
    const nothing = { input: f32([0, 3], []), target: f32([0, 3], []) };
    expect(value("torch@2.13", "mse_loss", nothing)).toEqual([Number.NaN]);
    expect(value("torch@2.13", "mse_loss", nothing, { options: { reduction: "sum" } })).toEqual([0]);
  });
});

describe("kl_div", () => {
  const call = { input: f32([2, 2], [-1, -2, -1, -2]), target: f32([2, 2], [0.5, 0.5, 0.5, 0.5]) };
  const sum = 4 * 0.5 * Math.log(0.5) + 0.5 * 6;
  const near = (options: Record<string, OptionValue>, loss = "kl_div"): number =>
    value("torch@2.13", loss, call, { options })[0] as number;
  it("batchmean divides by the first extent", () => {
    expect(near({ reduction: "batchmean" })).toBeCloseTo(sum / 2, 6);
    expect(near({ reduction: "batchmean" }, "KLDivLoss")).toBeCloseTo(sum / 2, 6);
  });
  it("the function divides by it also where the flags decide, the class does not", () => {
    expect(near({ reduction: "batchmean", size_average: true })).toBeCloseTo(sum / 8, 6);
    expect(near({ reduction: "batchmean", size_average: true }, "KLDivLoss")).toBeCloseTo(sum / 4, 6);
  });
  it("targets of 0 are masked until 1.12, and NaN against −∞ from 1.13", () => {
    const zero = { input: f32([1], [-Infinity]), target: f32([1], [0]) };
    expect(value("torch@1.12", "kl_div", zero)).toEqual([0]);
    expect(value("torch@1.13", "kl_div", zero)).toEqual([Number.NaN]);
  });
});

describe("cross_entropy", () => {
  const ignored = { input: rows.input, target: int64([2], [-100, -100]) };
  it("all ignored is 0 until 1.10 and NaN from 1.11, with no gradient in both", () => {
    expect(value("torch@1.10", "cross_entropy", ignored)).toEqual([0]);
    const { value: nan, grads } = ask("torch@1.11", "cross_entropy", ignored, { grad: ["input"] });
    expect(numbers(nan)).toEqual([Number.NaN]);
    expect(numbers(grads["input"])).toEqual([0, 0, 0, 0, 0, 0]);
  });
  it("a target of the input's shape holds probabilities from 1.10 on", () => {
    const soft = { input: rows.input, target: f32([2, 3], [0, 0, 1, 1, 0, 0]) };
    expect(value("torch@1.10", "cross_entropy", soft)).toEqual(value("torch@1.10", "cross_entropy", rows));
    expect(codeOf(() => value("torch@1.9", "cross_entropy", soft))).toBe("shape");
    const integers = { input: rows.input, target: int64([2, 3], [0, 0, 1, 1, 0, 0]) };
    expect(codeOf(() => value("torch@2.13", "cross_entropy", integers))).toBe("dtype");
    expect(codeOf(() => value("torch@2.13", "cross_entropy", soft, { options: { ignore_index: 0 } }))).toBe("option");
  });
  it("a row without a batch takes an index from 1.11 on, probabilities from 1.12, an index in a dimension from 2.9", () => {
    const input = f32([3], [1, 2, 3]);
    const code = (release: string, target: Tensor) =>
      codeOf(() => value(`torch@${release}`, "cross_entropy", { input, target }));
    expect(["1.10", "1.11"].map((r) => code(r, int64([], [2])))).toEqual(["shape", "accepted"]);
    expect(["1.11", "1.12"].map((r) => code(r, f32([3], [0, 0, 1])))).toEqual(["shape", "accepted"]);
    expect(["2.8", "2.9"].map((r) => code(r, int64([1], [2])))).toEqual(["shape", "accepted"]);
  });
  it("refuses a class that does not exist, but not as an ignored one", () => {
    const target = int64([2], [3, 0]);
    expect(codeOf(() => value("torch@2.13", "cross_entropy", { ...rows, target }))).toBe("index-out-of-range");
    expect(value("torch@2.13", "cross_entropy", { ...rows, target }, { options: { ignore_index: 3 } })).toHaveLength(1);
  });
  it("takes no bool for an ignore_index", () => {
    expect(codeOf(() => value("torch@1.7", "cross_entropy", rows, { options: { ignore_index: true } }))).toBe("option");
  });
});

describe("refusals", () => {
  it("a Python number is no tensor", () => {
    expect(codeOf(() => value("torch@2.13", "mse_loss", { ...two, target: toTensor(1, "target") }))).toBe("dtype");
  });
  it("sizes that do not broadcast are told of before a reduction that does not exist", () => {
    const inputs = { input: f32([2], [1, 2]), target: f32([3], [1, 2, 3]) };
    expect(codeOf(() => value("torch@2.13", "mse_loss", inputs, { options: { reduction: "bad" } }))).toBe("shape");
  });
  it("BCELoss: probabilities outside [0, 1] and NaN; targets only from 2.1 on", () => {
    const bce = (profile: string, input: number, target: number) =>
      codeOf(() => value(profile, "BCELoss", { input: f32([1], [input]), target: f32([1], [target]) }));
    expect([bce("torch@1.7", 2, 1), bce("torch@1.7", Number.NaN, 1), bce("torch@1.7", 0.5, 2)]).toEqual([
      "value",
      "value",
      "accepted",
    ]);
    expect([bce("torch@2.0", 0.5, 2), bce("torch@2.1", 0.5, 2)]).toEqual(["accepted", "value"]);
  });
  it("gradients that a later release brings", () => {
    const code = (release: string, loss: string, input: Tensor["dtype"], target: Tensor["dtype"]) =>
      codeOf(() => {
        const of = (dtype: Tensor["dtype"]) => toTensor({ data: [1, 2], shape: [2], dtype }, "x");
        return ask(`torch@${release}`, loss, { input: of(input), target: of(target) }, { grad: ["input"] });
      });
    expect(["2.5", "2.6"].map((r) => code(r, "MSELoss", "float16", "float16"))).toEqual(["gradient", "accepted"]);
    expect(["2.9", "2.10"].map((r) => code(r, "SmoothL1Loss", "float16", "float16"))).toEqual(["gradient", "accepted"]);
    expect(["2.11", "2.12"].map((r) => code(r, "MSELoss", "float64", "float32"))).toEqual(["gradient", "accepted"]);
  });
  it("a gradient that does not exist is refused, and left out beside one that does", () => {
    const call = { input: f32([2], [1, 2]), target: f32([2], [1, -1]) };
    expect(codeOf(() => ask("torch@2.13", "HingeEmbeddingLoss", call, { grad: ["target"] }))).toBe("gradient");
    const { grads } = ask("torch@2.13", "HingeEmbeddingLoss", call, { grad: ["input", "target"] });
    expect(Object.keys(grads)).toEqual(["input"]);
  });
});
