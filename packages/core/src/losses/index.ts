/** The losses, one file a family. */
export {
  binaryCrossEntropyClamped,
  binaryCrossEntropyClipped,
  binaryCrossEntropyLogits,
} from "./binary-cross-entropy.ts";
export { categoricalCrossEntropy, sparseCategoricalCrossEntropy } from "./categorical-cross-entropy.ts";
export { cosineEmbedding } from "./cosine-embedding.ts";
export { crossEntropy, crossEntropyProbabilities } from "./cross-entropy.ts";
export { squaredError } from "./squared-error.ts";
