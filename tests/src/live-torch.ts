/** Arbitrary requests in PyTorch's words. */
import fc from "fast-check";
import {
  floatType,
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
import type { RecordedRequest } from "./replay-fixtures.ts";

type Request = Omit<RecordedRequest, "id">;
type Options = Readonly<Record<string, readonly [number, fc.Arbitrary<unknown>]>>;

const reduction = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom("mean", "sum", "none") },
  { weight: 1, arbitrary: fc.constantFrom("elementwise_mean", "batchmean", "max", "") },
);
const legacy: Options = {
  size_average: [1, fc.constantFrom(true, false, null)],
  reduce: [1, fc.constantFrom(true, false, null)],
};
const common: Options = { reduction: [7, reduction], ...legacy };
const scale = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 30 }).map((n) => n / 10) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0, "NaN", "Infinity", 1e-6) },
);

/** An upstream gradient: of the shape that an unreduced value mostly has, or a scalar. */
const upstream = (shape: Shape): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 3, arbitrary: tensor("any", "float32", []) },
    { weight: 2, arbitrary: tensor("any", "float32", shape) },
  );

function request(
  loss: string,
  options: fc.Arbitrary<Record<string, unknown>>,
  inputs: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  value: Shape,
): fc.Arbitrary<Request> {
  return fc
    .record({
      options,
      inputs: fc.record(inputs),
      grad: some(Object.keys(inputs)),
      up: fc.option(upstream(value), { freq: 8 }),
    })
    .map(({ options: o, inputs: i, grad, up }) => ({
      loss,
      ...(Object.keys(o).length && { options: o }),
      inputs: i as Record<string, unknown>,
      ...(grad.length && { grad }),
      ...(grad.length && up !== null && { upstream: up }),
    }));
}

/** input and target, element by element. */
const pair = (first: Kind, second: Kind, own: (shape: Shape, dtype: string) => Options) => (loss: string) =>
  fc
    .tuple(shapeOf(0, 3), floatType)
    .chain(([shape, floats]) => fc.tuple(fc.constant(shape), shapeLike(shape), typeLike(floats), typeLike(floats)))
    .chain(([shape, other, a, b]) =>
      request(
        loss,
        sometimes({ ...common, ...own(shape, a) }),
        { input: tensor(first, a, shape), target: tensor(second, b, other) },
        shape,
      ),
    );
const weightLike = (shape: Shape, dtype: string) =>
  fc.tuple(shapeLike(shape), typeLike(dtype, floatType)).chain(([s, d]) => tensor("weight", d, s));

const classes = (logits: Kind, probabilities: boolean, own: Options) => (loss: string) =>
  fc
    .record({
      batch: fc.option(fc.integer({ min: 0, max: 4 }), { freq: 8 }),
      count: fc.integer({ min: 1, max: 5 }),
      rest: shapeOf(0, 2),
      dtype: floatType,
      exempt: fc.constantFrom(-100, -100, 0, 1, 7),
      soft: probabilities ? fc.boolean() : fc.constant(false),
    })
    .chain(({ batch, count, rest, dtype, exempt, soft }) => {
      const shape = batch === null ? [count] : [batch, count, ...rest];
      const rows = batch === null ? [] : [batch, ...rest];
      const target = soft
        ? typeLike(dtype, floatType).chain((d) => tensor("probability", d, shape))
        : fc.tuple(typeLike("int64"), shapeLike(rows)).chain(([d, s]) => labels(s, count, d, exempt));
      const weight = typeLike(dtype, floatType).chain((d) =>
        fc.oneof(
          { weight: 9, arbitrary: tensor("weight", d, [count]) },
          { weight: 1, arbitrary: tensor("weight", d, shape) },
        ),
      );
      return request(
        loss,
        sometimes({
          ...common,
          ...own,
          weight: [3, weight],
          ignore_index: [exempt === -100 ? 0 : 10, fc.constant(exempt)],
        }),
        { input: tensor(logits, dtype, shape), target },
        rows,
      );
    });

const smoothing = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(0, 0.1, 0.5, 1) },
  { weight: 1, arbitrary: fc.constantFrom(-0.1, 1.5) },
);

const cosine = (loss: string) =>
  fc
    .record({
      rows: fc.option(fc.integer({ min: 0, max: 4 }), { freq: 6 }),
      features: fc.integer({ min: 2, max: 5 }),
      dtype: floatType,
    })
    .chain(({ rows, features, dtype }) => {
      const shape = rows === null ? [features] : [rows, features];
      const target = rows === null ? [] : [rows];
      return fc
        .tuple(shapeLike(shape), shapeLike(target), typeLike(dtype, floatType), typeLike(dtype))
        .chain(([other, third, b, c]) =>
          request(
            loss,
            sometimes({ ...common, margin: [4, scale] }),
            { input1: tensor("any", dtype, shape), input2: tensor("any", b, other), target: tensor("sign", c, third) },
            target,
          ),
        );
    });

type Family = (loss: string) => fc.Arbitrary<Request>;
const families: readonly (readonly [names: readonly string[], family: Family])[] = [
  [["MSELoss"], pair("any", "any", () => ({}))],
  [["L1Loss"], pair("any", "any", () => ({}))],
  [["mse_loss", "l1_loss"], pair("any", "any", (s, d) => ({ weight: [3, weightLike(s, d)] }))],
  [["SmoothL1Loss", "smooth_l1_loss"], pair("any", "any", () => ({ beta: [4, scale] }))],
  [["HuberLoss"], pair("any", "any", () => ({ delta: [4, scale] }))],
  [["huber_loss"], pair("any", "any", (s, d) => ({ delta: [4, scale], weight: [3, weightLike(s, d)] }))],
  [["HingeEmbeddingLoss", "hinge_embedding_loss"], pair("any", "sign", () => ({ margin: [4, scale] }))],
  [
    ["KLDivLoss", "kl_div"],
    pair("logarithm", "probability", () => ({
      log_target: [4, fc.boolean()],
      reduction: [7, fc.oneof(reduction, fc.constant("batchmean"))],
    })),
  ],
  [
    ["BCELoss", "binary_cross_entropy"],
    pair("probability", "probability", (s, d) => ({ weight: [3, weightLike(s, d)] })),
  ],
  [
    ["BCEWithLogitsLoss", "binary_cross_entropy_with_logits"],
    pair("any", "probability", (s, d) => ({ weight: [3, weightLike(s, d)], pos_weight: [3, weightLike(s, d)] })),
  ],
  [["CrossEntropyLoss", "cross_entropy"], classes("any", true, { label_smoothing: [3, smoothing] })],
  [["NLLLoss", "nll_loss"], classes("logarithm", false, {})],
  [["CosineEmbeddingLoss", "cosine_embedding_loss"], cosine],
];

/** A generator of requests for every public name. */
export const torchRequests: Readonly<Record<string, fc.Arbitrary<Request>>> = Object.fromEntries(
  families.flatMap(([names, family]) => names.map((name) => [name, family(name)])),
);
