/** The binary cross-entropies of Keras. */
import { type Contract, meanOfOwn } from "@isoloss/core";
import { binaryCrossEntropyClipped, binaryCrossEntropyLogits } from "@isoloss/core/losses";
import { elementwise } from "../layout.ts";
import { flag } from "../parameters.ts";
import { oneShape, smoothsFloat32Only } from "../refusals.ts";
import { common, ofEveryClass, ranks, smoothing } from "./common.ts";

const sameShape = oneShape(ranks);

/**
 * [`BinaryCrossentropy`](https://keras.io/api/losses/probabilistic_losses/#binarycrossentropy-class), `binary_crossentropy`,
 * `bce`, `BCE`. Probabilities are clipped, and ε is added inside the logarithms once more; they broadcast, logits do not.
 */
export const BinaryCrossentropy: Contract = {
  ...common,
  options: { from_logits: flag(false), label_smoothing: smoothing, ...ofEveryClass },
  refuses: {
    smoothing: smoothsFloat32Only,
    shapes: (call) => call.options["from_logits"] === true && sameShape(call),
    ...common.refuses,
  },
  layout: elementwise(ranks),
  define: ({ options }) => {
    const labelSmoothing = options["label_smoothing"] as number;
    return options["from_logits"]
      ? { loss: binaryCrossEntropyLogits, options: { labelSmoothing } }
      : { loss: binaryCrossEntropyClipped, options: { labelSmoothing, again: true } };
  },
  mean: meanOfOwn,
};
