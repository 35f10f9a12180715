/** What changed from TensorFlow 2.3 to Keras 3.15 in the binary cross-entropies. */
import { binaryCrossEntropyClipped, binaryCrossEntropyLogits } from "@isoloss/core/losses";
import { kept, numberIfTrue, numberOfTruth } from "../parameters.ts";
import { floatsOnly, oneShape, smoothsFloats } from "../refusals.ts";
import { classOnly, withCommon } from "./every-loss.ts";

export const binaryCrossEntropyChanges = withCommon([
  {
    since: "2.6",
    entry: "BinaryCrossentropy",
    what: "`axis`",
    ref: "tensorflow#48000",
    set: { options: { axis: kept(-1) } },
  },
  {
    since: "2.7",
    entry: "BinaryCrossentropy",
    what: "label_smoothing has the type of y_pred",
    ref: "observed",
    set: { refuses: { smoothing: floatsOnly } },
  },
  {
    since: "2.21",
    entry: "BinaryCrossentropy",
    what: "label_smoothing is no empty list",
    ref: "observed",
    set: { options: { label_smoothing: numberOfTruth(0) } },
  },
  {
    since: "3.0",
    entry: "BinaryCrossentropy",
    what: "one ε, and equal shapes are demanded",
    ref: "keras-core",
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
