/** The losses of core as cases: with which options they are tried, and what their ports' numbers mean. */
import type { AnyLoss, LossOptions } from "@isoloss/core";
import * as losses from "@isoloss/core/losses";
import type { Domain } from "./values.ts";

/** What the suite tries with one loss. */
export interface LossCases {
  /** Each is tried with every layout, and with and without the optional ports. */
  readonly options: readonly LossOptions[];
  /** By port. */
  readonly domains: Readonly<Record<string, Domain>>;
  /** Ports whose gradient is, as in the framework, not the derivative of the value; with the reason. */
  readonly notDerivative?: Readonly<Record<string, string>>;
}

const regression = { domains: { x: "any", y: "any", weight: "weight" } } as const;
const binary = { domains: { x: "probability", y: "binary" } } as const;
const margin = {
  domains: { x: "any", y: "binary" },
  notDerivative: { y: "a label that moves off 0 and 1 changes how the whole batch is read" },
} as const;
const kernels =
  "the framework's softmax kernels give g·(softmax − labels), and log-probabilities, whatever the labels sum to";

/** One row a loss of `@isoloss/core/losses`. */
export const lossCases: Readonly<Record<string, LossCases>> = {
  squaredError: { ...regression, options: [{}] },
  absoluteError: { ...regression, options: [{}] },
  smoothAbsoluteError: { ...regression, options: [{}, { beta: 0 }, { beta: 0.3 }] },
  absolutePercentageError: { ...regression, options: [{}, { slopeAtNaN: 0 }] },
  squaredLogarithmicError: { options: [{}], domains: { x: "positive", y: "positive" } },
  logCosh: { ...regression, options: [{}] },
  poisson: { options: [{}], domains: { x: "positive", y: "positive" } },
  huber: { ...regression, options: [{}, { delta: 2.5 }] },
  huberCutOff: { ...regression, options: [{}, { delta: 2.5, slopeAtNaN: 0 }] },
  huberError: { ...regression, options: [{}, { delta: 2.5 }] },
  crossEntropy: {
    options: [{}, { labelSmoothing: 0.1 }, { ignoreIndex: 0 }],
    domains: { logits: "any", target: "label", weight: "weight" },
  },
  crossEntropyProbabilities: {
    options: [{}, { labelSmoothing: 0.1 }],
    domains: { logits: "any", target: "distribution", weight: "weight" },
  },
  negativeLogLikelihood: {
    options: [{}, { ignoreIndex: 1 }],
    domains: { x: "log-probability", target: "label", weight: "weight" },
  },
  binaryCrossEntropyClamped: {
    options: [{}, { log1p: false }],
    domains: { p: "probability", y: "probability", weight: "weight" },
  },
  binaryCrossEntropyClipped: { ...binary, options: [{}, { again: true }, { labelSmoothing: 0.2 }] },
  binaryCrossEntropyLogits: { options: [{}, { labelSmoothing: 0.2 }], domains: { x: "any", y: "binary" } },
  binaryCrossEntropyWithLogits: {
    options: [{}, { logSigmoid: false, saturates: true }],
    domains: { x: "any", y: "probability", weight: "weight", positive: "positive" },
    notDerivative: { positive: "an option wherever it exists: nobody can ask for its gradient" },
  },
  categoricalCrossEntropy: {
    options: [{}, { fromLogits: true }, { fromLogits: true, labelSmoothing: 0.1 }],
    domains: { x: "probability", y: "distribution" },
    notDerivative: { x: kernels, y: kernels },
  },
  sparseCategoricalCrossEntropy: {
    options: [{}, { fromLogits: true }, { ignoreClass: 1 }],
    domains: { x: "probability", y: "label" },
  },
  sparseCategoricalCrossEntropyUnchecked: {
    options: [{}, { fromLogits: true }],
    domains: { x: "probability", y: "binary" },
    notDerivative: { y: "an index" },
  },
  hinge: { ...margin, options: [{}] },
  squaredHinge: { ...margin, options: [{}] },
  categoricalHinge: { options: [{}, { skipsNaN: true }], domains: { x: "any", y: "distribution" } },
  hingeEmbedding: { options: [{}, { margin: 0.3 }], domains: { x: "any", target: "sign" } },
  klDivergence: { options: [{}, { logTarget: true }], domains: { x: "log-probability", y: "probability" } },
  klDivergenceClipped: { options: [{}], domains: { x: "probability", y: "probability" } },
  klDivergencePositive: { options: [{}], domains: { x: "log-probability", y: "probability" } },
  cosineSimilarity: { options: [{}], domains: { x: "any", y: "any" } },
  cosineEmbedding: { options: [{}, { margin: 0.4 }], domains: { a: "any", b: "any", target: "sign" } },
};

/** Every definition that core exports, by its exported name. */
export const definitions: Readonly<Record<string, AnyLoss>> = losses;
