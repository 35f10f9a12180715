/** Under which names the releases know the losses: attributes of `keras.losses`, and strings that its `get` accepts. */
import type { Call } from "@isoloss/core";
import type { entries } from "./entries/index.ts";

/** A record's name. */
export type EntryName = keyof typeof entries;

/** A name in the releases that have it. */
export interface PublicName {
  readonly entry: EntryName;
  readonly as: Call["as"];
  /** The first release that has it no longer. */
  readonly until?: string;
}
const is = (entry: EntryName, as: Call["as"], until?: string): PublicName => ({ entry, as, ...(until && { until }) });
const ofFunction = (entry: EntryName, ...names: readonly string[]): [string, PublicName][] =>
  names.map((name) => [name, is(entry, "function")]);

/** Every name of a class and of a function. */
export const names: Readonly<Record<string, PublicName>> = {
  BinaryCrossentropy: is("BinaryCrossentropy", "class"),
  CategoricalCrossentropy: is("CategoricalCrossentropy", "class"),
  Hinge: is("Hinge", "class"),
  MeanSquaredError: is("MeanSquaredError", "class"),
  SparseCategoricalCrossentropy: is("SparseCategoricalCrossentropy", "class"),
  ...Object.fromEntries([
    ...ofFunction("BinaryCrossentropy", "binary_crossentropy", "bce", "BCE"),
    ...ofFunction("CategoricalCrossentropy", "categorical_crossentropy"),
    ...ofFunction("Hinge", "hinge"),
    ...ofFunction("MeanSquaredError", "mean_squared_error", "mse", "MSE"),
    ...ofFunction("SparseCategoricalCrossentropy", "sparse_categorical_crossentropy"),
  ]),
};
