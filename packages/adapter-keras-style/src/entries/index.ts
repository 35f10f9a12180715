/** Every entry: a record of a class and the function beside it, as TensorFlow 2.3 has them, and what releases changed of it. */
import type { Contract, Row } from "@isoloss/core";
import { absoluteErrorChanges } from "../changes/absolute-error.ts";
import { absolutePercentageErrorChanges } from "../changes/absolute-percentage-error.ts";
import { binaryCrossEntropyChanges } from "../changes/binary-cross-entropy.ts";
import { categoricalCrossEntropyChanges } from "../changes/categorical-cross-entropy.ts";
import { cosineSimilarityChanges } from "../changes/cosine-similarity.ts";
import { withCommon } from "../changes/every-loss.ts";
import { categoricalHingeChanges } from "../changes/hinge.ts";
import { huberChanges } from "../changes/huber.ts";
import { logCoshChanges } from "../changes/log-cosh.ts";
import { poissonChanges } from "../changes/poisson.ts";
import { sparseCategoricalCrossEntropyChanges } from "../changes/sparse-categorical-cross-entropy.ts";
import { squaredErrorChanges } from "../changes/squared-error.ts";
import { squaredLogarithmicErrorChanges } from "../changes/squared-logarithmic-error.ts";
import * as absoluteError from "./absolute-error.ts";
import * as absolutePercentageError from "./absolute-percentage-error.ts";
import * as binary from "./binary-cross-entropy.ts";
import * as categorical from "./categorical-cross-entropy.ts";
import * as cosine from "./cosine-similarity.ts";
import * as hinges from "./hinge.ts";
import * as hubers from "./huber.ts";
import * as divergence from "./kl-divergence.ts";
import * as logCosh from "./log-cosh.ts";
import * as poisson from "./poisson.ts";
import * as sparse from "./sparse-categorical-cross-entropy.ts";
import * as squaredError from "./squared-error.ts";
import * as squaredLogarithmicError from "./squared-logarithmic-error.ts";

/** A record, and what later releases changed of it. */
export interface Entry {
  readonly contract: Contract;
  readonly changes: readonly Row[];
}

export const BinaryCrossentropy: Entry = { contract: binary.BinaryCrossentropy, changes: binaryCrossEntropyChanges };
export const CategoricalCrossentropy: Entry = {
  contract: categorical.CategoricalCrossentropy,
  changes: categoricalCrossEntropyChanges,
};
const common = withCommon();
export const CategoricalHinge: Entry = { contract: hinges.CategoricalHinge, changes: categoricalHingeChanges };
export const CosineSimilarity: Entry = { contract: cosine.CosineSimilarity, changes: cosineSimilarityChanges };
export const Hinge: Entry = { contract: hinges.Hinge, changes: common };
export const Huber: Entry = { contract: hubers.Huber, changes: huberChanges };
export const KLDivergence: Entry = { contract: divergence.KLDivergence, changes: common };
export const LogCosh: Entry = { contract: logCosh.LogCosh, changes: logCoshChanges };
export const MeanAbsoluteError: Entry = { contract: absoluteError.MeanAbsoluteError, changes: absoluteErrorChanges };
export const MeanAbsolutePercentageError: Entry = {
  contract: absolutePercentageError.MeanAbsolutePercentageError,
  changes: absolutePercentageErrorChanges,
};
export const MeanSquaredError: Entry = { contract: squaredError.MeanSquaredError, changes: squaredErrorChanges };
export const MeanSquaredLogarithmicError: Entry = {
  contract: squaredLogarithmicError.MeanSquaredLogarithmicError,
  changes: squaredLogarithmicErrorChanges,
};
export const Poisson: Entry = { contract: poisson.Poisson, changes: poissonChanges };
export const SparseCategoricalCrossentropy: Entry = {
  contract: sparse.SparseCategoricalCrossentropy,
  changes: sparseCategoricalCrossEntropyChanges,
};
export const SquaredHinge: Entry = { contract: hinges.SquaredHinge, changes: common };

/** All of them. A bundle has only those that it names. */
export const entries = {
  BinaryCrossentropy,
  CategoricalCrossentropy,
  CategoricalHinge,
  CosineSimilarity,
  Hinge,
  Huber,
  KLDivergence,
  LogCosh,
  MeanAbsoluteError,
  MeanAbsolutePercentageError,
  MeanSquaredError,
  MeanSquaredLogarithmicError,
  Poisson,
  SparseCategoricalCrossentropy,
  SquaredHinge,
} satisfies Record<string, Entry>;
