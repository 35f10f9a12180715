/** Every loss of PyTorch that is known here: one record each, and the public names under which releases have it. */
import type { Contract, Span } from "@isoloss/core";
import { BCELoss, BCEWithLogitsLoss } from "./binary.ts";
import { CrossEntropyLoss, NLLLoss } from "./classification.ts";
import { KLDivLoss } from "./divergence.ts";
import { CosineEmbeddingLoss, HingeEmbeddingLoss } from "./embedding.ts";
import { HuberLoss, L1Loss, MSELoss, SmoothL1Loss } from "./regression.ts";

export {
  BCELoss,
  BCEWithLogitsLoss,
  CosineEmbeddingLoss,
  CrossEntropyLoss,
  HingeEmbeddingLoss,
  HuberLoss,
  KLDivLoss,
  L1Loss,
  MSELoss,
  NLLLoss,
  SmoothL1Loss,
};

/** A record with its public names, and the releases that have it. */
export interface Entry extends Span {
  readonly contract: Contract;
  /** The class, in `torch.nn`; also the record's own name. */
  readonly class: string;
  /** The function, in `torch.nn.functional`. */
  readonly function: string;
}

/** The entries by the name of their class. */
export const entries: readonly Entry[] = [
  { class: "BCELoss", function: "binary_cross_entropy", contract: BCELoss },
  { class: "BCEWithLogitsLoss", function: "binary_cross_entropy_with_logits", contract: BCEWithLogitsLoss },
  { class: "CrossEntropyLoss", function: "cross_entropy", contract: CrossEntropyLoss },
  { class: "NLLLoss", function: "nll_loss", contract: NLLLoss },
  { class: "KLDivLoss", function: "kl_div", contract: KLDivLoss },
  { class: "HingeEmbeddingLoss", function: "hinge_embedding_loss", contract: HingeEmbeddingLoss },
  { class: "CosineEmbeddingLoss", function: "cosine_embedding_loss", contract: CosineEmbeddingLoss },
  { class: "MSELoss", function: "mse_loss", contract: MSELoss },
  { class: "L1Loss", function: "l1_loss", contract: L1Loss },
  { class: "SmoothL1Loss", function: "smooth_l1_loss", contract: SmoothL1Loss },
  { class: "HuberLoss", function: "huber_loss", contract: HuberLoss, since: "1.9" },
];
