/** The categorical cross-entropies of Keras. */
import type { Call, Contract, Definition, Options } from "@isoloss/core";
import {
  categoricalCrossEntropy,
  sparseCategoricalCrossEntropy,
  sparseCategoricalCrossEntropyUnchecked,
} from "@isoloss/core/losses";
import { predicted } from "../dtypes.ts";
import { categorical, pairOf, type Ranks, sparse } from "../layout.ts";
import { flag, kept, ofFunction } from "../parameters.ts";
import { oneShape, rowsOfNoClass, smoothsFloat32Only } from "../refusals.ts";
import { common, ofEveryClass, ranks, smoothing } from "./common.ts";

/** The definition of a call, its smoothing by the extent of `axis` in y_true once ranks are brought together. */
export const categoricalOf = (call: Call, axis: number, rules: Ranks): Definition => ({
  loss: categoricalCrossEntropy,
  options: {
    fromLogits: call.options["from_logits"] as boolean,
    labelSmoothing: call.options["label_smoothing"] as number,
    classes: pairOf(call, rules)[0].at(axis) ?? 1,
  },
});

/** The definition of a call. `rounds`: the ignored class is an integer; `multiplies`: what is ignored is multiplied by 0. */
export const sparseOf = (options: Options, { rounds = false, multiplies = false } = {}): Definition => {
  const ignored = options["ignore_class"] as number | null | undefined;
  return {
    loss: sparseCategoricalCrossEntropy,
    options: {
      fromLogits: options["from_logits"] as boolean,
      ignoreClass: typeof ignored === "number" && rounds ? Math.trunc(ignored) : (ignored ?? undefined),
      multiplies,
    },
  };
};

/**
 * [`CategoricalCrossentropy`](https://keras.io/api/losses/probabilistic_losses/#categoricalcrossentropy-class),
 * `categorical_crossentropy`. Probabilities are divided by their sum, then clipped.
 */
export const CategoricalCrossentropy: Contract = {
  ...common,
  options: { from_logits: flag(false), label_smoothing: smoothing, ...ofEveryClass },
  refuses: { smoothing: smoothsFloat32Only, shapes: oneShape(ranks), ...common.refuses, rows: rowsOfNoClass },
  layout: categorical(ranks),
  define: (call) => categoricalOf(call, -1, ranks),
};

/**
 * [`SparseCategoricalCrossentropy`](https://keras.io/api/losses/probabilistic_losses/#sparsecategoricalcrossentropy-class),
 * `sparse_categorical_crossentropy`. Probabilities are clipped, then divided by their sum. Labels pass through y_pred's type.
 */
export const SparseCategoricalCrossentropy: Contract = {
  ...common,
  options: { from_logits: flag(false), axis: ofFunction(kept(-1)), ...ofEveryClass },
  gradient: { ...common.gradient, of: ["y_pred", "sample_weight"] },
  layout: sparse(ranks),
  define: (call) =>
    predicted(call) === "bfloat16"
      ? {
          loss: sparseCategoricalCrossEntropyUnchecked,
          options: { fromLogits: call.options["from_logits"] as boolean },
        }
      : sparseOf(call.options),
};
