/** Every public name with the types of its arguments: what `createTorchWith` takes, and all together what `createTorch` has. */
import type { PublicLoss } from "@isoloss/core";
import {
  bce,
  bceWithLogits,
  cosineEmbedding,
  crossEntropy,
  type Entry,
  hingeEmbedding,
  huber,
  klDiv,
  l1,
  mse,
  nll,
  smoothL1,
} from "./entries/index.ts";
import { entryIn } from "./profiles.ts";
import type {
  BinaryLogitsOptions,
  BinaryOptions,
  CrossEntropyOptions,
  HuberOptions,
  KLDivOptions,
  MarginOptions,
  NLLOptions,
  Pair,
  ReductionOptions,
  SmoothL1Options,
  Triple,
  WeightOptions,
} from "./surface-types.ts";

type Class<O extends object, I extends readonly unknown[] = Pair, G extends string = "input" | "target"> = PublicLoss<
  "class",
  I,
  G,
  O
>;
type Fn<O extends object, I extends readonly unknown[] = Pair, G extends string = "input" | "target"> = PublicLoss<
  "function",
  I,
  G,
  O
>;
type Inputs3 = "input1" | "input2" | "target";

const named = <As extends "class" | "function">(entry: Entry, as: As) => ({
  name: entry[as],
  as,
  in: (profile: string) => entryIn(entry, as, profile),
});

/** Binary cross-entropy of probabilities; each logarithm is at least −100. [`nn.BCELoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html). */
export const BCELoss: Class<BinaryOptions> = /* @__PURE__ */ named(bce, "class");
/** [`F.binary_cross_entropy`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy.html): `BCELoss` as a function. */
export const binary_cross_entropy: Fn<BinaryOptions> = /* @__PURE__ */ named(bce, "function");

/** Binary cross-entropy of logits, with weights of positive targets. [`nn.BCEWithLogitsLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html). */
export const BCEWithLogitsLoss: Class<BinaryLogitsOptions> = /* @__PURE__ */ named(bceWithLogits, "class");
/** [`F.binary_cross_entropy_with_logits`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy_with_logits.html): `BCEWithLogitsLoss` as a function. */
export const binary_cross_entropy_with_logits: Fn<BinaryLogitsOptions> = /* @__PURE__ */ named(
  bceWithLogits,
  "function",
);

/** Softmax cross-entropy of logits [N, C, d…] against class indices [N, d…] or, since 1.10, probabilities. [`nn.CrossEntropyLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html). */
export const CrossEntropyLoss: Class<CrossEntropyOptions> = /* @__PURE__ */ named(crossEntropy, "class");
/** [`F.cross_entropy`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html): `CrossEntropyLoss` as a function. */
export const cross_entropy: Fn<CrossEntropyOptions> = /* @__PURE__ */ named(crossEntropy, "function");

/** Negative log-likelihood of log-probabilities [N, C, d…] at class indices [N, d…]. [`nn.NLLLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html). */
export const NLLLoss: Class<NLLOptions> = /* @__PURE__ */ named(nll, "class");
/** [`F.nll_loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.nll_loss.html): `NLLLoss` as a function. */
export const nll_loss: Fn<NLLOptions> = /* @__PURE__ */ named(nll, "function");

/** Kullback–Leibler divergence; the input is log-probabilities. Only "batchmean" is the mathematical mean. [`nn.KLDivLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html). */
export const KLDivLoss: Class<KLDivOptions> = /* @__PURE__ */ named(klDiv, "class");
/** [`F.kl_div`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.kl_div.html): `KLDivLoss` as a function. */
export const kl_div: Fn<KLDivOptions> = /* @__PURE__ */ named(klDiv, "function");

/** |input − target|. [`nn.L1Loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.L1Loss.html). */
export const L1Loss: Class<ReductionOptions> = /* @__PURE__ */ named(l1, "class");
/** [`F.l1_loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.l1_loss.html): `L1Loss` as a function. */
export const l1_loss: Fn<ReductionOptions & WeightOptions> = /* @__PURE__ */ named(l1, "function");

/** (input − target)². [`nn.MSELoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html). */
export const MSELoss: Class<ReductionOptions> = /* @__PURE__ */ named(mse, "class");
/** [`F.mse_loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.mse_loss.html): `MSELoss` as a function. */
export const mse_loss: Fn<ReductionOptions & WeightOptions> = /* @__PURE__ */ named(mse, "function");

/** Quadratic below β, |d| − β⁄2 above. Huber's loss divided by β. [`nn.SmoothL1Loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html). */
export const SmoothL1Loss: Class<SmoothL1Options> = /* @__PURE__ */ named(smoothL1, "class");
/** [`F.smooth_l1_loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.smooth_l1_loss.html): `SmoothL1Loss` as a function. */
export const smooth_l1_loss: Fn<SmoothL1Options> = /* @__PURE__ */ named(smoothL1, "function");

/** Quadratic below δ, linear above. Since 1.9. [`nn.HuberLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html). */
export const HuberLoss: Class<HuberOptions> = /* @__PURE__ */ named(huber, "class");
/** [`F.huber_loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.huber_loss.html): `HuberLoss` as a function. */
export const huber_loss: Fn<HuberOptions & WeightOptions> = /* @__PURE__ */ named(huber, "function");

/** The input where the target is 1, max(0, margin − input) where it is −1. [`nn.HingeEmbeddingLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.HingeEmbeddingLoss.html). */
export const HingeEmbeddingLoss: Class<MarginOptions> = /* @__PURE__ */ named(hingeEmbedding, "class");
/** [`F.hinge_embedding_loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hinge_embedding_loss.html): `HingeEmbeddingLoss` as a function. */
export const hinge_embedding_loss: Fn<MarginOptions> = /* @__PURE__ */ named(hingeEmbedding, "function");

/** 1 − cos where the target is 1, max(0, cos − margin) where it is −1. [`nn.CosineEmbeddingLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html). */
export const CosineEmbeddingLoss: Class<MarginOptions, Triple, Inputs3> = /* @__PURE__ */ named(
  cosineEmbedding,
  "class",
);
/** [`F.cosine_embedding_loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cosine_embedding_loss.html): `CosineEmbeddingLoss` as a function. */
export const cosine_embedding_loss: Fn<MarginOptions, Triple, Inputs3> = /* @__PURE__ */ named(
  cosineEmbedding,
  "function",
);
