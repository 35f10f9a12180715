/** The losses, one file a family. */
export { absoluteError } from "./absolute-error.ts";
export { absolutePercentageError } from "./absolute-percentage-error.ts";
export {
  binaryCrossEntropyClamped,
  binaryCrossEntropyClipped,
  binaryCrossEntropyLogits,
} from "./binary-cross-entropy.ts";
export { binaryCrossEntropyWithLogits } from "./binary-cross-entropy-with-logits.ts";
export {
  categoricalCrossEntropy,
  sparseCategoricalCrossEntropy,
  sparseCategoricalCrossEntropyUnchecked,
} from "./categorical-cross-entropy.ts";
export { cosineEmbedding } from "./cosine-embedding.ts";
export { cosineSimilarity } from "./cosine-similarity.ts";
export { crossEntropy, crossEntropyProbabilities } from "./cross-entropy.ts";
export { categoricalHinge, hinge, squaredHinge } from "./hinge.ts";
export { hingeEmbedding } from "./hinge-embedding.ts";
export { huber, huberCutOff } from "./huber.ts";
export { klDivergence, klDivergencePositive } from "./kl-divergence.ts";
export { klDivergenceClipped } from "./kl-divergence-clipped.ts";
export { logCosh } from "./log-cosh.ts";
export { negativeLogLikelihood } from "./negative-log-likelihood.ts";
export { poisson } from "./poisson.ts";
export { huberError, smoothAbsoluteError } from "./smooth-absolute-error.ts";
export { squaredError } from "./squared-error.ts";
export { squaredLogarithmicError } from "./squared-logarithmic-error.ts";
