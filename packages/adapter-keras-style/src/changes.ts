/** What changed from TensorFlow 2.3 to Keras 3.15: one row a change of behaviour. The only file that knows releases. */
import type { Row } from "@isoloss/core";
import {
  absoluteError,
  absolutePercentageError,
  binaryCrossEntropyClipped,
  binaryCrossEntropyLogits,
  categoricalHinge,
  cosineSimilarity,
  huber,
  squaredLogarithmicError,
} from "@isoloss/core/losses";
import {
  float32AtLeast,
  inPredicted,
  labelsAsIntegers,
  meanOfFloats,
  oneForAll,
  quotientType,
  throughFloat32,
} from "./dtypes.ts";
import { categoricalOf, sparseOf } from "./entries/categorical-cross-entropy.ts";
import { ranks as ranks2 } from "./entries/common.ts";
import { categorical, elementwise, ignores, type Ranks, sparse, sparseOverLast, vectors } from "./layout.ts";
import type { EntryName } from "./names.ts";
import { choice, dtypePolicy, kept, numberIfTrue, numberOrNone } from "./parameters.ts";
import { asGiven, sameRank } from "./ranks.ts";
import { reductionOf, weightsAndMasks } from "./reductions.ts";
import {
  axisIsInteger,
  countedClassAxis,
  float32Only,
  floatsOnlyInOwnType,
  hasMask,
  ignoresOfColumn,
  ignoresOfRows,
  lastAxisOnly,
  maskIsBoolean,
  maximumOfSome,
  noBfloat16,
  noBooleans,
  noMatrixNorm,
  oneShape,
  smoothedAlongOne,
  tensorsOnly,
  weightOfLossType,
  wideFloatsOnly,
} from "./refusals.ts";
import { oneClass } from "./warnings.ts";

const all: readonly EntryName[] = [
  "BinaryCrossentropy",
  "CategoricalCrossentropy",
  "CategoricalHinge",
  "CosineSimilarity",
  "Hinge",
  "Huber",
  "KLDivergence",
  "LogCosh",
  "MeanAbsoluteError",
  "MeanAbsolutePercentageError",
  "MeanSquaredError",
  "MeanSquaredLogarithmicError",
  "Poisson",
  "SparseCategoricalCrossentropy",
  "SquaredHinge",
];
/** Keras 2 from TensorFlow 2.11: masks of y_pred act. */
const masked2: Ranks = { ...ranks2, masks: true };
/** Keras 3: most functions make ranks equal as their classes do; some meet shapes as they are. */
const both3: Ranks = { class: sameRank, function: sameRank, weights: sameRank, masks: true };
const class3: Ranks = { ...both3, function: asGiven };
const equalShapes = oneShape(class3);

/** Losses over the last axis or `axis`, element by element. */
const overElements: readonly EntryName[] = all.filter(
  (entry) => entry !== "CategoricalCrossentropy" && entry !== "SparseCategoricalCrossentropy",
);
/** Of these, those whose function makes ranks equal in Keras 3. */
const ranked3: readonly EntryName[] = [
  "CosineSimilarity",
  "Huber",
  "LogCosh",
  "MeanAbsoluteError",
  "MeanAbsolutePercentageError",
  "MeanSquaredError",
  "MeanSquaredLogarithmicError",
];

export const changes: readonly Row<EntryName>[] = [
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
    since: "2.6",
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
    entry: all.filter((entry) => entry !== "Huber" && entry !== "SparseCategoricalCrossentropy"),
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
    entry: all,
    what: "masks of y_pred act, and an average is over what they leave",
    ref: "observed",
    set: { refuses: { weightType: weightOfLossType(hasMask) }, after: weightsAndMasks({ whenNone: "nan" }) },
  },
  {
    since: "2.11",
    entry: overElements,
    what: "masks of y_pred act",
    ref: "observed",
    set: { layout: elementwise(masked2) },
  },
  {
    since: "2.11",
    entry: "CategoricalCrossentropy",
    what: "masks of y_pred act",
    ref: "observed",
    set: { layout: categorical(masked2) },
  },
  {
    since: "2.11",
    entry: "SparseCategoricalCrossentropy",
    what: "masks of y_pred act",
    ref: "observed",
    set: { layout: sparse(masked2), refuses: { mask: maskIsBoolean } },
  },
  {
    since: "2.12",
    entry: all,
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
      define: (call) => categoricalOf(call, Number(call.options["axis"])),
    },
  },
  {
    since: "3.0",
    entry: all,
    what: "one type for a class, float32; y_pred's for a function; `auto` is gone",
    ref: "keras-core",
    set: {
      options: { reduction: choice("sum_over_batch_size", "sum", "none", null) },
      dtypes: oneForAll,
      refuses: { integers: floatsOnlyInOwnType },
      after: weightsAndMasks({ whenNone: "zero", epsilon: 1e-7 }),
      reduction: reductionOf("nan"),
    },
  },
  {
    since: "3.0",
    entry: ranked3,
    what: "ranks are made equal, in the function too",
    ref: "keras-core",
    set: { layout: elementwise(both3) },
  },
  {
    since: "3.0",
    entry: overElements.filter((entry) => !ranked3.includes(entry)),
    what: "ranks are made equal in the class",
    ref: "keras-core",
    set: { layout: elementwise(class3) },
  },
  {
    since: "3.0",
    entry: ["MeanSquaredError", "MeanAbsoluteError"],
    what: "a mean of integers is float32",
    ref: "keras-core",
    set: { dtypes: meanOfFloats(), refuses: { integers: noBooleans } },
  },
  {
    since: "3.0",
    entry: "MeanAbsoluteError",
    what: "y_pred is subtracted from y_true, which unsigned integers tell apart",
    ref: "keras-core",
    set: { define: () => ({ loss: absoluteError, options: { reversed: true } }) },
  },
  {
    since: "3.0",
    entry: "MeanSquaredLogarithmicError",
    what: "ε is a float32 number, and all becomes float32 beside it",
    ref: "keras-core",
    set: {
      dtypes: meanOfFloats(float32AtLeast),
      refuses: { integers: undefined },
      define: () => ({ loss: squaredLogarithmicError, options: { epsilon: Math.fround(1e-7), widens: true } }),
    },
  },
  {
    since: "3.0",
    entry: "CategoricalHinge",
    what: "the maximum of nothing is refused",
    ref: "keras-core",
    set: { refuses: { empty: maximumOfSome } },
  },
  {
    since: "3.0",
    entry: "BinaryCrossentropy",
    what: "one ε, and equal shapes are demanded",
    ref: "keras-core",
    set: {
      options: { label_smoothing: numberIfTrue(0) },
      refuses: { shapes: equalShapes },
      define: ({ options }) => ({
        loss: options["from_logits"] ? binaryCrossEntropyLogits : binaryCrossEntropyClipped,
        options: { labelSmoothing: options["label_smoothing"] as number },
      }),
    },
  },
  {
    since: "3.0",
    entry: "CategoricalCrossentropy",
    what: "equal shapes are demanded",
    ref: "keras-core",
    set: {
      options: { label_smoothing: numberIfTrue(0) },
      refuses: { smoothedAxis: undefined, shapes: equalShapes },
      layout: categorical(class3),
      define: (call) => categoricalOf(call, -1),
    },
  },
  {
    since: "3.0",
    entry: "SparseCategoricalCrossentropy",
    what: "labels of y_pred's rank less one, or ending in 1; classes on the last axis",
    ref: "keras-core",
    set: {
      refuses: { vector: undefined, columns: ignoresOfColumn, axis: lastAxisOnly },
      dtypes: oneForAll,
      define: ({ options }) => sparseOf(options, { multiplies: true }),
      layout: sparseOverLast(class3, { keeps: true }),
    },
  },
  {
    since: "3.0",
    entry: "CosineSimilarity",
    what: "y_true is cast; divides by the length, which 1e−7 bounds",
    ref: "keras-core",
    set: {
      refuses: { unnormalizable: undefined, mixed: undefined },
      layout: elementwise(both3, vectors),
      define: () => ({ loss: cosineSimilarity, options: { epsilon: 1e-7, bounds: "length" } }),
    },
  },
  {
    since: "3.0",
    entry: ["Huber", "Poisson"],
    what: "δ and ε are float32 numbers and meet no other type",
    ref: "observed",
    set: { refuses: { integers: float32Only } },
  },
  {
    since: "3.0",
    entry: "MeanAbsolutePercentageError",
    what: "ε is a float32 number, and halves and integers are not divided by it",
    ref: "observed",
    set: {
      refuses: { integers: wideFloatsOnly },
      define: () => ({ loss: absolutePercentageError, options: { epsilon: Math.fround(1e-7) } }),
    },
  },
  {
    since: "3.0",
    until: "3.6",
    entry: "CosineSimilarity",
    what: "the length along two axes is that of a matrix; integers are taken",
    ref: "observed",
    set: { dtypes: meanOfFloats(), refuses: { integers: undefined, matrix: noMatrixNorm } },
  },
  {
    since: "3.4",
    entry: "SparseCategoricalCrossentropy",
    what: "labels ending in 1 may be ignored; reads the shapes of what the function is given",
    ref: "observed",
    set: { refuses: { columns: undefined, numbers: tensorsOnly }, layout: sparseOverLast(class3) },
  },
  {
    since: "3.4",
    entry: "Poisson",
    what: "ε has the type of y_pred",
    ref: "observed",
    set: { refuses: { integers: floatsOnlyInOwnType } },
  },
  {
    since: "3.4",
    entry: "Huber",
    what: "δ has the type of y_pred",
    ref: "observed",
    set: { refuses: { integers: floatsOnlyInOwnType } },
  },
  {
    since: "3.4",
    entry: "MeanAbsolutePercentageError",
    what: "ε has the type of y_pred",
    ref: "observed",
    set: {
      refuses: { integers: floatsOnlyInOwnType },
      define: () => ({ loss: absolutePercentageError }),
    },
  },
  {
    since: "3.6",
    entry: "CosineSimilarity",
    what: "multiplies by the inverse of the length",
    ref: "observed",
    set: { define: () => ({ loss: cosineSimilarity, options: { epsilon: 1e-7, bounds: "inverse" } }) },
  },
  {
    since: "3.7",
    entry: "Huber",
    what: "integers are taken, and δ with them",
    ref: "observed",
    set: { dtypes: meanOfFloats(), refuses: { integers: noBooleans } },
  },
  {
    since: "3.7",
    entry: "MeanAbsolutePercentageError",
    what: "integers are taken, and ε with them is 0",
    ref: "observed",
    set: { dtypes: meanOfFloats(quotientType), refuses: { integers: noBooleans } },
  },
  {
    since: "3.4",
    entry: all,
    what: "`dtype`",
    ref: "observed",
    set: { options: { dtype: dtypePolicy } },
  },
  {
    since: "3.7",
    entry: all,
    what: "`mean` and `mean_with_sample_weight`; the mean of nothing is 0",
    ref: "keras#20383",
    set: {
      options: { reduction: choice("sum_over_batch_size", "sum", "none", null, "mean", "mean_with_sample_weight") },
      reduction: reductionOf("zero"),
    },
  },
  {
    since: "3.10",
    entry: "SparseCategoricalCrossentropy",
    what: "`axis` of the class",
    ref: "observed",
    set: { options: { axis: kept(-1) } },
  },
  {
    since: "3.13",
    entry: all,
    what: "no ε in the scale of a mask",
    ref: "observed",
    set: { after: weightsAndMasks({ whenNone: "zero" }) },
  },
  {
    since: "3.15",
    entry: "SparseCategoricalCrossentropy",
    what: "what is ignored is selected away, not multiplied by 0",
    ref: "observed",
    set: { define: ({ options }) => sparseOf(options) },
  },
  {
    since: "3.15",
    entry: all,
    what: "a mask selects",
    ref: "observed",
    set: { after: weightsAndMasks({ whenNone: "zero", selects: true }) },
  },
];
