import { type Tensor, toTensor } from "@isoloss/core";
import { describe, expect, it } from "vitest";
import { resultType } from "./dtypes.ts";
import { ask, codeOf, f32, int64, numbers, value } from "./records.test.support.ts";

describe("dtypes", () => {
  it("integers beside a weight are errors of integers, whose mean is float32", () => {
    const inputs = { input: int64([3], [3, 5, 9]), target: int64([3], [1, 2, 2]) };
    const of = (loss: string, reduction: string) =>
      ask("torch@2.13", loss, inputs, { options: { reduction, weight: int64([3], [1, 2, 1]) } }).value;
    expect(of("mse_loss", "none")).toMatchObject({ dtype: "int64" });
    expect(numbers(of("mse_loss", "sum"))).toEqual([71]);
    expect(of("mse_loss", "mean")).toMatchObject({ dtype: "float32" });
    expect(numbers(of("mse_loss", "mean"))).toEqual([17.75]);
    expect(numbers(of("l1_loss", "mean"))).toEqual([3.75]);
  });
  const of = (dtype: Tensor["dtype"], shape: readonly number[], data: readonly number[]): Tensor =>
    toTensor({ data, shape, dtype }, "x");
  const none = { options: { reduction: "none" } };
  it("a byte of 255 is a target of −1, and margin − x wraps", () => {
    for (const profile of ["torch@1.7", "torch@2.13"]) {
      const target = of("uint8", [3], [255, 1, 0]);
      const hinge = (input: Tensor) => value(profile, "hinge_embedding_loss", { input, target }, none);
      expect(hinge(of("uint8", [3], [2, 2, 2]))).toEqual([255, 2, 1]);
      expect(hinge(f32([3], [2, 2, 2]))).toEqual([0, 2, 2]);
      const [input1, input2] = [f32([3, 2], [1, 2, 1, 2, 1, 2]), f32([3, 2], [2, 1, 2, 1, 2, 1])];
      const cosine = value(profile, "cosine_embedding_loss", { input1, input2, target }, none);
      expect(cosine.map((v) => Number(v.toFixed(6)))).toEqual([0.8, 0.2, 0]);
    }
  });
  it("smooth_l1_loss at β = 0 is l1_loss, of integers too; until 1.10 in the input's dtype", () => {
    const flat = (release: string, input: Tensor, target: Tensor, reduction = "none") =>
      ask(`torch@${release}`, "smooth_l1_loss", { input, target }, { options: { beta: 0, reduction } });
    const [narrow, wide] = [f32([2], [1, 0]), of("float64", [2], [0, 0])];
    const dtypes = ["1.7", "1.10", "1.12"].map((r) => flat(r, narrow, wide).value?.dtype);
    expect(dtypes).toEqual(["float64", "float32", "float64"]);
    const [int, other] = [int64([2], [1, 0]), of("int32", [2], [0, 0])];
    for (const release of ["1.7", "1.10", "1.12", "2.13"]) {
      expect(numbers(flat(release, int, other).value)).toEqual([1, 0]);
      expect(codeOf(() => flat(release, int, other, "mean"))).toBe("dtype");
    }
    expect(["1.7", "1.10", "1.12"].map((r) => codeOf(() => flat(r, int, narrow)))).toEqual([
      "accepted",
      "dtype",
      "accepted",
    ]);
  });
  it("kl_div looks at the dtypes of nothing from 1.8 until 1.12", () => {
    const call = { input: f32([0, 3], []), target: of("float64", [0, 3], []) };
    const code = (release: string, name: string) =>
      codeOf(() => ask(`torch@${release}`, "kl_div", call, { grad: [name] }));
    const releases = ["1.7", "1.10", "1.12", "1.13"];
    expect(releases.map((r) => code(r, "input"))).toEqual(["accepted", "gradient", "gradient", "accepted"]);
    expect(releases.map((r) => code(r, "target"))).toEqual(releases.map(() => "accepted"));
  });
  it("a reduction of no class indices takes any dtype from 1.11 until 2.11, its gradient does not", () => {
    const call = { input: f32([0, 3], []), target: of("float32", [0], []) };
    for (const loss of ["nll_loss", "cross_entropy"]) {
      const code = (release: string, reduction: string, grad: readonly string[] = []) =>
        codeOf(() => ask(`torch@${release}`, loss, call, { options: { reduction }, grad }));
      const releases = ["1.10", "1.11", "2.11", "2.13"];
      expect(releases.map((r) => code(r, "mean"))).toEqual(["dtype", "accepted", "accepted", "dtype"]);
      expect(releases.map((r) => code(r, "none"))).toEqual(releases.map(() => "dtype"));
      expect(code("1.12", "sum", ["input"])).toBe("gradient");
    }
  });
  it("kl_div takes no bool for the logarithm of a target", () => {
    const call = { input: f32([2], [1, 0]), target: of("bool", [2], [1, 0]) };
    const code = (log_target: boolean) =>
      codeOf(() => value("torch@1.10", "kl_div", call, { options: { log_target } }));
    expect([code(true), code(false)]).toEqual(["dtype", "accepted"]);
  });
  it("cosine_embedding_loss: the norm of a single vector takes the dtype of the others'", () => {
    const cosine = (a: Tensor["dtype"], b: Tensor["dtype"]) => {
      const inputs = { input1: of(a, [2], [1, 2]), input2: of(b, [3, 2], [1, 0, 3, 1, 0, 1]), target: f32([], [1]) };
      return value("torch@1.10", "cosine_embedding_loss", inputs, none);
    };
    expect(codeOf(() => cosine("float64", "float16"))).toBe("dtype");
    expect(codeOf(() => cosine("float16", "float64"))).toBe("accepted");
    expect(cosine("float64", "bfloat16")).toEqual([0.4336283185840708, -0.26732673267326734]);
  });
});

describe("resultType", () => {
  const type = (dtype: Tensor["dtype"], ...shape: number[]) => ({ dtype, shape });
  it("a tensor without dimensions decides only the kind of number", () => {
    expect(resultType(type("float32", 3), type("float64"))).toBe("float32");
    expect(resultType(type("int64", 3), type("float64"))).toBe("float64");
    expect(resultType(type("int32", 3), type("int64"))).toBe("int32");
    expect(resultType(type("float16"), type("float64"))).toBe("float64");
    expect(resultType(type("float16", 1), type("bfloat16", 1))).toBe("float32");
  });
});
