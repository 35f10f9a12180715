/** What changed from one release of PyTorch to another, all of it: one row a change, a file a family. */
import type { Row } from "@isoloss/core";
import { binaryChanges } from "./changes/binary.ts";
import { crossEntropyChanges, negativeLogLikelihoodChanges } from "./changes/classification.ts";
import { divergenceChanges } from "./changes/divergence.ts";
import { embeddingChanges } from "./changes/embedding.ts";
import { regressionChanges } from "./changes/regression.ts";

export const changes: readonly Row[] = [
  ...binaryChanges,
  ...crossEntropyChanges,
  ...negativeLogLikelihoodChanges,
  ...divergenceChanges,
  ...embeddingChanges,
  ...regressionChanges,
];
