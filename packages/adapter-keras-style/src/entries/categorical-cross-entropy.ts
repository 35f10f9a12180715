/** The cross-entropy against probabilities of Keras. */
import type { Call, Contract, Definition } from "@isoloss/core";
import { categoricalCrossEntropy } from "@isoloss/core/losses";
import { categorical, pairOf, type Ranks } from "../layout.ts";
import { flag } from "../parameters.ts";
import { countsClasses, oneShape, rowsOfNoClass, smoothsFloat32Only } from "../refusals.ts";
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

/**
 * [`CategoricalCrossentropy`](https://keras.io/api/losses/probabilistic_losses/#categoricalcrossentropy-class),
 * `categorical_crossentropy`. Probabilities are divided by their sum, then clipped.
 */
export const CategoricalCrossentropy: Contract = {
  ...common,
  options: { from_logits: flag(false), label_smoothing: smoothing, ...ofEveryClass },
  refuses: {
    smoothing: countsClasses(ranks, smoothsFloat32Only),
    shapes: oneShape(ranks),
    ...common.refuses,
    rows: rowsOfNoClass,
  },
  layout: categorical(ranks),
  define: (call) => categoricalOf(call, -1, ranks),
};
