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
  {
    profiles: /^torch@1\.7$/,
    requests: /^(KLDivLoss|kl_div)\/broadcast( \w+)?\/(17|41)$/,
    kinds: ["unsupported"],
    reason:
      "the kernel of 1.7 gives a gradient of the input's shape that sums over the wrong elements; it is refused here",
  },
];

const keras: readonly KnownDifference[] = [
  {
    profiles: /^(tf|keras)@/,
    requests:
      /^(Poisson|poisson)\/special reduced\/7$|^(Poisson|poisson|MeanSquaredLogarithmicError|mean_squared_logarithmic_error)\/special\/[12]$/,
    kinds: ["gradient"],
    reason: "TensorFlow takes 1⁄x, which is subnormal at 3e38, and flushes it to 0",
  },
  {
    profiles: /^(tf@|keras@2)/,
    requests: /^(CosineSimilarity|cosine_similarity)\/(dtype float16|dtype bfloat16|dtype|large|random)\/\d+$/,
    kinds: ["value", "gradient"],
    reason: "halves: TensorFlow's sums of products round in another order",
  },
  {
    profiles: /^(tf@2\.1[345]|keras@)/,
    requests: /^cosine_similarity\/random\/6$/,
    kinds: ["gradient"],
    reason: "vectors of one element: the gradient is 0, and all that is recorded is rounding",
  },
  {
    profiles: /^(tf@|keras@2)/,
    requests: /^mean_squared_error\/large\/4$/,
    kinds: ["value"],
    reason: "bfloat16: TensorFlow adds 41 numbers in an order of its own",
  },
  {
    profiles: /^tf@2\.3$/,
    requests: /^(SparseCategoricalCrossentropy|sparse_categorical_crossentropy)\/special rows\/16$/,
    kinds: ["value"],
    reason: "bfloat16: 2.3 subtracts a maximum that it has rounded, and meets ∞ − ∞",
  },
  {
    profiles: /^(tf@2\.([89]|1\d)|keras@)/,
    requests: /^(SparseCategoricalCrossentropy\/dtype\/60|sparse_categorical_crossentropy\/dtype bfloat16\/4)$/,
    kinds: ["value"],
    reason: "bfloat16: between two neighbours TensorFlow's logarithm rounds to the other",
  },
  {
    profiles: /^(tf|keras)@/,
    requests: /^log_cosh\/(dtype\/20|large\/4)$|^BinaryCrossentropy\/label_smoothing dtype\/8$/,
    kinds: ["gradient"],
    reason: "halves: one unit in the last place of an intermediate result, which a difference then magnifies",
  },
  {
    profiles: /^keras@3\.(?!0$|1$|2$|3$)/,
    requests: /^huber\/delta\/64$/,
    kinds: ["should refuse"],
    reason: "δ = True: Python's booleans are numbers here, and TensorFlow refuses one beside bfloat16 alone",
  },
  {
    profiles: /^keras@3\.([7-9]|1\d)$/,
    requests: /^MeanSquaredError\/dtype option\/9$/,
    kinds: ["value"],
    reason: 'dtype="int32": predictions are cast to integers, and the mean of what is left is taken in float32',
  },
  {
    profiles: /^keras@3\.[4-6]$/,
    requests: /^MeanSquaredError\/dtype option\/9$/,
    kinds: ["dtype"],
    reason: 'dtype="int32": the mean of integers is TensorFlow\'s quotient of two int32, a float64',
  },
  {
    profiles: /^keras@3\.[45]$/,
    requests: /^CosineSimilarity\/dtype option\/[59]$/,
    kinds: ["dtype"],
    reason: 'dtype="int32", dtype="bool": the mean of integers is TensorFlow\'s quotient of two int32, a float64',
  },
  {
    profiles: /^keras@3\.[0-3]$/,
    requests:
      /^Huber\/delta\/([1-6]|1[3-9]|2\d|30|3[7-9]|4[0-2]|7[3-8])$|^huber\/delta\/(2|10|14|18|26|50)$|^(Huber|huber)\/option delta\/1$/,
    kinds: ["should refuse"],
    reason: "δ is an integer, which TensorFlow does not compare with floats; JSON does not tell 1 from 1.0",
  },
  {
    profiles: /^keras@2\.21$/,
    requests: /\/label_smoothing value\/5$/,
    kinds: ["should refuse"],
    reason: "label_smoothing=[]: the NumPy beside this release refuses the truth of an empty array, older ones do not",
  },
  {
    profiles: /^keras@3\.[0-5]$/,
    requests: /^CosineSimilarity\/axis weight\/12$/,
    kinds: ["code"],
    reason:
      "axis=[] beside weights of another shape: recorded as unchanged since TensorFlow 2, which saw the weights only",
  },
  {
    profiles: /^keras@3\.[0-5]$/,
    requests: /^(CosineSimilarity|cosine_similarity)\/axis( weight)?\/\d+$/,
    kinds: ["unsupported"],
    reason: "two axes: these releases take a matrix norm there, which is a singular value decomposition",
  },
];

export const knownDifferences: readonly KnownDifference[] = [...torch, ...keras];
