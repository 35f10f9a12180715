/** What changed with Keras 3, and within it up to 3.15: one row a change of behaviour. */
import type { Row } from "@isoloss/core";
import {
  absoluteError,
  absolutePercentageError,
  binaryCrossEntropyClipped,
  binaryCrossEntropyLogits,
  cosineSimilarity,
  huber,
  squaredError,
  squaredLogarithmicError,
} from "@isoloss/core/losses";
import { float32AtLeast, meanOfFloats, oneForAll, quotientType } from "./dtypes.ts";
import { categoricalOf, sparseOf } from "./entries/categorical-cross-entropy.ts";
import { categorical, elementwise, type Ranks, sparseOverLast, vectors } from "./layout.ts";
import { type EntryName, elementwiseEntries, entryNames } from "./names.ts";
import { choice, dtypePolicy, kept, number, numberIfTrue, typedNumber } from "./parameters.ts";
import { asGiven, sameRank } from "./ranks.ts";
import { reductionOf, weightsAndMasks } from "./reductions.ts";
import {
  deltaOfOwnType,
  eachHasAxis,
  float32Only,
  floatsOnlyInOwnType,
  ignoresOfColumn,
  lastAxisOnly,
  maximumOfSome,
  noBooleans,
  noMatrixNorm,
  oneShape,
  tensorsOnly,
  wideFloatsOnly,
} from "./refusals.ts";

/** Most functions make ranks equal as their classes do; some meet shapes as they are. */
const both: Ranks = { class: sameRank, function: sameRank, weights: sameRank, masks: true };
const classOnly: Ranks = { ...both, function: asGiven };
const equalShapes = oneShape(classOnly);

/** The losses over elements whose function makes ranks equal. */
const ranked: readonly EntryName[] = [
  "CosineSimilarity",
  "Huber",
  "LogCosh",
  "MeanAbsoluteError",
  "MeanAbsolutePercentageError",
  "MeanSquaredError",
  "MeanSquaredLogarithmicError",
];

const oneNumber = number(1, { lists: true });

/** From Keras 3.0 to 3.15. */
export const changes3: readonly Row<EntryName>[] = [
  {
    since: "3.0",
    entry: entryNames,
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
    entry: ranked,
    what: "ranks are made equal, in the function too",
    ref: "keras-core",
    set: { layout: elementwise(both) },
  },
  {
    since: "3.0",
    entry: elementwiseEntries.filter((entry) => !ranked.includes(entry)),
    what: "ranks are made equal in the class",
    ref: "keras-core",
    set: { layout: elementwise(classOnly) },
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
    entry: "MeanSquaredError",
    what: "the square of a difference, whose gradient doubles the error",
    ref: "keras-core",
    set: { define: () => ({ loss: squaredError, options: { doubles: true } }) },
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
      refuses: { vector: undefined, columns: ignoresOfColumn, axis: lastAxisOnly },
      dtypes: oneForAll,
      define: ({ options }) => sparseOf(options, { multiplies: true }),
      layout: sparseOverLast(classOnly, { keeps: true }),
    },
  },
  {
    since: "3.0",
    entry: "CosineSimilarity",
    what: "y_true is cast; divides by the length, which 1e−7 bounds",
    ref: "keras-core",
    set: {
      refuses: { unnormalizable: eachHasAxis, mixed: undefined },
      layout: elementwise(both, vectors),
      define: () => ({ loss: cosineSimilarity, options: { epsilon: 1e-7, bounds: "length" } }),
    },
  },
  {
    since: "3.0",
    entry: "Poisson",
    what: "ε is a float32 number and meets no other type",
    ref: "observed",
    set: { refuses: { integers: float32Only } },
  },
  {
    since: "3.0",
    entry: "Huber",
    what: "δ has the type that it is given in, float32 unless it is a tensor, and meets no other",
    ref: "observed",
    set: {
      options: { delta: typedNumber(1) },
      refuses: { integers: deltaOfOwnType },
      define: ({ options }) => ({ loss: huber, options: { delta: oneNumber.read(options["delta"], "delta") } }),
    },
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
    set: { refuses: { columns: undefined, numbers: tensorsOnly }, layout: sparseOverLast(classOnly) },
  },
  {
    since: "3.4",
    entry: ["Huber", "Poisson"],
    what: "δ and ε have the type of y_pred",
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
    entry: entryNames,
    what: "`dtype`",
    ref: "observed",
    set: { options: { dtype: dtypePolicy } },
  },
  {
    since: "3.7",
    entry: entryNames,
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
    entry: entryNames,
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
    entry: entryNames,
    what: "a mask selects",
    ref: "observed",
    set: { after: weightsAndMasks({ whenNone: "zero", selects: true }) },
  },
];
