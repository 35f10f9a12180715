/** Every entry: a record of a class and the function beside it, as TensorFlow 2.3 has them. */
import type { Contract } from "@isoloss/core";
import { MeanAbsoluteError, MeanAbsolutePercentageError } from "./absolute-error.ts";
import { BinaryCrossentropy } from "./binary-cross-entropy.ts";
import { CategoricalCrossentropy, SparseCategoricalCrossentropy } from "./categorical-cross-entropy.ts";
import { CosineSimilarity, KLDivergence, Poisson } from "./divergence.ts";
import { CategoricalHinge, Hinge, SquaredHinge } from "./hinge.ts";
import { Huber, LogCosh } from "./huber.ts";
import { MeanSquaredError, MeanSquaredLogarithmicError } from "./squared-error.ts";

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
} satisfies Record<string, Contract>;
