/** Every public name with the types of its arguments: what `createKerasWith` takes, and all together what `createKeras` has. */
import type { PublicLoss } from "@isoloss/core";
import * as entries from "./entries/index.ts";
import { entryIn } from "./profiles.ts";
import type {
  AxisOptions,
  ClassOptions,
  CrossentropyOptions,
  FunctionInputs,
  Gradients,
  HuberOptions,
  InstanceInputs,
  SparseOptions,
} from "./surface-types.ts";

type Class<O extends object> = PublicLoss<"class", InstanceInputs, Gradients, O & ClassOptions>;
type Fn<O extends object> = PublicLoss<"function", FunctionInputs, "y_true" | "y_pred", O>;

const named = <As extends "class" | "function">(entry: entries.Entry, name: string, as: As) => ({
  name,
  as,
  in: (profile: string) => entryIn(entry, name, profile),
});

/** Binary cross-entropy of probabilities, which are clipped, or of logits. [`BinaryCrossentropy`](https://keras.io/api/losses/probabilistic_losses/#binarycrossentropy-class). */
export const BinaryCrossentropy: Class<CrossentropyOptions> = /* @__PURE__ */ named(
  entries.BinaryCrossentropy,
  "BinaryCrossentropy",
  "class",
);
/** `BinaryCrossentropy` of each sample, as a function. */
export const binary_crossentropy: Fn<CrossentropyOptions> = /* @__PURE__ */ named(
  entries.BinaryCrossentropy,
  "binary_crossentropy",
  "function",
);
/** `binary_crossentropy` under another name. */
export const bce: Fn<CrossentropyOptions> = /* @__PURE__ */ named(entries.BinaryCrossentropy, "bce", "function");
/** `binary_crossentropy` under another name. */
export const BCE: Fn<CrossentropyOptions> = /* @__PURE__ */ named(entries.BinaryCrossentropy, "BCE", "function");

/** Cross-entropy against one-hot labels or probabilities. [`CategoricalCrossentropy`](https://keras.io/api/losses/probabilistic_losses/#categoricalcrossentropy-class). */
export const CategoricalCrossentropy: Class<CrossentropyOptions> = /* @__PURE__ */ named(
  entries.CategoricalCrossentropy,
  "CategoricalCrossentropy",
  "class",
);
/** `CategoricalCrossentropy` of each sample, as a function. */
export const categorical_crossentropy: Fn<CrossentropyOptions> = /* @__PURE__ */ named(
  entries.CategoricalCrossentropy,
  "categorical_crossentropy",
  "function",
);

/** Cross-entropy against class indices. [`SparseCategoricalCrossentropy`](https://keras.io/api/losses/probabilistic_losses/#sparsecategoricalcrossentropy-class). */
export const SparseCategoricalCrossentropy: Class<SparseOptions> = /* @__PURE__ */ named(
  entries.SparseCategoricalCrossentropy,
  "SparseCategoricalCrossentropy",
  "class",
);
/** `SparseCategoricalCrossentropy` of each sample, as a function. */
export const sparse_categorical_crossentropy: Fn<SparseOptions> = /* @__PURE__ */ named(
  entries.SparseCategoricalCrossentropy,
  "sparse_categorical_crossentropy",
  "function",
);

/** Kullback–Leibler divergence Σ y·log(y ⁄ ŷ), both clipped. [`KLDivergence`](https://keras.io/api/losses/probabilistic_losses/#kldivergence-class). */
export const KLDivergence: Class<object> = /* @__PURE__ */ named(entries.KLDivergence, "KLDivergence", "class");
/** `KLDivergence` of each sample, as a function. */
export const kl_divergence: Fn<object> = /* @__PURE__ */ named(entries.KLDivergence, "kl_divergence", "function");
/** `kl_divergence` under another name. */
export const kullback_leibler_divergence: Fn<object> = /* @__PURE__ */ named(
  entries.KLDivergence,
  "kullback_leibler_divergence",
  "function",
);
/** `kl_divergence` under another name. */
export const kld: Fn<object> = /* @__PURE__ */ named(entries.KLDivergence, "kld", "function");
/** `kl_divergence` under another name. */
export const KLD: Fn<object> = /* @__PURE__ */ named(entries.KLDivergence, "KLD", "function");

/** mean(ŷ − y·log(ŷ + ε)). [`Poisson`](https://keras.io/api/losses/probabilistic_losses/#poisson-class). */
export const Poisson: Class<object> = /* @__PURE__ */ named(entries.Poisson, "Poisson", "class");
/** `Poisson` of each sample, as a function. */
export const poisson: Fn<object> = /* @__PURE__ */ named(entries.Poisson, "poisson", "function");

/** mean((y − ŷ)²) over the last axis. [`MeanSquaredError`](https://keras.io/api/losses/regression_losses/#meansquarederror-class). */
export const MeanSquaredError: Class<object> = /* @__PURE__ */ named(
  entries.MeanSquaredError,
  "MeanSquaredError",
  "class",
);
/** `MeanSquaredError` of each sample, as a function. */
export const mean_squared_error: Fn<object> = /* @__PURE__ */ named(
  entries.MeanSquaredError,
  "mean_squared_error",
  "function",
);
/** `mean_squared_error` under another name. */
export const mse: Fn<object> = /* @__PURE__ */ named(entries.MeanSquaredError, "mse", "function");
/** `mean_squared_error` under another name. */
export const MSE: Fn<object> = /* @__PURE__ */ named(entries.MeanSquaredError, "MSE", "function");

/** mean |y − ŷ| over the last axis. [`MeanAbsoluteError`](https://keras.io/api/losses/regression_losses/#meanabsoluteerror-class). */
export const MeanAbsoluteError: Class<object> = /* @__PURE__ */ named(
  entries.MeanAbsoluteError,
  "MeanAbsoluteError",
  "class",
);
/** `MeanAbsoluteError` of each sample, as a function. */
export const mean_absolute_error: Fn<object> = /* @__PURE__ */ named(
  entries.MeanAbsoluteError,
  "mean_absolute_error",
  "function",
);
/** `mean_absolute_error` under another name. */
export const mae: Fn<object> = /* @__PURE__ */ named(entries.MeanAbsoluteError, "mae", "function");
/** `mean_absolute_error` under another name. */
export const MAE: Fn<object> = /* @__PURE__ */ named(entries.MeanAbsoluteError, "MAE", "function");

/** 100·mean(|y − ŷ| ⁄ max(|y|, ε)) over the last axis. [`MeanAbsolutePercentageError`](https://keras.io/api/losses/regression_losses/#meanabsolutepercentageerror-class). */
export const MeanAbsolutePercentageError: Class<object> = /* @__PURE__ */ named(
  entries.MeanAbsolutePercentageError,
  "MeanAbsolutePercentageError",
  "class",
);
/** `MeanAbsolutePercentageError` of each sample, as a function. */
export const mean_absolute_percentage_error: Fn<object> = /* @__PURE__ */ named(
  entries.MeanAbsolutePercentageError,
  "mean_absolute_percentage_error",
  "function",
);
/** `mean_absolute_percentage_error` under another name. */
export const mape: Fn<object> = /* @__PURE__ */ named(entries.MeanAbsolutePercentageError, "mape", "function");
/** `mean_absolute_percentage_error` under another name. */
export const MAPE: Fn<object> = /* @__PURE__ */ named(entries.MeanAbsolutePercentageError, "MAPE", "function");

/** mean((log(max(ŷ, ε) + 1) − log(max(y, ε) + 1))²) over the last axis. [`MeanSquaredLogarithmicError`](https://keras.io/api/losses/regression_losses/#meansquaredlogarithmicerror-class). */
export const MeanSquaredLogarithmicError: Class<object> = /* @__PURE__ */ named(
  entries.MeanSquaredLogarithmicError,
  "MeanSquaredLogarithmicError",
  "class",
);
/** `MeanSquaredLogarithmicError` of each sample, as a function. */
export const mean_squared_logarithmic_error: Fn<object> = /* @__PURE__ */ named(
  entries.MeanSquaredLogarithmicError,
  "mean_squared_logarithmic_error",
  "function",
);
/** `mean_squared_logarithmic_error` under another name. */
export const msle: Fn<object> = /* @__PURE__ */ named(entries.MeanSquaredLogarithmicError, "msle", "function");
/** `mean_squared_logarithmic_error` under another name. */
export const MSLE: Fn<object> = /* @__PURE__ */ named(entries.MeanSquaredLogarithmicError, "MSLE", "function");

/** −cos(y, ŷ): −1 where they point the same way. [`CosineSimilarity`](https://keras.io/api/losses/regression_losses/#cosinesimilarity-class). */
export const CosineSimilarity: Class<AxisOptions> = /* @__PURE__ */ named(
  entries.CosineSimilarity,
  "CosineSimilarity",
  "class",
);
/** `CosineSimilarity` of each sample, as a function. */
export const cosine_similarity: Fn<AxisOptions> = /* @__PURE__ */ named(
  entries.CosineSimilarity,
  "cosine_similarity",
  "function",
);

/** Quadratic up to δ, linear beyond. [`Huber`](https://keras.io/api/losses/regression_losses/#huber-class). */
export const Huber: Class<HuberOptions> = /* @__PURE__ */ named(entries.Huber, "Huber", "class");
/** `Huber` of each sample, as a function. */
export const huber: Fn<HuberOptions> = /* @__PURE__ */ named(entries.Huber, "huber", "function");
/** `huber` under another name. */
export const huber_loss: Fn<HuberOptions> = /* @__PURE__ */ named(entries.Huber, "huber_loss", "function");

/** mean log cosh(ŷ − y) over the last axis. [`LogCosh`](https://keras.io/api/losses/regression_losses/#logcosh-class). */
export const LogCosh: Class<object> = /* @__PURE__ */ named(entries.LogCosh, "LogCosh", "class");
/** `LogCosh` of each sample, as a function. */
export const log_cosh: Fn<object> = /* @__PURE__ */ named(entries.LogCosh, "log_cosh", "function");
/** `log_cosh` under another name. */
export const logcosh: Fn<object> = /* @__PURE__ */ named(entries.LogCosh, "logcosh", "function");

/** mean max(1 − y·ŷ, 0); labels 0 and 1 are taken for −1 and 1. [`Hinge`](https://keras.io/api/losses/hinge_losses/#hinge-class). */
export const Hinge: Class<object> = /* @__PURE__ */ named(entries.Hinge, "Hinge", "class");
/** `Hinge` of each sample, as a function. */
export const hinge: Fn<object> = /* @__PURE__ */ named(entries.Hinge, "hinge", "function");

/** mean max(1 − y·ŷ, 0)²; labels 0 and 1 are taken for −1 and 1. [`SquaredHinge`](https://keras.io/api/losses/hinge_losses/#squaredhinge-class). */
export const SquaredHinge: Class<object> = /* @__PURE__ */ named(entries.SquaredHinge, "SquaredHinge", "class");
/** `SquaredHinge` of each sample, as a function. */
export const squared_hinge: Fn<object> = /* @__PURE__ */ named(entries.SquaredHinge, "squared_hinge", "function");

/** max(neg − pos + 1, 0), pos = Σ y·ŷ, neg = max (1 − y)·ŷ. [`CategoricalHinge`](https://keras.io/api/losses/hinge_losses/#categoricalhinge-class). */
export const CategoricalHinge: Class<object> = /* @__PURE__ */ named(
  entries.CategoricalHinge,
  "CategoricalHinge",
  "class",
);
/** `CategoricalHinge` of each sample, as a function. */
export const categorical_hinge: Fn<object> = /* @__PURE__ */ named(
  entries.CategoricalHinge,
  "categorical_hinge",
  "function",
);
