/** The rules of PyTorch's records, called as `isoloss eval` calls them; whole answers are compared with recordings in `tests/`. */
import {
  createCallSite,
  createEngine,
  isLossError,
  type OptionValue,
  type Result,
  readOptions,
  type Tensor,
  type TypedArray,
  toNumbers,
  toTensor,
} from "@isoloss/core";
import { createReferenceBackend } from "@isoloss/core/reference";
import { describe, expect, it } from "vitest";
import { resultType } from "./dtypes.ts";
import { entries } from "./entries/index.ts";
import { findEntry, profiles } from "./profiles.ts";

const engine = createEngine(createReferenceBackend());
const f32 = (shape: readonly number[], data: readonly number[]): Tensor => toTensor({ data, shape }, "x");
const int64 = (shape: readonly number[], data: readonly number[]): Tensor =>
  toTensor({ data, shape, dtype: "int64" }, "x");

interface Asked {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly grad?: readonly string[];
  readonly upstream?: Tensor;
}
function ask(profile: string, loss: string, inputs: Readonly<Record<string, Tensor>>, asked: Asked = {}): Result {
  const { contract, as, hint } = findEntry(profile, loss);
  const options = readOptions(contract, asked.options ?? {}, as, hint);
  return createCallSite(engine, contract, as).run({
    inputs,
    options,
    gradients: asked.grad ?? [],
    upstream: asked.upstream,
  });
}
const numbers = (t: Tensor | undefined): number[] => [...toNumbers(t?.data as TypedArray, t?.dtype ?? "float32")];
const value = (...args: Parameters<typeof ask>): number[] => numbers(ask(...args).value);
function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (e) {
    if (isLossError(e)) return e.code;
    throw e;
  }
  return "accepted";
}

const two = { input: f32([2], [3, 1]), target: f32([2], [0, 0]) };
const rows = { input: f32([2, 3], [1, 2, 3, 1, 0, -1]), target: int64([2], [2, 0]) };

describe("findEntry", () => {
  it("knows every release, and the newest by its major version", () => {
    expect(profiles[0]).toBe("torch@1.7");
    expect(profiles).toHaveLength(21);
    expect(findEntry("torch@2", "MSELoss").contract).toEqual(findEntry("torch@2.13", "MSELoss").contract);
  });
  it("refuses a profile that it does not know as no request, and a name that a release lacks as an unknown loss", () => {
    expect(codeOf(() => findEntry("torch@1.6", "MSELoss"))).toBe("request");
    expect(codeOf(() => findEntry("torch@1.8", "HuberLoss"))).toBe("unknown-loss");
    expect(findEntry("torch@1.9", "huber_loss").as).toBe("function");
    expect(() => findEntry("torch@1.8", "HuberLoss")).toThrow(/1\.9 brought it/);
    expect(() => findEntry("torch@2.13", "MSELos")).toThrow(/Did you mean 'MSELoss'/);
  });
  it("refuses an option of a later release by name, and says which brought it", () => {
    expect(() => value("torch@1.9", "cross_entropy", rows, { options: { label_smoothing: 0.1 } })).toThrow(
      /'label_smoothing'.*PyTorch 1\.10 brought it/,
    );
    expect(codeOf(() => value("torch@2.13", "MSELoss", two, { options: { weight: two.input } }))).toBe("option");
    expect(value("torch@2.13", "mse_loss", two, { options: { weight: two.input } })).toEqual([7]);
  });
});

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

describe("rows of changes", () => {
  const names = entries.map((e) => e.class);
  const releases = profiles.map((p) => p.slice("torch@".length));
  const lists = [...new Set(entries.map((e) => e.changes))];
  it("concern records that exist, in releases that are known", () => {
    for (const row of lists.flat()) {
      for (const entry of [row.entry].flat()) expect(names).toContain(entry);
      expect(releases).toContain(row.since);
      if (row.until !== undefined) expect(releases.indexOf(row.until)).toBeGreaterThan(releases.indexOf(row.since));
    }
  });
  it("come in the order of releases, so that a later one lies over an earlier", () => {
    for (const rows of lists) {
      const order = rows.map((row) => releases.indexOf(row.since));
      expect(order).toEqual([...order].sort((a, b) => a - b));
    }
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

describe("dtypes", () => {
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
