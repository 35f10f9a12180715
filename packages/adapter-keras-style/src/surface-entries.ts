/** Every public name with the types of its arguments: what `createKerasWith` takes, and all together what `createKeras` has. */
import type { PublicLoss } from "@isoloss/core";
import { findEntry } from "./profiles.ts";
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

const named = <As extends "class" | "function">(name: string, as: As) => ({
  name,
  as,
  in: (profile: string) => findEntry(profile, name),
});

/** Binary cross-entropy of probabilities, which are clipped, or of logits. [`BinaryCrossentropy`](https://keras.io/api/losses/probabilistic_losses/#binarycrossentropy-class). */
export const BinaryCrossentropy: Class<CrossentropyOptions> = /* @__PURE__ */ named("BinaryCrossentropy", "class");
/** `BinaryCrossentropy` of each sample, as a function. */
export const binary_crossentropy: Fn<CrossentropyOptions> = /* @__PURE__ */ named("binary_crossentropy", "function");
/** `binary_crossentropy` under another name. */
export const bce: Fn<CrossentropyOptions> = /* @__PURE__ */ named("bce", "function");
/** `binary_crossentropy` under another name. */
export const BCE: Fn<CrossentropyOptions> = /* @__PURE__ */ named("BCE", "function");

/** Cross-entropy against one-hot labels or probabilities. [`CategoricalCrossentropy`](https://keras.io/api/losses/probabilistic_losses/#categoricalcrossentropy-class). */
export const CategoricalCrossentropy: Class<CrossentropyOptions> = /* @__PURE__ */ named(
  "CategoricalCrossentropy",
  "class",
);
/** `CategoricalCrossentropy` of each sample, as a function. */
export const categorical_crossentropy: Fn<CrossentropyOptions> = /* @__PURE__ */ named(
  "categorical_crossentropy",
  "function",
);

/** Cross-entropy against class indices. [`SparseCategoricalCrossentropy`](https://keras.io/api/losses/probabilistic_losses/#sparsecategoricalcrossentropy-class). */
export const SparseCategoricalCrossentropy: Class<SparseOptions> = /* @__PURE__ */ named(
  "SparseCategoricalCrossentropy",
  "class",
);
/** `SparseCategoricalCrossentropy` of each sample, as a function. */
export const sparse_categorical_crossentropy: Fn<SparseOptions> = /* @__PURE__ */ named(
  "sparse_categorical_crossentropy",
  "function",
);

/** Kullback–Leibler divergence Σ y·log(y ⁄ ŷ), both clipped. [`KLDivergence`](https://keras.io/api/losses/probabilistic_losses/#kldivergence-class). */
export const KLDivergence: Class<object> = /* @__PURE__ */ named("KLDivergence", "class");
/** `KLDivergence` of each sample, as a function. */
export const kl_divergence: Fn<object> = /* @__PURE__ */ named("kl_divergence", "function");
/** `kl_divergence` under another name. */
export const kullback_leibler_divergence: Fn<object> = /* @__PURE__ */ named("kullback_leibler_divergence", "function");
/** `kl_divergence` under another name. */
export const kld: Fn<object> = /* @__PURE__ */ named("kld", "function");
/** `kl_divergence` under another name. */
export const KLD: Fn<object> = /* @__PURE__ */ named("KLD", "function");

/** mean(ŷ − y·log(ŷ + ε)). [`Poisson`](https://keras.io/api/losses/probabilistic_losses/#poisson-class). */
export const Poisson: Class<object> = /* @__PURE__ */ named("Poisson", "class");
/** `Poisson` of each sample, as a function. */
export const poisson: Fn<object> = /* @__PURE__ */ named("poisson", "function");

/** mean((y − ŷ)²) over the last axis. [`MeanSquaredError`](https://keras.io/api/losses/regression_losses/#meansquarederror-class). */
export const MeanSquaredError: Class<object> = /* @__PURE__ */ named("MeanSquaredError", "class");
/** `MeanSquaredError` of each sample, as a function. */
export const mean_squared_error: Fn<object> = /* @__PURE__ */ named("mean_squared_error", "function");
/** `mean_squared_error` under another name. */
export const mse: Fn<object> = /* @__PURE__ */ named("mse", "function");
/** `mean_squared_error` under another name. */
export const MSE: Fn<object> = /* @__PURE__ */ named("MSE", "function");

/** mean |y − ŷ| over the last axis. [`MeanAbsoluteError`](https://keras.io/api/losses/regression_losses/#meanabsoluteerror-class). */
export const MeanAbsoluteError: Class<object> = /* @__PURE__ */ named("MeanAbsoluteError", "class");
/** `MeanAbsoluteError` of each sample, as a function. */
export const mean_absolute_error: Fn<object> = /* @__PURE__ */ named("mean_absolute_error", "function");
/** `mean_absolute_error` under another name. */
export const mae: Fn<object> = /* @__PURE__ */ named("mae", "function");
/** `mean_absolute_error` under another name. */
export const MAE: Fn<object> = /* @__PURE__ */ named("MAE", "function");

/** 100·mean(|y − ŷ| ⁄ max(|y|, ε)) over the last axis. [`MeanAbsolutePercentageError`](https://keras.io/api/losses/regression_losses/#meanabsolutepercentageerror-class). */
export const MeanAbsolutePercentageError: Class<object> = /* @__PURE__ */ named("MeanAbsolutePercentageError", "class");
/** `MeanAbsolutePercentageError` of each sample, as a function. */
export const mean_absolute_percentage_error: Fn<object> = /* @__PURE__ */ named(
  "mean_absolute_percentage_error",
  "function",
);
/** `mean_absolute_percentage_error` under another name. */
export const mape: Fn<object> = /* @__PURE__ */ named("mape", "function");
/** `mean_absolute_percentage_error` under another name. */
export const MAPE: Fn<object> = /* @__PURE__ */ named("MAPE", "function");

/** mean((log(max(ŷ, ε) + 1) − log(max(y, ε) + 1))²) over the last axis. [`MeanSquaredLogarithmicError`](https://keras.io/api/losses/regression_losses/#meansquaredlogarithmicerror-class). */
export const MeanSquaredLogarithmicError: Class<object> = /* @__PURE__ */ named("MeanSquaredLogarithmicError", "class");
/** `MeanSquaredLogarithmicError` of each sample, as a function. */
export const mean_squared_logarithmic_error: Fn<object> = /* @__PURE__ */ named(
  "mean_squared_logarithmic_error",
  "function",
);
/** `mean_squared_logarithmic_error` under another name. */
export const msle: Fn<object> = /* @__PURE__ */ named("msle", "function");
/** `mean_squared_logarithmic_error` under another name. */
export const MSLE: Fn<object> = /* @__PURE__ */ named("MSLE", "function");

/** −cos(y, ŷ): −1 where they point the same way. [`CosineSimilarity`](https://keras.io/api/losses/regression_losses/#cosinesimilarity-class). */
export const CosineSimilarity: Class<AxisOptions> = /* @__PURE__ */ named("CosineSimilarity", "class");
/** `CosineSimilarity` of each sample, as a function. */
export const cosine_similarity: Fn<AxisOptions> = /* @__PURE__ */ named("cosine_similarity", "function");

/** Quadratic up to δ, linear beyond. [`Huber`](https://keras.io/api/losses/regression_losses/#huber-class). */
export const Huber: Class<HuberOptions> = /* @__PURE__ */ named("Huber", "class");
/** `Huber` of each sample, as a function. */
export const huber: Fn<HuberOptions> = /* @__PURE__ */ named("huber", "function");
/** `huber` under another name. */
export const huber_loss: Fn<HuberOptions> = /* @__PURE__ */ named("huber_loss", "function");

/** mean log cosh(ŷ − y) over the last axis. [`LogCosh`](https://keras.io/api/losses/regression_losses/#logcosh-class). */
export const LogCosh: Class<object> = /* @__PURE__ */ named("LogCosh", "class");
/** `LogCosh` of each sample, as a function. */
export const log_cosh: Fn<object> = /* @__PURE__ */ named("log_cosh", "function");
/** `log_cosh` under another name. */
export const logcosh: Fn<object> = /* @__PURE__ */ named("logcosh", "function");

/** mean max(1 − y·ŷ, 0); labels 0 and 1 are taken for −1 and 1. [`Hinge`](https://keras.io/api/losses/hinge_losses/#hinge-class). */
export const Hinge: Class<object> = /* @__PURE__ */ named("Hinge", "class");
/** `Hinge` of each sample, as a function. */
export const hinge: Fn<object> = /* @__PURE__ */ named("hinge", "function");

/** mean max(1 − y·ŷ, 0)²; labels 0 and 1 are taken for −1 and 1. [`SquaredHinge`](https://keras.io/api/losses/hinge_losses/#squaredhinge-class). */
export const SquaredHinge: Class<object> = /* @__PURE__ */ named("SquaredHinge", "class");
/** `SquaredHinge` of each sample, as a function. */
export const squared_hinge: Fn<object> = /* @__PURE__ */ named("squared_hinge", "function");

/** max(neg − pos + 1, 0), pos = Σ y·ŷ, neg = max (1 − y)·ŷ. [`CategoricalHinge`](https://keras.io/api/losses/hinge_losses/#categoricalhinge-class). */
export const CategoricalHinge: Class<object> = /* @__PURE__ */ named("CategoricalHinge", "class");
/** `CategoricalHinge` of each sample, as a function. */
export const categorical_hinge: Fn<object> = /* @__PURE__ */ named("categorical_hinge", "function");
