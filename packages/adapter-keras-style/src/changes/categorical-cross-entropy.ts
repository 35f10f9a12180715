/** What changed from TensorFlow 2.3 to Keras 3.15 in the cross-entropy against probabilities. */
import { categoricalOf } from "../entries/categorical-cross-entropy.ts";
import { categorical } from "../layout.ts";
import { kept, numberIfTrue, numberOfTruth } from "../parameters.ts";
import {
  axisIsInteger,
  countedClassAxis,
  countsClasses,
  floatsOnly,
  oneShape,
  smoothedAlongOne,
  smoothsFloats,
} from "../refusals.ts";
import { oneClass } from "../warnings.ts";
import { classOnly, masked, ofPredicted, withCommon } from "./every-loss.ts";

export const categoricalCrossEntropyChanges = withCommon(
  [
    /** `axis`; that of logits is -1 or counted from the left (tensorflow#48000). */
    {
      since: "2.6",
      set: { options: { axis: kept(-1) }, refuses: { classAxis: countedClassAxis } },
    },
    /** label_smoothing has the type of y_pred (observed). */
    {
      since: "2.7",
      set: { refuses: { smoothing: floatsOnly } },
    },
    /** `axis` is no boolean (observed). */
    {
      since: "2.10",
      set: { refuses: { axis: axisIsInteger } },
    },
    /** masks of y_pred act (observed). */
    {
      since: "2.11",
      set: { layout: categorical(masked) },
    },
    /** warns of one class (observed). */
    {
      since: "2.12",
      set: { warnings: { classes: oneClass } },
    },
    /** smoothing counts the classes of `axis` (observed). */
    {
      since: "2.14",
      set: {
        refuses: { smoothedAxis: smoothedAlongOne },
        define: (call) => categoricalOf(call, Number(call.options["axis"]), masked),
      },
    },
    /** label_smoothing is no empty list (observed). */
    {
      since: "2.21",
      set: { options: { label_smoothing: numberOfTruth(0) } },
    },
    /** equal shapes are demanded (keras-core). */
    {
      since: "3.0",
      set: {
        options: { label_smoothing: numberIfTrue(0) },
        refuses: {
          smoothing: countsClasses(classOnly, smoothsFloats),
          smoothedAxis: undefined,
          shapes: oneShape(classOnly),
        },
        layout: categorical(classOnly),
        define: (call) => categoricalOf(call, -1, classOnly),
      },
    },
  ],
  ofPredicted,
);
