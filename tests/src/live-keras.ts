/** Arbitrary requests in Keras's words. */
import fc from "fast-check";
import {
  floatType,
  held,
  type Kind,
  labels,
  type Shape,
  shapeLike,
  shapeOf,
  some,
  sometimes,
  tensor,
  typeLike,
} from "./live-arbitraries.ts";
import type { RecordedRequest, RecordedTensor } from "./replay-fixtures.ts";

type Request = Omit<RecordedRequest, "id">;
type Options = Readonly<Record<string, readonly [number, fc.Arbitrary<unknown>]>>;

/** What a class takes besides its own options: words of all generations, of which a release refuses some. */
const classOptions: Options = {
  reduction: [
    6,
    fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom("sum_over_batch_size", "sum", "none") },
      { weight: 2, arbitrary: fc.constantFrom("auto", "mean", "mean_with_sample_weight", null) },
      { weight: 1, arbitrary: fc.constantFrom("max", "") },
    ),
  ],
  name: [1, fc.constantFrom("x", null)],
  dtype: [1, fc.constantFrom("float64", "float16", "bfloat16", "int32", "mixed_float16", null)],
};
const number = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 30 }).map((n) => n / 10) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0, "NaN", "Infinity", 1e-6) },
);
const smoothing = fc.constantFrom(0, 0.1, 0.5, 1);

/** Weights by sample, by element, by what broadcasts, and by what does not. */
const weightShape = (rows: Shape): fc.Arbitrary<Shape> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(rows) },
    { weight: 3, arbitrary: fc.nat(rows.length).map((n) => rows.slice(0, n)) },
    { weight: 2, arbitrary: fc.constant([...rows, 1]) },
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: shapeLike(rows) },
    { weight: 1, arbitrary: shapeOf(0, 3) },
  );

function request(
  loss: string,
  options: Options,
  rows: Shape,
  inputs: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<Request> {
  const isClass = /^[A-Z][a-z]|^KLD[a-z]/.test(loss);
  const sampleWeight = fc
    .tuple(weightShape(rows), typeLike("float32"))
    .chain(([shape, dtype]) => tensor("weight", dtype, shape));
  const mask = fc
    .oneof({ weight: 6, arbitrary: fc.constant(rows) }, { weight: 1, arbitrary: weightShape(rows) })
    .chain((s) => tensor("weight", "bool", s));
  const extra = isClass ? sometimes({ sample_weight: [4, sampleWeight], mask: [2, mask] }) : fc.constant({});
  const up = fc.option(
    fc.oneof(
      { weight: 3, arbitrary: tensor("any", "float32", []) },
      { weight: 2, arbitrary: tensor("any", "float32", rows) },
    ),
    { freq: 8 },
  );
  return fc
    .record({
      options: sometimes({ ...(isClass ? classOptions : {}), ...options }),
      inputs: fc.record(inputs),
      extra,
      grad: some(["y_true", "y_pred"]),
      up,
    })
    .map(({ options: o, inputs: i, extra: e, grad, up: u }) => ({
      loss,
      ...(Object.keys(o).length && { options: o }),
      inputs: Object.fromEntries(
        Object.entries({ ...i, ...e }).map(([name, t]) => [name, held(String(o["dtype"]), t as RecordedTensor)]),
      ),
      ...(grad.length && { grad }),
      ...(grad.length && u !== null && { upstream: u }),
    }));
}

const pair =
  (truth: Kind, prediction: Kind, options: Options = {}) =>
  (loss: string): fc.Arbitrary<Request> =>
    fc
      .tuple(shapeOf(1, 3), floatType)
      .chain(([shape, dtype]) => fc.tuple(fc.constant(shape), shapeLike(shape), typeLike(dtype), typeLike(dtype)))
      .chain(([shape, other, a, b]) =>
        request(loss, options, shape.slice(0, -1), {
          y_true: tensor(truth, a, other).map((t) => held(b, t)),
          y_pred: tensor(prediction, b, shape),
        }),
      );

const axis: Options = { axis: [1, fc.constantFrom(-1, 0, 1, -2)] };
const sparse = (loss: string): fc.Arbitrary<Request> =>
  fc
    .record({
      rows: shapeOf(0, 2),
      count: fc.integer({ min: 1, max: 5 }),
      dtype: floatType,
      logits: fc.boolean(),
      ignored: fc.option(fc.constantFrom(0, 1, -1), { freq: 4 }),
      column: fc.boolean(),
    })
    .chain(({ rows, count, dtype, logits, ignored, column }) =>
      fc.tuple(typeLike("int64"), column ? fc.constant([...rows, 1]) : shapeLike(rows)).chain(([d, s]) =>
        request(
          loss,
          {
            from_logits: [10, fc.constant(logits)],
            ignore_class: [ignored === null ? 0 : 10, fc.constant(ignored)],
            ...axis,
          },
          rows,
          {
            y_true: labels(s, count, d, ignored ?? undefined),
            y_pred: tensor(logits ? "any" : "probability", dtype, [...rows, count]),
          },
        ),
      ),
    );

const crossEntropy: Options = { from_logits: [5, fc.boolean()], label_smoothing: [3, smoothing], ...axis };

type Family = (loss: string) => fc.Arbitrary<Request>;
/** By class; its functions and aliases are asked the same. */
const families: Readonly<Record<string, Family>> = {
  MeanSquaredError: pair("any", "any"),
  MeanAbsoluteError: pair("any", "any"),
  MeanAbsolutePercentageError: pair("any", "any"),
  MeanSquaredLogarithmicError: pair("positive", "positive"),
  Huber: pair("any", "any", { delta: [4, number] }),
  LogCosh: pair("any", "any"),
  Poisson: pair("positive", "positive"),
  CosineSimilarity: pair("any", "any", axis),
  Hinge: pair("sign", "any"),
  SquaredHinge: pair("binary", "any"),
  CategoricalHinge: pair("binary", "any"),
  KLDivergence: pair("probability", "probability"),
  BinaryCrossentropy: pair("binary", "probability", crossEntropy),
  CategoricalCrossentropy: pair("probability", "probability", crossEntropy),
  SparseCategoricalCrossentropy: sparse,
};

/** The functions that are asked, beside the classes. */
const functions: Readonly<Record<string, string>> = {
  mean_squared_error: "MeanSquaredError",
  mean_absolute_error: "MeanAbsoluteError",
  mean_absolute_percentage_error: "MeanAbsolutePercentageError",
  mean_squared_logarithmic_error: "MeanSquaredLogarithmicError",
  huber: "Huber",
  log_cosh: "LogCosh",
  poisson: "Poisson",
  cosine_similarity: "CosineSimilarity",
  hinge: "Hinge",
  squared_hinge: "SquaredHinge",
  categorical_hinge: "CategoricalHinge",
  kl_divergence: "KLDivergence",
  binary_crossentropy: "BinaryCrossentropy",
  categorical_crossentropy: "CategoricalCrossentropy",
  sparse_categorical_crossentropy: "SparseCategoricalCrossentropy",
};

/** A generator of requests for every public name. */
export const kerasRequests: Readonly<Record<string, fc.Arbitrary<Request>>> = Object.fromEntries(
  [...Object.keys(families).map((name) => [name, name]), ...Object.entries(functions)].map(([name, family]) => [
    name,
    (families[family as string] as Family)(name as string),
  ]),
);
