/** Under which names the releases know the losses: attributes of `keras.losses`, and strings that its `get` accepts. */
import type { Call } from "@isoloss/core";
import type { entries } from "./entries/index.ts";

/** The name of a record, which is that of its class. */
export type EntryName = keyof typeof entries;

/** A name in the releases that have it. */
export interface PublicName {
  readonly entry: EntryName;
  readonly as: Call["as"];
  /** The first release that has it no longer. */
  readonly until?: string;
}
/** The functions beside each class; a string of `get` that older releases have is in `gone`. */
const functions: Readonly<Record<EntryName, readonly string[]>> = {
  BinaryCrossentropy: ["binary_crossentropy", "bce", "BCE"],
  CategoricalCrossentropy: ["categorical_crossentropy"],
  CategoricalHinge: ["categorical_hinge"],
  CosineSimilarity: ["cosine_similarity"],
  Hinge: ["hinge"],
  Huber: ["huber", "huber_loss"],
  KLDivergence: ["kl_divergence", "kullback_leibler_divergence", "kld", "KLD"],
  LogCosh: ["log_cosh", "logcosh"],
  MeanAbsoluteError: ["mean_absolute_error", "mae", "MAE"],
  MeanAbsolutePercentageError: ["mean_absolute_percentage_error", "mape", "MAPE"],
  MeanSquaredError: ["mean_squared_error", "mse", "MSE"],
  MeanSquaredLogarithmicError: ["mean_squared_logarithmic_error", "msle", "MSLE"],
  Poisson: ["poisson"],
  SparseCategoricalCrossentropy: ["sparse_categorical_crossentropy"],
  SquaredHinge: ["squared_hinge"],
};
/** What Keras calls the function beside a class. */
export const functionOf = (entry: EntryName): string => functions[entry][0] as string;

/** The first release that has a name no longer. */
const gone: Readonly<Record<string, string>> = {
  huber_loss: "3.0",
  kullback_leibler_divergence: "3.0",
  logcosh: "3.0",
};

/** Every name of a class and of a function. */
export const names: Readonly<Record<string, PublicName>> = /* @__PURE__ */ Object.fromEntries(
  (Object.entries(functions) as [EntryName, readonly string[]][]).flatMap(([entry, list]) => [
    [entry, { entry, as: "class" }] as const,
    ...list.map((name) => {
      const until = gone[name];
      return [name, { entry, as: "function", ...(until !== undefined && { until }) }] as const;
    }),
  ]),
);
