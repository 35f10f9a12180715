/** Recorded answers that we do not give, and why. A row that no difference matches any more fails the replay on the reference. */
import type { Difference } from "./replay-compare.ts";

export interface KnownDifference {
  readonly profiles: RegExp;
  /** Matches the ids of the requests. */
  readonly requests: RegExp;
  readonly kinds: readonly Difference[];
  readonly reason: string;
}

const torch: readonly KnownDifference[] = [
  {
    profiles: /^torch@1\.7$/,
    requests: /^(L1Loss|l1_loss)\/(large\/4|special\/3)$/,
    kinds: ["gradient"],
    reason:
      "1.7 takes the sign of bfloat16 as ±2⁻¹²⁶ in blocks of 32 numbers, where the processor has AVX2; without it, as here, ±1",
  },
];

const keras: readonly KnownDifference[] = [
  {
    profiles: /^(tf|keras)@/,
    requests:
      /^(Poisson|poisson)\/special reduced\/7$|^(Poisson|poisson|MeanSquaredLogarithmicError|mean_squared_logarithmic_error)\/special\/[12]$/,
    kinds: ["gradient"],
    reason:
      "the gradient of log is g·(1⁄x), and at 3e38 TensorFlow's threads flush the subnormal 1⁄x to 0: a mode of the processor",
  },
  {
    profiles: /^keras@3\.[0-5]$/,
    requests: /^(CosineSimilarity|cosine_similarity)\/axis( weight)?\/\d+$/,
    kinds: ["unsupported"],
    reason: "two axes: these releases call tf.norm(ord=2), the largest singular value of a matrix, by svd",
  },
];

export const knownDifferences: readonly KnownDifference[] = [...torch, ...keras];
