/** The losses, one file a family. */
export { absoluteError } from "./absolute-error.ts";
export {
  binaryCrossEntropyClamped,
  binaryCrossEntropyClipped,
  binaryCrossEntropyLogits,
} from "./binary-cross-entropy.ts";
export { binaryCrossEntropyWithLogits } from "./binary-cross-entropy-with-logits.ts";
export { categoricalCrossEntropy, sparseCategoricalCrossEntropy } from "./categorical-cross-entropy.ts";
export { cosineEmbedding } from "./cosine-embedding.ts";
export { crossEntropy, crossEntropyProbabilities } from "./cross-entropy.ts";
export { hinge } from "./hinge.ts";
export { hingeEmbedding } from "./hinge-embedding.ts";
export { klDivergence, klDivergencePositive } from "./kl-divergence.ts";
export { negativeLogLikelihood } from "./negative-log-likelihood.ts";
export { huberError, smoothAbsoluteError } from "./smooth-absolute-error.ts";
export { squaredError } from "./squared-error.ts";
