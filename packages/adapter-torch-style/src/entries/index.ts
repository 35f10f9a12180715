/** Every loss of PyTorch that is known here: one record each, what releases changed of it, and its public names. */
import type { Contract, Row, Span } from "@isoloss/core";
import { binaryChanges } from "../changes/binary.ts";
import { crossEntropyChanges, negativeLogLikelihoodChanges } from "../changes/classification.ts";
import { divergenceChanges } from "../changes/divergence.ts";
import { embeddingChanges } from "../changes/embedding.ts";
import { regressionChanges } from "../changes/regression.ts";
import { BCELoss, BCEWithLogitsLoss } from "./binary.ts";
import { CrossEntropyLoss, NLLLoss } from "./classification.ts";
import { KLDivLoss } from "./divergence.ts";
import { CosineEmbeddingLoss, HingeEmbeddingLoss } from "./embedding.ts";
import { HuberLoss, L1Loss, MSELoss, SmoothL1Loss } from "./regression.ts";

/** A record with its public names, and the releases that have it. */
export interface Entry extends Span {
  readonly contract: Contract;
  /** What later releases changed of it, and of its family. */
  readonly changes: readonly Row[];
  /** The class, in `torch.nn`; also the record's own name. */
  readonly class: string;
  /** The function, in `torch.nn.functional`. */
  readonly function: string;
}

export const bce: Entry = {
  class: "BCELoss",
  function: "binary_cross_entropy",
  contract: BCELoss,
  changes: binaryChanges,
};
export const bceWithLogits: Entry = {
  class: "BCEWithLogitsLoss",
  function: "binary_cross_entropy_with_logits",
  contract: BCEWithLogitsLoss,
  changes: binaryChanges,
};
export const crossEntropy: Entry = {
  class: "CrossEntropyLoss",
  function: "cross_entropy",
  contract: CrossEntropyLoss,
  changes: crossEntropyChanges,
};
export const nll: Entry = {
  class: "NLLLoss",
  function: "nll_loss",
  contract: NLLLoss,
  changes: negativeLogLikelihoodChanges,
};
export const klDiv: Entry = { class: "KLDivLoss", function: "kl_div", contract: KLDivLoss, changes: divergenceChanges };
export const hingeEmbedding: Entry = {
  class: "HingeEmbeddingLoss",
  function: "hinge_embedding_loss",
  contract: HingeEmbeddingLoss,
  changes: embeddingChanges,
};
export const cosineEmbedding: Entry = {
  class: "CosineEmbeddingLoss",
  function: "cosine_embedding_loss",
  contract: CosineEmbeddingLoss,
  changes: embeddingChanges,
};
export const mse: Entry = { class: "MSELoss", function: "mse_loss", contract: MSELoss, changes: regressionChanges };
export const l1: Entry = { class: "L1Loss", function: "l1_loss", contract: L1Loss, changes: regressionChanges };
export const smoothL1: Entry = {
  class: "SmoothL1Loss",
  function: "smooth_l1_loss",
  contract: SmoothL1Loss,
  changes: regressionChanges,
};
export const huber: Entry = {
  class: "HuberLoss",
  function: "huber_loss",
  contract: HuberLoss,
  changes: regressionChanges,
  since: "1.9",
};

/** All of them. A bundle has only those that it names. */
export const entries: readonly Entry[] = [
  bce,
  bceWithLogits,
  crossEntropy,
  nll,
  klDiv,
  hingeEmbedding,
  cosineEmbedding,
  mse,
  l1,
  smoothL1,
  huber,
];
