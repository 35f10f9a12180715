/** What changed within Keras 2, from TensorFlow 2.3 to tf_keras 2.21: one row a change of behaviour. */
import type { Row } from "@isoloss/core";
import { absoluteError, absolutePercentageError, categoricalHinge, huber, logCosh } from "@isoloss/core/losses";
import { inPredicted, labelsAsIntegers, throughFloat32 } from "./dtypes.ts";
import { categoricalOf, sparseOf } from "./entries/categorical-cross-entropy.ts";
import { ranks } from "./entries/common.ts";
import { categorical, elementwise, ignores, type Ranks, sparse } from "./layout.ts";
import { type EntryName, elementwiseEntries, entryNames } from "./names.ts";
import { kept, numberOrNone } from "./parameters.ts";
import { weightsAndMasks } from "./reductions.ts";
import {
  axisIsInteger,
  countedClassAxis,
  hasMask,
  ignoresOfRows,
  maskIsBoolean,
  noBfloat16,
  smoothedAlongOne,
  weightOfLossType,
} from "./refusals.ts";
import { oneClass } from "./warnings.ts";

/** Masks of y_pred act. */
const masked: Ranks = { ...ranks, masks: true };

/** From TensorFlow 2.4 to 2.15 and tf_keras. */
export const changes2: readonly Row<EntryName>[] = [
  {
    since: "2.4",
    entry: "MeanAbsoluteError",
    what: "the slope of |x| at NaN is NaN",
    ref: "observed",
    set: { define: () => ({ loss: absoluteError }) },
  },
  {
    since: "2.4",
    entry: "MeanAbsolutePercentageError",
    what: "the slope of |x| at NaN is NaN",
    ref: "observed",
    set: { define: () => ({ loss: absolutePercentageError }) },
  },
  {
    since: "2.4",
    entry: "LogCosh",
    what: "a softplus of bfloat16 is cut off like any other",
    ref: "observed",
    set: { define: () => ({ loss: logCosh, options: { logTwo: Math.fround(Math.LN2) } }) },
  },
  {
    since: "2.4",
    entry: "CategoricalHinge",
    what: "a maximum with NaN is NaN",
    ref: "observed",
    set: { define: () => ({ loss: categoricalHinge }) },
  },
  {
    since: "2.4",
    entry: "Huber",
    what: "written by cases, so that a large delta keeps its gradient",
    ref: "observed",
    set: {
      define: ({ options }) => ({ loss: huber, options: { delta: options["delta"] as number, doubles: false } }),
    },
  },
  {
    since: "2.4",
    until: "2.8",
    entry: "SparseCategoricalCrossentropy",
    what: "no softmax of bfloat16",
    ref: "observed",
    set: { refuses: { bfloat16: noBfloat16 } },
  },
  {
    since: "2.4",
    until: "2.6",
    entry: "CosineSimilarity",
    what: "no inverse root of bfloat16",
    ref: "observed",
    set: { refuses: { bfloat16: noBfloat16 } },
  },
  {
    since: "2.5",
    entry: "Huber",
    what: "the quadratic case is a square, whose gradient doubles the error",
    ref: "observed",
    set: { define: ({ options }) => ({ loss: huber, options: { delta: options["delta"] as number } }) },
  },
  {
    since: "2.6",
    entry: ["BinaryCrossentropy", "CategoricalCrossentropy"],
    what: "`axis`",
    ref: "tensorflow#48000",
    set: { options: { axis: kept(-1) } },
  },
  {
    since: "2.6",
    entry: "CategoricalCrossentropy",
    what: "`axis` of logits is -1 or counted from the left",
    ref: "observed",
    set: { refuses: { classAxis: countedClassAxis } },
  },
  {
    since: "2.7",
    entry: ["BinaryCrossentropy", "CategoricalCrossentropy"],
    what: "label_smoothing has the type of y_pred",
    ref: "observed",
    set: { refuses: { smoothing: undefined } },
  },
  {
    since: "2.7",
    entry: "SparseCategoricalCrossentropy",
    what: "labels become integers at once",
    ref: "observed",
    set: { dtypes: (call) => labelsAsIntegers(throughFloat32(call)) },
  },
  {
    since: "2.9",
    entry: entryNames.filter((entry) => entry !== "Huber" && entry !== "SparseCategoricalCrossentropy"),
    what: "weights and reduction keep float64 and half precision",
    ref: "keras#15791",
    set: { dtypes: inPredicted },
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
    entry: entryNames,
    what: "masks of y_pred act, and an average is over what they leave",
    ref: "observed",
    set: { refuses: { weightType: weightOfLossType(hasMask) }, after: weightsAndMasks({ whenNone: "nan" }) },
  },
  {
    since: "2.11",
    entry: "Huber",
    what: "is float32, and so are weights that meet a mask",
    ref: "observed",
    set: { refuses: { weightType: weightOfLossType(hasMask, () => "float32") } },
  },
  {
    since: "2.11",
    entry: elementwiseEntries,
    what: "masks of y_pred act",
    ref: "observed",
    set: { layout: elementwise(masked) },
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
    entry: entryNames,
    what: "weights beside a mask are cast to the type of the loss",
    ref: "observed",
    set: { refuses: { weightType: undefined } },
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
];
