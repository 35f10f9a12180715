/** What changed from TensorFlow 2.3 to Keras 3.15 for every loss: types, weights, masks, reductions. */
import { holdsIn, type Row } from "@isoloss/core";
import { inPredicted, inPredictedOrZero, inPredictedWidely, oneForAll, predicted } from "../dtypes.ts";
import { ranks } from "../entries/common.ts";
import { elementwise, type Ranks } from "../layout.ts";
import { elementwiseEntries, entryNames, type RecordName } from "../names.ts";
import { choice, dtypeName, dtypePolicy } from "../parameters.ts";
import { asGiven, sameRank } from "../ranks.ts";
import { reductionOf, weightsAndMasks } from "../reductions.ts";
import { floatsOnlyInOwnType, hasMask, meetFirst, noScaledMask, weightOfLossType } from "../refusals.ts";

/** Masks of y_pred act. */
export const masked: Ranks = { ...ranks, masks: true };
/** Keras 3: most functions make ranks equal as their classes do; some meet shapes as they are. */
export const both: Ranks = { class: sameRank, function: sameRank, weights: sameRank, masks: true };
export const classOnly: Ranks = { ...both, function: asGiven };

const every: readonly RecordName[] = ["Loss", ...entryNames];
/** Those whose types are y_pred's. */
const ofPredicted = every.filter((entry) => entry !== "Huber" && entry !== "SparseCategoricalCrossentropy");
const rows: readonly Row<RecordName>[] = [
  {
    since: "2.9",
    entry: ofPredicted,
    what: "weights and reduction keep float64 and half precision",
    ref: "keras#15791",
    set: { dtypes: inPredictedOrZero },
  },
  {
    since: "2.11",
    entry: every,
    what: "masks of y_pred act, and an average is over what they leave",
    ref: "observed",
    set: { refuses: { weightType: weightOfLossType(hasMask) }, after: weightsAndMasks({ whenNone: "nan" }) },
  },
  {
    since: "2.11",
    entry: ["Loss", ...elementwiseEntries],
    what: "masks of y_pred act",
    ref: "observed",
    set: { layout: elementwise(masked) },
  },
  {
    since: "2.11",
    entry: ofPredicted,
    what: "no average of masked integers",
    ref: "observed",
    set: { refuses: { scaledMask: noScaledMask({ typeOf: predicted }) } },
  },
  {
    since: "2.12",
    entry: ofPredicted,
    what: "the mean of no bfloat16 is NaN",
    ref: "observed",
    set: { dtypes: inPredicted },
  },
  {
    since: "2.12",
    entry: every,
    what: "weights beside a mask are cast to the type of the loss",
    ref: "observed",
    set: { refuses: { weightType: undefined } },
  },
  {
    since: "2.21",
    entry: ofPredicted,
    what: "a mean of bfloat16 adds in float32",
    ref: "observed",
    set: { dtypes: inPredictedWidely },
  },
  {
    since: "3.0",
    entry: every,
    what: "one type for a class, float32; y_pred's for a function; `auto` is gone",
    ref: "keras-core",
    set: {
      options: { reduction: choice("sum_over_batch_size", "sum", "none", null) },
      dtypes: oneForAll,
      refuses: { integers: floatsOnlyInOwnType, scaledMask: undefined },
      after: weightsAndMasks({ whenNone: "zero", epsilon: 1e-7 }),
      reduction: reductionOf({ empty: "nan", quotient: "float64" }),
    },
  },
  {
    since: "3.0",
    entry: ["Loss", ...elementwiseEntries],
    what: "ranks are made equal in the class",
    ref: "keras-core",
    set: { layout: elementwise(classOnly) },
  },
  {
    since: "3.4",
    entry: every,
    what: "`dtype`",
    ref: "observed",
    set: { options: { dtype: dtypeName }, refuses: { scaledMask: noScaledMask() } },
  },
  {
    since: "3.5",
    entry: every,
    what: "`dtype` may be a policy: mixed_float16, mixed_bfloat16",
    ref: "observed",
    set: { options: { dtype: dtypePolicy } },
  },
  {
    since: "3.7",
    entry: every,
    what: "`mean` and `mean_with_sample_weight`; the mean of nothing is 0, that of integers a float32",
    ref: "keras#20383",
    set: {
      options: { reduction: choice("sum_over_batch_size", "sum", "none", null, "mean", "mean_with_sample_weight") },
      reduction: reductionOf({ empty: "zero", quotient: "float32" }),
    },
  },
  {
    since: "3.13",
    entry: every,
    what: "no ε in the scale of a mask",
    ref: "observed",
    set: { after: weightsAndMasks({ whenNone: "zero" }) },
  },
  {
    since: "3.15",
    entry: every,
    what: "a mask selects",
    ref: "observed",
    set: {
      refuses: { scaledMask: noScaledMask({ weights: true }) },
      after: weightsAndMasks({ whenNone: "zero", selects: true }),
    },
  },
];

/** A family's rows among those of every loss, which come first within a release. */
export const withCommon = (own: readonly Row<RecordName>[] = []): readonly Row<RecordName>[] =>
  [...rows, ...own].sort((a, b) => (a.since === b.since ? 0 : holdsIn({ since: b.since }, a.since) ? 1 : -1));

/** The functions of these losses make ranks equal, as their classes do. */
export const rankedInFunctions = (...entry: readonly RecordName[]): Row<RecordName> => ({
  since: "3.0",
  entry,
  what: "ranks are made equal in the function too",
  ref: "keras-core",
  set: { layout: elementwise(both), refuses: { shapes: meetFirst(both) } },
});
