/** What changed from TensorFlow 2.3 to Keras 3.15 in the categorical cross-entropies. */
import { inPredicted, labelsAsIntegers, oneForAll, throughFloat32 } from "../dtypes.ts";
import { categoricalOf, sparseOf } from "../entries/categorical-cross-entropy.ts";
import { categorical, ignores, sparse, sparseOverLast } from "../layout.ts";
import { kept, numberIfTrue, numberOfTruth, numberOrNone } from "../parameters.ts";
import { weightsAndMasks } from "../reductions.ts";
import {
  axisIsInteger,
  countedClassAxis,
  floatsOnly,
  ignoresOfColumn,
  ignoresOfRows,
  lastAxisOnly,
  maskIsBoolean,
  noBfloat16,
  oneShape,
  smoothedAlongOne,
  smoothsFloats,
  tensorsOnly,
  weightOfLossType,
} from "../refusals.ts";
import { oneClass } from "../warnings.ts";
import { classOnly, masked, withCommon } from "./every-loss.ts";

export const categoricalCrossEntropyChanges = withCommon([
  {
    since: "2.4",
    until: "2.8",
    entry: "SparseCategoricalCrossentropy",
    what: "no softmax of bfloat16",
    ref: "observed",
    set: { refuses: { bfloat16: noBfloat16 } },
  },
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
    since: "2.7",
    entry: "SparseCategoricalCrossentropy",
    what: "labels become integers at once",
    ref: "observed",
    set: { dtypes: (call) => labelsAsIntegers(throughFloat32(call)) },
  },
  {
    since: "2.8",
    entry: "SparseCategoricalCrossentropy",
    what: "the softmax of bfloat16 is back, and only the label's class counts",
    ref: "observed",
    set: { define: ({ options }) => sparseOf(options) },
  },
  {
    since: "2.9",
    entry: "SparseCategoricalCrossentropy",
    what: "weights and reduction keep float64 and half precision",
    ref: "keras#15791",
    set: { dtypes: (call) => labelsAsIntegers(inPredicted(call)) },
  },
  {
    since: "2.10",
    entry: "SparseCategoricalCrossentropy",
    what: "`ignore_class`",
    ref: "keras#16712",
    set: {
      options: { ignore_class: numberOrNone },
      define: ({ options }) => sparseOf(options, { rounds: true }),
      refuses: { vector: ignoresOfRows, weightType: weightOfLossType(ignores) },
      after: weightsAndMasks({ whenNone: "nan" }),
    },
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
    since: "2.11",
    entry: "SparseCategoricalCrossentropy",
    what: "masks of y_pred act",
    ref: "observed",
    set: { layout: sparse(masked), refuses: { mask: maskIsBoolean } },
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
      refuses: { smoothing: smoothsFloats, smoothedAxis: undefined, shapes: oneShape(classOnly) },
      layout: categorical(classOnly),
      define: (call) => categoricalOf(call, -1, classOnly),
    },
  },
  {
    since: "3.0",
    entry: "SparseCategoricalCrossentropy",
    what: "labels of y_pred's rank less one, or ending in 1; classes on the last axis",
    ref: "keras-core",
    set: {
      refuses: { vector: undefined, columns: ignoresOfColumn, axis: lastAxisOnly(classOnly) },
      dtypes: oneForAll,
      define: ({ options }) => sparseOf(options, { multiplies: true }),
      layout: sparseOverLast(classOnly, { keeps: true }),
    },
  },
  {
    since: "3.4",
    entry: "SparseCategoricalCrossentropy",
    what: "labels ending in 1 may be ignored; reads the shapes of what the function is given",
    ref: "observed",
    set: { refuses: { columns: undefined, numbers: tensorsOnly }, layout: sparseOverLast(classOnly) },
  },
  {
    since: "3.10",
    entry: "SparseCategoricalCrossentropy",
    what: "`axis` of the class",
    ref: "observed",
    set: { options: { axis: kept(-1) } },
  },
  {
    since: "3.15",
    entry: "SparseCategoricalCrossentropy",
    what: "what is ignored is selected away, not multiplied by 0",
    ref: "observed",
    set: { define: ({ options }) => sparseOf(options) },
  },
]);
