/** Every entry: a record of a class and the function beside it, as TensorFlow 2.3 has them, and what releases changed of it. */
import type { Contract, Row } from "@isoloss/core";
import { absoluteErrorChanges } from "../changes/absolute-error.ts";
import { binaryCrossEntropyChanges } from "../changes/binary-cross-entropy.ts";
import { categoricalCrossEntropyChanges } from "../changes/categorical-cross-entropy.ts";
import { divergenceChanges } from "../changes/divergence.ts";
import { hingeChanges } from "../changes/hinge.ts";
import { huberChanges } from "../changes/huber.ts";
import { squaredErrorChanges } from "../changes/squared-error.ts";
import type { RecordName } from "../names.ts";
import * as absoluteError from "./absolute-error.ts";
import * as binary from "./binary-cross-entropy.ts";
import * as categorical from "./categorical-cross-entropy.ts";
import * as divergence from "./divergence.ts";
import * as hinges from "./hinge.ts";
import * as hubers from "./huber.ts";
import * as squaredError from "./squared-error.ts";

/** A record, and what later releases changed of it and of its family. */
export interface Entry {
  readonly contract: Contract;
  readonly changes: readonly Row<RecordName>[];
}

export const BinaryCrossentropy: Entry = { contract: binary.BinaryCrossentropy, changes: binaryCrossEntropyChanges };
export const CategoricalCrossentropy: Entry = {
  contract: categorical.CategoricalCrossentropy,
  changes: categoricalCrossEntropyChanges,
};
export const CategoricalHinge: Entry = { contract: hinges.CategoricalHinge, changes: hingeChanges };
export const CosineSimilarity: Entry = { contract: divergence.CosineSimilarity, changes: divergenceChanges };
export const Hinge: Entry = { contract: hinges.Hinge, changes: hingeChanges };
export const Huber: Entry = { contract: hubers.Huber, changes: huberChanges };
export const KLDivergence: Entry = { contract: divergence.KLDivergence, changes: divergenceChanges };
export const LogCosh: Entry = { contract: hubers.LogCosh, changes: huberChanges };
export const MeanAbsoluteError: Entry = { contract: absoluteError.MeanAbsoluteError, changes: absoluteErrorChanges };
export const MeanAbsolutePercentageError: Entry = {
  contract: absoluteError.MeanAbsolutePercentageError,
  changes: absoluteErrorChanges,
};
export const MeanSquaredError: Entry = { contract: squaredError.MeanSquaredError, changes: squaredErrorChanges };
export const MeanSquaredLogarithmicError: Entry = {
  contract: squaredError.MeanSquaredLogarithmicError,
  changes: squaredErrorChanges,
};
export const Poisson: Entry = { contract: divergence.Poisson, changes: divergenceChanges };
export const SparseCategoricalCrossentropy: Entry = {
  contract: categorical.SparseCategoricalCrossentropy,
  changes: categoricalCrossEntropyChanges,
};
export const SquaredHinge: Entry = { contract: hinges.SquaredHinge, changes: hingeChanges };

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
