/** Every loss of PyTorch that is known here: one record each, what releases changed of it, and its public names. */
import type { Contract, Row, Span } from "@isoloss/core";
import { bceChanges } from "../changes/bce.ts";
import { bceWithLogitsChanges } from "../changes/bce-with-logits.ts";
import { cosineEmbeddingChanges } from "../changes/cosine-embedding.ts";
import { crossEntropyChanges } from "../changes/cross-entropy.ts";
import { divergenceChanges } from "../changes/divergence.ts";
import { hingeEmbeddingChanges } from "../changes/hinge-embedding.ts";
import { huberChanges } from "../changes/huber.ts";
import { l1Changes } from "../changes/l1.ts";
import { mseChanges } from "../changes/mse.ts";
import { negativeLogLikelihoodChanges } from "../changes/nll.ts";
import { smoothL1Changes } from "../changes/smooth-l1.ts";
import { BCELoss } from "./bce.ts";
import { BCEWithLogitsLoss } from "./bce-with-logits.ts";
import { CosineEmbeddingLoss } from "./cosine-embedding.ts";
import { CrossEntropyLoss } from "./cross-entropy.ts";
import { KLDivLoss } from "./divergence.ts";
import { HingeEmbeddingLoss } from "./hinge-embedding.ts";
import { HuberLoss } from "./huber.ts";
import { L1Loss } from "./l1.ts";
import { MSELoss } from "./mse.ts";
import { NLLLoss } from "./nll.ts";
import { SmoothL1Loss } from "./smooth-l1.ts";

/** A record with its public names, and the releases that have it. */
export interface Entry extends Span {
  readonly contract: Contract;
  /** What later releases changed of it. */
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
  changes: bceChanges,
};
export const bceWithLogits: Entry = {
  class: "BCEWithLogitsLoss",
  function: "binary_cross_entropy_with_logits",
  contract: BCEWithLogitsLoss,
  changes: bceWithLogitsChanges,
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
  changes: hingeEmbeddingChanges,
};
export const cosineEmbedding: Entry = {
  class: "CosineEmbeddingLoss",
  function: "cosine_embedding_loss",
  contract: CosineEmbeddingLoss,
  changes: cosineEmbeddingChanges,
};
export const mse: Entry = { class: "MSELoss", function: "mse_loss", contract: MSELoss, changes: mseChanges };
export const l1: Entry = { class: "L1Loss", function: "l1_loss", contract: L1Loss, changes: l1Changes };
export const smoothL1: Entry = {
  class: "SmoothL1Loss",
  function: "smooth_l1_loss",
  contract: SmoothL1Loss,
  changes: smoothL1Changes,
};
export const huber: Entry = {
  class: "HuberLoss",
  function: "huber_loss",
  contract: HuberLoss,
  changes: huberChanges,
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
