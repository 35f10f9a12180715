/** Rules of the releases where they differ, by values that the frameworks gave. */
import {
  createCallSite,
  createEngine,
  readOptions,
  type Tensor,
  type TypedArray,
  toNumbers,
  toTensor,
} from "@isoloss/core";
import { createReferenceBackend } from "@isoloss/core/reference";
import { describe, expect, it } from "vitest";
import { findEntry } from "./profiles.ts";

const engine = createEngine(createReferenceBackend());
type Given = Readonly<Record<string, unknown>>;
const tensor = (x: unknown): Tensor => toTensor(x as number[], "x");

/** The value and the gradients of one call; plain arrays are float32. */
function run(profile: string, name: string, inputs: Given, options: Given = {}, gradients: readonly string[] = []) {
  const { contract, as, hint } = findEntry(profile, name);
  const tensors = Object.fromEntries(Object.entries(inputs).map(([key, x]) => [key, tensor(x)]));
  const result = createCallSite(engine, contract, as).run({
    inputs: tensors,
    options: readOptions(contract, options, as, hint),
    gradients,
  });
  const numbers = (t: Tensor | undefined): number[] => [...toNumbers(t?.data as TypedArray, t?.dtype ?? "float32")];
  return {
    shape: result.value?.shape,
    dtype: result.value?.dtype,
    value: numbers(result.value),
    grads: Object.fromEntries(Object.entries(result.grads).map(([key, t]) => [key, numbers(t)])),
    warnings: result.warnings,
  };
}
const f32 = (...x: number[]): number[] => x.map((v) => Math.fround(v));
const none = { reduction: "none" };

describe("binary cross-entropy", () => {
  const inputs = { y_true: [[1], [0]], y_pred: [[0], [1]] };
  it("adds ε twice in Keras 2, once in Keras 3", () => {
    const two = run("tf@2.3", "binary_crossentropy", inputs).value;
    expect(two[0]).toBeCloseTo(15.424949, 5);
    expect(two[1]).toBeCloseTo(15.333239, 5);
    const three = run("keras@3.15", "binary_crossentropy", inputs).value;
    expect(three[0]).toBeCloseTo(16.118095, 5);
    expect(three[1]).toBeCloseTo(15.942385, 5);
    expect(run("keras@2.21", "binary_crossentropy", inputs).value).toEqual(two);
  });
  it("has no gradient outside the bounds", () => {
    expect(run("keras@3.15", "binary_crossentropy", inputs, {}, ["y_pred"]).grads["y_pred"]).toEqual([0, 0]);
  });
  it("smooths labels of float64 from TensorFlow 2.7", () => {
    const doubles = { y_true: Float64Array.of(1, 0), y_pred: Float64Array.of(0.5, 0.25) };
    expect(() => run("tf@2.6", "BinaryCrossentropy", doubles, { label_smoothing: 0.1 })).toThrow(/float32/);
    expect(run("tf@2.9", "BinaryCrossentropy", doubles, { label_smoothing: 0.1 }).value[0]).toBeCloseTo(0.5178797, 6);
  });
});

describe("ranks", () => {
  const inputs = { y_true: [1, 2, 3], y_pred: [[1], [3], [6]] };
  it("(N) against (N, 1) is a scalar in a class of Keras 2, (N) in Keras 3", () => {
    expect(run("tf@2.3", "MeanSquaredError", inputs, none)).toMatchObject({ shape: [], value: f32(10 / 3) });
    expect(run("keras@3.15", "MeanSquaredError", inputs, none)).toMatchObject({ shape: [3], value: [0, 1, 9] });
    expect(run("keras@3.15", "MeanSquaredError", inputs, { reduction: "sum" }).value).toEqual([10]);
  });
  it("a function of Keras 2 broadcasts to (N, N)", () => {
    expect(run("tf@2.3", "mean_squared_error", inputs).value).toEqual(f32(5 / 3, 5 / 3, 50 / 3));
  });
});

describe("weights", () => {
  const inputs = {
    y_true: [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
    y_pred: [
      [1, 1],
      [2, 2],
      [3, 3],
    ],
  };
  it("of shape (N) against a loss of (N, T) weigh rows in Keras 2 and nothing in Keras 3", () => {
    const deep = {
      y_true: [
        [[0], [0], [0]],
        [[0], [0], [0]],
      ],
      y_pred: [
        [[1], [1], [1]],
        [[1], [1], [1]],
      ],
    };
    expect(run("tf@2.3", "MeanSquaredError", { ...deep, sample_weight: [1, 2] }, none).value).toEqual([
      1, 1, 1, 2, 2, 2,
    ]);
    expect(() => run("keras@3.15", "MeanSquaredError", { ...deep, sample_weight: [1, 2] }, none)).toThrow(/broadcast/);
  });
  it("of shape (N, 1) give a value of (N, 1) in Keras 3", () => {
    const weighed = { ...inputs, sample_weight: [[1], [2], [0]] };
    expect(run("tf@2.3", "MeanSquaredError", weighed, none)).toMatchObject({ shape: [3], value: [1, 8, 0] });
    expect(run("keras@3.15", "MeanSquaredError", weighed, none)).toMatchObject({ shape: [3, 1], value: [1, 8, 0] });
  });
  it("divide only under mean_with_sample_weight, from Keras 3.7", () => {
    const weighed = { ...inputs, sample_weight: [1, 1, 0] };
    expect(run("keras@3.15", "MeanSquaredError", weighed).value).toEqual(f32(5 / 3));
    expect(run("keras@3.15", "MeanSquaredError", weighed, { reduction: "mean_with_sample_weight" }).value).toEqual([
      2.5,
    ]);
    const zero = { ...inputs, sample_weight: [0, 0, 0] };
    expect(run("keras@3.15", "MeanSquaredError", zero, { reduction: "mean_with_sample_weight" }).value).toEqual([0]);
    expect(() => run("keras@3.6", "MeanSquaredError", weighed, { reduction: "mean" })).toThrow(/reduction/);
  });
  it("go through float32 until TensorFlow 2.9", () => {
    const doubles = { y_true: Float64Array.of(0, 0), y_pred: Float64Array.of(0.2, 0.5) };
    expect(run("tf@2.8", "MeanSquaredError", doubles)).toMatchObject({ dtype: "float64", value: f32(0.145) });
    expect(run("tf@2.9", "MeanSquaredError", doubles).value[0]).toBeCloseTo(0.145, 15);
    expect(run("keras@3.15", "MeanSquaredError", doubles).dtype).toBe("float32");
  });
});

describe("masks", () => {
  const inputs = { y_true: [[0], [0], [0]], y_pred: [[1], [2], [3]], mask: [true, false, true] };
  it("do nothing before TensorFlow 2.11, then the mean is over what they leave", () => {
    expect(run("tf@2.10", "MeanSquaredError", inputs).value).toEqual(f32(14 / 3));
    expect(run("tf@2.11", "MeanSquaredError", inputs).value).toEqual([5]);
    expect(run("keras@3.15", "MeanSquaredError", inputs, none).value).toEqual([1, 0, 9]);
  });
  it("that leave nothing give NaN in Keras 2, 0 in Keras 3", () => {
    const all = { ...inputs, mask: [false, false, false] };
    expect(run("keras@2.21", "MeanSquaredError", all).value).toEqual([Number.NaN]);
    expect(run("keras@3.15", "MeanSquaredError", all).value).toEqual([0]);
  });
  it("multiply by their numbers until Keras 3.15, which selects by them", () => {
    const counted = { ...inputs, mask: [2, 0, 1] };
    expect(run("keras@3.14", "MeanSquaredError", counted).value[0]).toBeCloseTo(11 / 3, 5);
    expect(run("keras@3.15", "MeanSquaredError", counted).value[0]).toBeCloseTo(10 / 3, 5);
  });
});

describe("ignored classes", () => {
  const labels = { data: Int32Array.of(0, -1, 2), shape: [3], dtype: "int32" };
  const inputs = {
    y_true: labels,
    y_pred: [
      [0.5, 0.25, 0.25],
      [0.5, 0.25, 0.25],
      [0.5, 0.25, 0.25],
    ],
  };
  it("are left out of the mean, and are refused by releases without them", () => {
    const { value } = run("keras@3.15", "SparseCategoricalCrossentropy", inputs, { ignore_class: -1 });
    expect(value[0]).toBeCloseTo(1.0397208, 6);
    expect(() => run("tf@2.9", "SparseCategoricalCrossentropy", inputs, { ignore_class: -1 })).toThrow(
      /came with 2.10/,
    );
  });
  it("have more dimensions before their own in Keras 3, and a 1 that they end in until 3.4", () => {
    const value = (profile: string, shape: number[], name = "sparse_categorical_crossentropy") =>
      run(profile, name, { y_true: { ...labels, shape }, y_pred: inputs.y_pred }, { ignore_class: -1 });
    for (const profile of ["keras@3.0", "keras@3.4", "keras@3.15"])
      expect(value(profile, [1, 3])).toMatchObject({ shape: [1, 3], value: f32(Math.log(2), 0, Math.log(4)) });
    expect(() => value("keras@3.3", [3, 1])).toThrow(/shape/);
    expect(value("keras@3.4", [3, 1]).shape).toEqual([3]);
    const one = { y_true: { ...labels, data: Int32Array.of(1), shape: [1] }, y_pred: [0.5, 0.25, 0.25] };
    const options = { ignore_class: -1, reduction: "none" };
    for (const profile of ["keras@3.3", "keras@3.4"])
      expect(run(profile, "SparseCategoricalCrossentropy", one, options).shape).toEqual([]);
    expect(run("keras@3.3", "sparse_categorical_crossentropy", one, { ignore_class: -1 }).shape).toEqual([1]);
  });
  it("spread a NaN of their row's scores until Keras 3.15", () => {
    const nan = {
      ...inputs,
      y_pred: [
        [1, 2, 3],
        [Number.NaN, 1, 1],
        [1, 2, 3],
      ],
    };
    const options = { ignore_class: -1, from_logits: true, reduction: "sum" };
    const row = (profile: string): number[] | undefined =>
      run(profile, "SparseCategoricalCrossentropy", nan, options, ["y_pred"]).grads["y_pred"]?.slice(3, 6);
    expect(row("keras@3.14")).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(row("keras@3.15")).toEqual([0, 0, 0]);
  });
});

describe("Huber's δ", () => {
  const inputs = { y_true: [[0]], y_pred: [[3]] };
  it("is a Python int as a bigint, which Keras 3.0 to 3.3 does not compare with floats", () => {
    for (const profile of ["keras@3.0", "keras@3.3"]) {
      for (const delta of [2n, [2n]]) expect(() => run(profile, "Huber", inputs, { delta })).toThrow(/delta is int32/);
      expect(run(profile, "Huber", inputs, { delta: 2 }).value).toEqual([4]);
    }
    for (const profile of ["tf@2.3", "keras@2.21", "keras@3.4", "keras@3.15"])
      expect(run(profile, "Huber", inputs, { delta: 2n }).value).toEqual([4]);
  });
  it("may be a tensor, of which each has its own value", () => {
    const { contract, as, hint } = findEntry("keras@3.15", "Huber");
    const site = createCallSite(engine, contract, as);
    const value = (delta: number): unknown =>
      site.run({
        inputs: { y_true: tensor([[0]]), y_pred: tensor([[3]]) },
        options: readOptions(contract, { delta: tensor(delta) }, as, hint),
        gradients: [],
      }).value?.data;
    expect(value(2)).toEqual(Float32Array.of(4));
    expect(value(1)).toEqual(Float32Array.of(2.5));
  });
});

describe("labels of a float type", () => {
  const y_pred = [
    [0.5, 0.25, 0.25],
    [0.5, 0.25, 0.25],
  ];
  const labels = (dtype: string, ...data: number[]) => ({ data, shape: [data.length], dtype });
  it.each(["tf@2.3", "tf@2.15", "keras@3.15"])("are cut off to integers in %s", (profile) => {
    for (const dtype of ["float64", "float32", "float16", "bfloat16"]) {
      const { value } = run(profile, "SparseCategoricalCrossentropy", { y_true: labels(dtype, 0, 1.5), y_pred }, none);
      expect(value[0], dtype).toBeCloseTo(Math.log(2), 5);
      expect(value[1], dtype).toBeCloseTo(Math.log(4), 5);
      for (const wrong of [3, Number.NaN, Number.POSITIVE_INFINITY])
        expect(() =>
          run(profile, "SparseCategoricalCrossentropy", { y_true: labels(dtype, 0, wrong), y_pred }),
        ).toThrow(/is outside \[0, 3\)/);
    }
  });
});

describe("integers", () => {
  const whole = (...data: number[]) => ({ data: Int32Array.from(data), shape: [1, 2], dtype: "int32" });
  it("stay integers in TensorFlow 2.3, divided as such, and become float32 in Keras 3", () => {
    const inputs = { y_true: whole(0, 0), y_pred: whole(1, 2) };
    expect(run("tf@2.3", "MeanSquaredError", inputs)).toMatchObject({ dtype: "int32", value: [2] });
    expect(run("keras@3.15", "mean_squared_error", inputs)).toMatchObject({ dtype: "float32", value: [2.5] });
    expect(() => run("tf@2.3", "Hinge", inputs)).toThrow(/expected floats/);
  });
  it("have the mean 0 where there are none, in Keras 2", () => {
    const nothing = { data: new Int32Array(0), shape: [2, 0], dtype: "int32" };
    const inputs = { y_true: nothing, y_pred: nothing };
    for (const profile of ["tf@2.3", "tf@2.15", "keras@2.21"])
      expect(run(profile, "mean_absolute_error", inputs)).toMatchObject({ dtype: "int32", value: [0, 0] });
  });
  it("are not averaged under a mask from TensorFlow 2.11", () => {
    const mask = { data: [1], shape: [1], dtype: "bool" };
    const inputs = { y_true: whole(0, 0), y_pred: whole(1, 2), mask };
    expect(run("tf@2.10", "MeanSquaredError", inputs).value).toEqual([2]);
    for (const profile of ["tf@2.11", "keras@2.21"]) {
      expect(() => run(profile, "MeanSquaredError", inputs)).toThrow(/mask/);
      expect(run(profile, "MeanSquaredError", inputs, { reduction: "sum" }).value).toEqual([2]);
    }
    expect(run("keras@3.13", "MeanSquaredError", inputs)).toMatchObject({ dtype: "float32", value: [2.5] });
  });
});

it("a categorical cross-entropy of one class warns from TensorFlow 2.12", () => {
  const inputs = { y_true: [[1], [1]], y_pred: [[0.5], [0.5]] };
  expect(run("tf@2.11", "CategoricalCrossentropy", inputs).warnings).toEqual([]);
  expect(run("tf@2.12", "CategoricalCrossentropy", inputs).warnings).toEqual([
    expect.stringContaining("y_pred.shape=(2, 1)"),
  ]);
});

it("an empty batch has the mean 0, and is returned as it is in Keras 3 if the loss is a vector", () => {
  const empty = { data: new Float32Array(0), shape: [0, 3] };
  const inputs = { y_true: empty, y_pred: empty };
  expect(run("tf@2.3", "MeanSquaredError", inputs)).toMatchObject({ shape: [], value: [0] });
  expect(run("keras@3.15", "MeanSquaredError", inputs)).toMatchObject({ shape: [0], value: [] });
});

it("Huber's δ has a type of its own until Keras 3.4: a tensor's, or float32", () => {
  const half = { data: Float64Array.of(0.5), shape: [] };
  const huber = (profile: string, inputs: Given, delta: unknown) => run(profile, "huber", inputs, { delta }).value;
  const singles = { y_true: [0, 0], y_pred: [1, 0] };
  const doubles = { y_true: Float64Array.of(0, 0), y_pred: Float64Array.of(1, 0) };
  expect(huber("keras@3.3", doubles, half)).toEqual([0.1875]);
  expect(huber("keras@3.3", singles, 0.5)).toEqual([0.1875]);
  expect(() => huber("keras@3.3", singles, half)).toThrow(/delta is float64/);
  expect(() => huber("keras@3.3", singles, true)).toThrow(/delta is bool/);
  expect(huber("keras@3.4", singles, half)).toEqual([0.1875]);
});

it("smoothing along a list of axes is refused from TensorFlow 2.14, which counts the classes along it", () => {
  const inputs = { y_true: [[1, 0]], y_pred: [[0.5, 0.5]] };
  const options = { axis: [0, 1], label_smoothing: 0.1 };
  expect(run("tf@2.13", "CategoricalCrossentropy", inputs, options).shape).toEqual([]);
  expect(() => run("tf@2.14", "CategoricalCrossentropy", inputs, options)).toThrow(/one axis/);
});

describe("cosine similarity along an axis counted from the left", () => {
  const inputs = { y_true: [3, 4], y_pred: { data: Float32Array.of(3, 0, 4, 2), shape: [2, 1, 2] } };
  it.each(["tf@2.3", "keras@3.15"])("of %s is each tensor's own, and the product's", (profile) => {
    const { value, shape, grads } = run(profile, "cosine_similarity", inputs, { axis: 0 }, ["y_true", "y_pred"]);
    expect(shape).toEqual([1, 2]);
    expect(value[0]).toBeCloseTo(-0.84, 6);
    expect(value[1]).toBeCloseTo(-0.8, 6);
    for (const [i, g] of [-0.0832, 0.0624].entries()) expect(grads["y_true"]?.[i]).toBeCloseTo(g, 6);
    for (const [i, g] of [-0.0192, -0.4, 0.0144, 0].entries()) expect(grads["y_pred"]?.[i]).toBeCloseTo(g, 6);
  });
  it("meets weights that give the loss a dimension more", () => {
    const y_pred = { data: Float32Array.of(3, 0, 4, 2), shape: [2, 2] };
    const weights = { y_true: [3, 4], y_pred, sample_weight: [[1], [2]] };
    const { value, shape } = run("keras@3.15", "CosineSimilarity", weights, { axis: 0, ...none });
    expect(shape).toEqual([2, 1]);
    for (const [i, x] of [-0.84, -1.6].entries()) expect(value[i]).toBeCloseTo(x, 6);
  });
});

it("a class of integers averages its sum as a float64, from Keras 3.7 as a float32", () => {
  const inputs = {
    y_true: [
      [1, 2],
      [3, 4],
    ],
    y_pred: [
      [1, 1],
      [1, 1],
    ],
  };
  const of = (profile: string, reduction: string) =>
    run(profile, "MeanSquaredError", inputs, { dtype: "int32", reduction });
  expect(of("keras@3.4", "sum_over_batch_size")).toMatchObject({ dtype: "float64", value: [3] });
  expect(of("keras@3.15", "sum_over_batch_size")).toMatchObject({ dtype: "float32", value: [3] });
  expect(of("keras@3.15", "sum")).toMatchObject({ dtype: "int32", value: [6] });
});

it("the mean of no bfloat16 is 0 before TensorFlow 2.12", () => {
  const empty = toTensor({ data: new Uint16Array(0), shape: [0], dtype: "bfloat16" }, "x");
  const inputs = { y_true: empty, y_pred: empty };
  for (const name of ["mean_squared_error", "mean_absolute_percentage_error"]) {
    expect(run("tf@2.11", name, inputs).value).toEqual([0]);
    expect(run("tf@2.12", name, inputs).value).toEqual([Number.NaN]);
  }
});

it("a mean of integers adds more than they hold in Keras 2", () => {
  const most = { y_true: Int32Array.of(2147483647, 2147483647), y_pred: Int32Array.of(0, 0) };
  expect(run("tf@2.3", "mean_absolute_error", most)).toMatchObject({ dtype: "int32", value: [2147483647] });
});
