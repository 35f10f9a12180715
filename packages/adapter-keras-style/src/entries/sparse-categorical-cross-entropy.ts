/** The cross-entropy against class indices of Keras. */
import type { Contract, Definition, Options } from "@isoloss/core";
import { sparseCategoricalCrossEntropy, sparseCategoricalCrossEntropyUnchecked } from "@isoloss/core/losses";
import { predicted } from "../dtypes.ts";
import { sparse } from "../layout.ts";
import { flag, kept, ofFunction } from "../parameters.ts";
import { common, ofEveryClass, ranks } from "./common.ts";

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
