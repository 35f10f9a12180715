/** What changed from TensorFlow 2.3 to Keras 3.15 for every loss: types, weights, masks, reductions. */
import { holdsIn, type Row } from "@isoloss/core";
import { inPredicted, inPredictedOrZero, inPredictedWidely, oneForAll, predicted } from "../dtypes.ts";
import { ranks } from "../entries/common.ts";
import { elementwise, type Ranks } from "../layout.ts";
import { choice, dtypeName, dtypePolicy } from "../parameters.ts";
import { asGiven, sameRank } from "../ranks.ts";
import { reductionOf, weightsAndMasks } from "../reductions.ts";
import { floatsOnlyInOwnType, hasMask, meetFirst, noScaledMask, weightOfLossType } from "../refusals.ts";

/** Masks of y_pred act. */
export const masked: Ranks = { ...ranks, masks: true };
/** Keras 3: most functions make ranks equal as their classes do; some meet shapes as they are. */
export const both: Ranks = { class: sameRank, function: sameRank, weights: sameRank, masks: true };
export const classOnly: Ranks = { ...both, function: asGiven };

const ofEvery: readonly Row[] = [
  /** Masks of y_pred act, and an average is over what they leave (observed). */
  {
    since: "2.11",
    set: { refuses: { weightType: weightOfLossType(hasMask) }, after: weightsAndMasks({ whenNone: "nan" }) },
  },
  /** Weights beside a mask are cast to the type of the loss (observed). */
  {
    since: "2.12",
    set: { refuses: { weightType: undefined } },
  },
  /** One type for a class, float32; y_pred's for a function; `auto` is gone (keras-core). */
  {
    since: "3.0",
    set: {
      options: { reduction: choice("sum_over_batch_size", "sum", "none", null) },
      dtypes: oneForAll,
      refuses: { integers: floatsOnlyInOwnType, scaledMask: undefined },
      after: weightsAndMasks({ whenNone: "zero", epsilon: 1e-7 }),
      reduction: reductionOf({ empty: "nan", quotient: "float64" }),
    },
  },
  /** `dtype` (observed). */
  {
    since: "3.4",
    set: { options: { dtype: dtypeName }, refuses: { scaledMask: noScaledMask() } },
  },
  /** `dtype` may be a policy: mixed_float16, mixed_bfloat16 (observed). */
  {
    since: "3.5",
    set: { options: { dtype: dtypePolicy } },
  },
  /** `mean` and `mean_with_sample_weight`; the mean of nothing is 0, that of integers a float32 (keras#20383). */
  {
    since: "3.7",
    set: {
      options: { reduction: choice("sum_over_batch_size", "sum", "none", null, "mean", "mean_with_sample_weight") },
      reduction: reductionOf({ empty: "zero", quotient: "float32" }),
    },
  },
  /** No ε in the scale of a mask (observed). */
  {
    since: "3.13",
    set: { after: weightsAndMasks({ whenNone: "zero" }) },
  },
  /** A mask selects (observed). */
  {
    since: "3.15",
    set: {
      refuses: { scaledMask: noScaledMask({ weights: true }) },
      after: weightsAndMasks({ whenNone: "zero", selects: true }),
    },
  },
];

/** Of losses whose types are y_pred's. */
export const ofPredicted: readonly Row[] = [
  /** Weights and reduction keep float64 and half precision (keras#15791). */
  {
    since: "2.9",
    set: { dtypes: inPredictedOrZero },
  },
  /** No average of masked integers (observed). */
  {
    since: "2.11",
    set: { refuses: { scaledMask: noScaledMask({ typeOf: predicted }) } },
  },
  /** The mean of no bfloat16 is NaN (observed). */
  {
    since: "2.12",
    set: { dtypes: inPredicted },
  },
  /** A mean of bfloat16 adds in float32 (observed). */
  {
    since: "2.21",
    set: { dtypes: inPredictedWidely },
  },
];

/** Of losses that go element by element, over the last axis or `axis`. */
export const ofElements: readonly Row[] = [
  /** Masks of y_pred act (observed). */
  {
    since: "2.11",
    set: { layout: elementwise(masked) },
  },
  /** Ranks are made equal in the class (keras-core). */
  {
    since: "3.0",
    set: { layout: elementwise(classOnly) },
  },
];

/** A family's rows among those that it shares with others, which come first within a release. */
export const withCommon = (
  own: readonly Row[] = [],
  shared: readonly Row[] = [...ofPredicted, ...ofElements],
): readonly Row[] =>
  [...ofEvery, ...shared, ...own].sort((a, b) =>
    a.since === b.since ? 0 : holdsIn({ since: b.since }, a.since) ? 1 : -1,
  );

/** Ranks are made equal in the function too, as its class does (keras-core). */
export const rankedInFunctions: Row = {
  since: "3.0",
  set: { layout: elementwise(both), refuses: { shapes: meetFirst(both) } },
};
