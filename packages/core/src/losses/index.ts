/** The losses. What no other loss needs has a file of its own, so that bundles leave it out. */
export { absoluteError } from "./absolute-error.ts";
export { absolutePercentageError } from "./absolute-percentage-error.ts";
export { binaryCrossEntropyClipped, binaryCrossEntropyLogits } from "./binary-cross-entropy.ts";
export { binaryCrossEntropyClamped } from "./binary-cross-entropy-clamped.ts";
export { binaryCrossEntropyWithLogits } from "./binary-cross-entropy-with-logits.ts";
export { categoricalCrossEntropy } from "./categorical-cross-entropy.ts";
export { cosineEmbedding } from "./cosine-embedding.ts";
export { cosineSimilarity } from "./cosine-similarity.ts";
export { crossEntropy, crossEntropyProbabilities } from "./cross-entropy.ts";
export { categoricalHinge, hinge, squaredHinge } from "./hinge.ts";
export { hingeEmbedding } from "./hinge-embedding.ts";
export { huber, huberCutOff } from "./huber.ts";
export { huberError } from "./huber-error.ts";
export { klDivergence, klDivergencePositive } from "./kl-divergence.ts";
export { klDivergenceClipped } from "./kl-divergence-clipped.ts";
export { logCosh } from "./log-cosh.ts";
export { negativeLogLikelihood } from "./negative-log-likelihood.ts";
export { poisson } from "./poisson.ts";
export { smoothAbsoluteError } from "./smooth-absolute-error.ts";
export {
  sparseCategoricalCrossEntropy,
  sparseCategoricalCrossEntropyUnchecked,
} from "./sparse-categorical-cross-entropy.ts";
export { squaredError } from "./squared-error.ts";
export { squaredLogarithmicError } from "./squared-logarithmic-error.ts";
