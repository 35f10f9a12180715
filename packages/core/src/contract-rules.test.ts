/** What a contract may say beyond the usual: wider means, selecting masks, arguments of one kind of call, exempt fractions. */
import { describe, expect, it } from "vitest";
import {
  bindCall,
  type Contract,
  createCallSite,
  createEngine,
  type DType,
  holdsIn,
  type MaskScale,
  meanOfOwn,
  type Options,
  type Tensor,
  type TypedArray,
  toNumbers,
  toTensor,
  trailing,
  weigh,
} from "./index.ts";
import { sparseCategoricalCrossEntropy, squaredError } from "./losses/index.ts";
import { createReferenceBackend } from "./reference.ts";

const engine = createEngine(createReferenceBackend());
const tensor = (data: readonly number[], dtype: DType = "float32", shape: readonly number[] = [data.length]): Tensor =>
  toTensor({ data, shape, dtype }, "x");
const numbers = (t: Tensor | undefined): number[] => [...toNumbers(t?.data as TypedArray, t?.dtype as DType)];

/** The mean of squares along the last axis, in y_pred's type. */
const squared: Contract = {
  inputs: { input: { port: "x" }, target: { port: "y" }, mask: { port: "mask", optional: true, only: "class" } },
  options: {},
  refuses: {},
  layout: ({ inputs: { input, mask } }) => {
    const x = trailing(input?.shape ?? [], { [(input?.shape.length ?? 1) - 1]: "C" });
    const value = x.filter((d) => d.axis !== "C");
    return { ports: { x, y: x, ...(mask && { mask: value }) }, value };
  },
  dtypes: ({ inputs: { input } }) => ({ compute: input?.dtype ?? "float32", result: input?.dtype ?? "float32" }),
  gradient: { of: ["input", "target"], refuses: {} },
  define: () => ({ loss: squaredError }),
  mean: meanOfOwn,
  reduction: () => ({ kind: "none", rule: { by: "count", whenZero: "nan" } }),
};
const run = (contract: Contract, inputs: Record<string, Tensor>, options: Options = {}) =>
  createCallSite(engine, contract, "class").run({ inputs, options, gradients: contract.gradient.of });

describe("a contract", () => {
  it("may take its mean in a wider type than its body", () => {
    const inputs = { input: tensor([250, 250], "float16", [1, 2]), target: tensor([0, 0], "float16", [1, 2]) };
    expect(numbers(run(squared, inputs).value)).toEqual([Number.POSITIVE_INFINITY]); // 62500 + 62500 overflows
    const wider: Contract = {
      ...squared,
      dtypes: () => ({ compute: "float16", mean: "float32", result: "float16" }),
    };
    expect(numbers(run(wider, inputs).value)).toEqual([62496]);
  });
  it("lets no gradient flow through integers", () => {
    const whole: Contract = { ...squared, dtypes: () => ({ compute: "int32", result: "float32" }) };
    const { value, grads } = run(whole, {
      input: tensor([3, 1], "float32", [1, 2]),
      target: tensor([1, 1], "float32", [1, 2]),
    });
    expect(numbers(value)).toEqual([2]);
    expect(grads).toEqual({});
  });
  it("has arguments that only the class takes", () => {
    const inputs = { input: tensor([1]), target: tensor([1]), mask: tensor([1]) };
    expect(() => bindCall(squared, inputs, {}, [], "class")).not.toThrow();
    expect(() => bindCall(squared, inputs, {}, [], "function")).toThrow("unexpected argument 'mask'");
  });
});

describe("a mask", () => {
  const masked = (scale: MaskScale): Contract => ({
    ...squared,
    after: (terms, ports) => weigh(terms, undefined, ports["mask"], scale),
  });
  const inputs = {
    input: tensor([1, 1, 1], "float32", [3, 1]),
    target: tensor([0, 0, 0], "float32", [3, 1]),
    mask: tensor([2, 1, 0]),
  };
  it("multiplies, or selects, scaled by what its values add up to", () => {
    expect(numbers(run(masked({ over: ["0"], whenNone: "zero" }), inputs).value)).toEqual([2, 1, 0]);
    expect(numbers(run(masked({ over: ["0"], whenNone: "zero", selects: true }), inputs).value)).toEqual([1, 1, 0]);
  });
});

describe("an exempt label", () => {
  const sparse = (through: DType): Contract => ({
    ...squared,
    layout: ({ inputs: { input } }) => {
      const x = trailing(input?.shape ?? [], { 1: "C" });
      const rows = x.filter((d) => d.axis !== "C");
      return { ports: { x, y: rows }, value: rows };
    },
    dtypes: () => ({ compute: "float32", result: "float32", of: { y: through } }),
    gradient: { of: ["input"], refuses: {} },
    define: () => ({ loss: sparseCategoricalCrossEntropy, options: { fromLogits: true, ignoreClass: 1 } }),
    mean: undefined,
  });
  it("is compared with floats where labels pass through floats, with integers where they do not", () => {
    const inputs = { input: tensor([0, 0, 0, 0], "float32", [2, 2]), target: tensor([1, 1.5]) };
    expect(numbers(run(sparse("float32"), inputs).value)).toEqual([0, Math.fround(Math.LN2)]);
    expect(numbers(run(sparse("int64"), inputs).value)).toEqual([0, 0]);
  });
});

it("holdsIn compares releases as numbers, `until` excluded", () => {
  expect(holdsIn({ since: "2.9" }, "2.10")).toBe(true);
  expect(holdsIn({ since: "2.10" }, "2.9")).toBe(false);
  expect(holdsIn({ until: "3.0" }, "2.21")).toBe(true);
  expect(holdsIn({ since: "2.4", until: "2.8" }, "2.8")).toBe(false);
  expect(holdsIn({}, "1.0")).toBe(true);
});
