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
import { classOnly, masked, withCommon } from "./every-loss.ts";

export const categoricalCrossEntropyChanges = withCommon([
  {
    since: "2.6",
    entry: "CategoricalCrossentropy",
    what: "`axis`; that of logits is -1 or counted from the left",
    ref: "tensorflow#48000",
    set: { options: { axis: kept(-1) }, refuses: { classAxis: countedClassAxis } },
  },
  {
    since: "2.7",
    entry: "CategoricalCrossentropy",
    what: "label_smoothing has the type of y_pred",
    ref: "observed",
    set: { refuses: { smoothing: floatsOnly } },
  },
  {
    since: "2.10",
    entry: "CategoricalCrossentropy",
    what: "`axis` is no boolean",
    ref: "observed",
    set: { refuses: { axis: axisIsInteger } },
  },
  {
    since: "2.11",
    entry: "CategoricalCrossentropy",
    what: "masks of y_pred act",
    ref: "observed",
    set: { layout: categorical(masked) },
  },
  {
    since: "2.12",
    entry: "CategoricalCrossentropy",
    what: "warns of one class",
    ref: "observed",
    set: { warnings: { classes: oneClass } },
  },
  {
    since: "2.14",
    entry: "CategoricalCrossentropy",
    what: "smoothing counts the classes of `axis`",
    ref: "observed",
    set: {
      refuses: { smoothedAxis: smoothedAlongOne },
      define: (call) => categoricalOf(call, Number(call.options["axis"]), masked),
    },
  },
  {
    since: "2.21",
    entry: "CategoricalCrossentropy",
    what: "label_smoothing is no empty list",
    ref: "observed",
    set: { options: { label_smoothing: numberOfTruth(0) } },
  },
  {
    since: "3.0",
    entry: "CategoricalCrossentropy",
    what: "equal shapes are demanded",
    ref: "keras-core",
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
]);
