/** What changed from TensorFlow 2.3 to Keras 3.15 in the binary cross-entropies. */
import { binaryCrossEntropyClipped, binaryCrossEntropyLogits } from "@isoloss/core/losses";
import { kept, numberIfTrue, numberOfTruth } from "../parameters.ts";
import { floatsOnly, oneShape, smoothsFloats } from "../refusals.ts";
import { classOnly, withCommon } from "./every-loss.ts";

export const binaryCrossEntropyChanges = withCommon([
  /** `axis` (tensorflow#48000). */
  {
    since: "2.6",
    set: { options: { axis: kept(-1) } },
  },
  /** label_smoothing has the type of y_pred (observed). */
  {
    since: "2.7",
    set: { refuses: { smoothing: floatsOnly } },
  },
  /** label_smoothing is no empty list (observed). */
  {
    since: "2.21",
    set: { options: { label_smoothing: numberOfTruth(0) } },
  },
  /** One ε, and equal shapes are demanded (keras-core). */
  {
    since: "3.0",
    set: {
      options: { label_smoothing: numberIfTrue(0) },
      refuses: { smoothing: smoothsFloats, shapes: oneShape(classOnly) },
      define: ({ options }) => ({
        loss: options["from_logits"] ? binaryCrossEntropyLogits : binaryCrossEntropyClipped,
        options: { labelSmoothing: options["label_smoothing"] as number },
      }),
    },
  },
]);
