/** Every entry: a record of a class and the function beside it, as TensorFlow 2.3 has them. */
import type { Contract } from "@isoloss/core";
import { BinaryCrossentropy } from "./binary-cross-entropy.ts";
import { CategoricalCrossentropy, SparseCategoricalCrossentropy } from "./categorical-cross-entropy.ts";
import { Hinge } from "./hinge.ts";
import { MeanSquaredError } from "./squared-error.ts";

export const entries = {
  BinaryCrossentropy,
  CategoricalCrossentropy,
  Hinge,
  MeanSquaredError,
  SparseCategoricalCrossentropy,
} satisfies Record<string, Contract>;
