import type { OptionValue } from "@isoloss/core";
import { describe, expect, it } from "vitest";
import { type Asked, ask, codeOf, f32, int64, numbers, value } from "./records.test.support.ts";

describe("where a kernel divides", () => {
  const grad = (profile: string, loss: string, inputs: Parameters<typeof ask>[2], asked: Asked = {}): number[] => {
    const name = "input1" in inputs ? "input1" : "input";
    return numbers(ask(profile, loss, inputs, { grad: [name], ...asked }).grads[name]);
  };
  const large = { input: f32([1], [3e38]), target: f32([1], [0]) };
  it("a mean of squares multiplies the error by 2 ⁄ n before what flows in: ∞·0 is NaN", () => {
    expect(grad("torch@2.13", "mse_loss", large, { upstream: f32([], [0]) })).toEqual([Number.NaN]);
  });
  it("a mean of binary cross-entropy divides last: 3e38·1.135 overflows before it is halved", () => {
    const pair = { input: f32([2], [3e38, 0]), target: f32([2], [0, 0]) };
    const asked = { grad: ["target"], upstream: f32([], [1.135]) };
    expect(numbers(ask("torch@2.13", "BCEWithLogitsLoss", pair, asked).grads["target"])[0]).toBe(-Infinity);
  });
  it("until 1.10 that of planes divides the weight, where that of rows divides the product", () => {
    const asked = { options: { weight: f32([3], [1.135, 2, 4]) }, upstream: f32([], [3e38]) };
    const x = Array.from({ length: 12 }, (_, i) => -0.3 - 0.1 * (i % 4));
    const rows = { input: f32([4, 3], x), target: int64([4], [0, 1, 2, 0]) };
    const planes = { input: f32([2, 3, 2], x), target: int64([2, 2], [0, 1, 2, 0]) };
    for (const profile of ["torch@1.7", "torch@1.10"]) {
      expect(grad(profile, "nll_loss", rows, asked)[0]).toBe(-Infinity);
      expect(grad(profile, "nll_loss", planes, asked)[0]).toBeCloseTo(-4.1172909e37, -31);
    }
    expect(grad("torch@1.11", "nll_loss", rows, asked)[0]).toBeCloseTo(-4.117291e37, -31);
  });
  it("the sigmoid of 1.10 to 1.12 overflows far below 0, and 0·log 0 is NaN", () => {
    const pair = { input: f32([2], [0, -100]), target: f32([2], [0, 0]) };
    const asked = { options: { pos_weight: f32([2], [0, 0]) }, grad: ["target"] };
    const of = (profile: string) => numbers(ask(profile, "BCEWithLogitsLoss", pair, asked).grads["target"]);
    expect(of("torch@1.10")[1]).toBeNaN();
    expect(of("torch@2.13")[1]).toBe(-1.961817850054744e-44);
  });
  it("a weighted mean of cross-entropy divides last until 1.10: a subnormal total has no reciprocal", () => {
    const asked = { options: { weight: f32([3], [1e-40, 1, 2]) } };
    const one = { input: f32([1, 3], [1, 2, 3]), target: int64([1], [0]) };
    expect(grad("torch@1.10", "nll_loss", one, asked)[0]).toBe(-1);
    expect(grad("torch@1.11", "nll_loss", one, asked)[0]).toBe(-Infinity);
  });
  it("likelihood and smoothing are divided by the weights one by one: 0 ⁄ 0 and more ⁄ 0 are NaN together", () => {
    const asked = { options: { weight: f32([3], [0, 0, 2]), label_smoothing: 0.1 } };
    const present = { input: f32([1, 3], [1, 2, 3]), target: int64([1], [1]) };
    expect(value("torch@2.13", "cross_entropy", present, asked)).toEqual([Number.NaN]);
  });
  it("1.10 smooths targets that a negative ignore_index exempts, and counts them", () => {
    const ignored = { input: f32([2, 2], [0, 0, 0, 0]), target: int64([2], [0, -100]) };
    const asked = { options: { label_smoothing: 1 } };
    expect(value("torch@1.10", "cross_entropy", ignored, { options: { ...asked.options, reduction: "none" } })).toEqual(
      [Math.fround(Math.LN2), Math.fround(Math.LN2)],
    );
    expect(value("torch@1.11", "cross_entropy", ignored, { options: { ...asked.options, reduction: "none" } })[1]).toBe(
      0,
    );
    const weighted = { options: { ...asked.options, weight: f32([2], [1, 1]) } };
    expect(codeOf(() => value("torch@1.10", "cross_entropy", ignored, weighted))).toBe("index-out-of-range");
    expect(codeOf(() => value("torch@1.11", "cross_entropy", ignored, weighted))).toBe("accepted");
  });
});

describe("a single row", () => {
  it("has no gradient in 1.10 where its total weight is not positive, however it is reduced", () => {
    const call = { input: f32([3], [0.5, 1, 2]), target: int64([], [0]) };
    const asked = { options: { weight: f32([3], [-2, 1, 1]), reduction: "none" }, grad: ["input"] };
    const results = ["1.10", "1.11"].map((r) => ask(`torch@${r}`, "nll_loss", call, asked));
    expect(results.map((r) => numbers(r.value))).toEqual([[1], [1]]);
    expect(results.map((r) => numbers(r.grads["input"]).map((v) => v + 0))).toEqual([
      [0, 0, 0],
      [2, 0, 0],
    ]);
  });
});

describe("kinks", () => {
  const gradient = (profile: string, loss: string, x: number, y: number, options: Record<string, OptionValue> = {}) =>
    numbers(
      ask(profile, loss, { input: f32([1], [x]), target: f32([1], [y]) }, { options, grad: ["input"] }).grads["input"],
    )[0];
  it("SmoothL1Loss is ±1 at ±β, and −1 at β = 0 from 1.13 to 2.0 alone", () => {
    expect(gradient("torch@2.13", "smooth_l1_loss", 1, 0)).toBe(1);
    expect(gradient("torch@2.13", "smooth_l1_loss", -1, 0)).toBe(-1);
    expect(
      ["1.12", "1.13", "2.0", "2.1"].map((r) => gradient(`torch@${r}`, "SmoothL1Loss", 0, 0, { beta: 0 })),
    ).toEqual([0, -1, -1, 0]);
  });
  it("HingeEmbeddingLoss passes at x = margin, and sums both branches for other targets", () => {
    expect(gradient("torch@2.13", "hinge_embedding_loss", 1, -1)).toBe(-1);
    expect(value("torch@2.13", "hinge_embedding_loss", { input: f32([1], [0.25]), target: f32([1], [0]) })).toEqual([
      1,
    ]);
  });
  it("BCELoss clamps the logarithm and not its gradient", () => {
    const call = { input: f32([2], [0, 1]), target: f32([2], [1, 0]) };
    const options = { reduction: "none" };
    const { value: loss, grads } = ask("torch@2.13", "BCELoss", call, { options, grad: ["input"] });
    expect(numbers(loss)).toEqual([100, 100]);
    expect(numbers(grads["input"])).toEqual([-999999995904, 999999995904]);
  });
});
