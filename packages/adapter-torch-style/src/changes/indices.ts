/** What changed alike in the losses against class indices. */
import type { Call, Contract, Row, SignatureRefusal } from "@isoloss/core";
import { inTurn, numberOf } from "../call.ts";
import { gradientOfIndices, isLongOrByte, noneOrLongOrByte, targetRank, targetSizes } from "../classes.ts";
import { adding, byPositiveWeights, indexOptions } from "../entries/classification.ts";
import { byWeights, unknownReduction } from "../reduction.ts";
import { tensors } from "../shapes.ts";

/** The levels on which sums add from 1.9 on. */
const LEVELS = 8;
/** The options of a definition that adds so. */
export const cascading = indexOptions(LEVELS);
/** The reduction until 1.10, and `ofCascades` from 1.11 on. */
export const addingInCascades = adding(LEVELS, byPositiveWeights);
/** The options of a definition from 1.11 on. */
export const ignoreIndex = (call: Call) => ({ ignoreIndex: numberOf(call, "ignore_index") });
export const ofCascades = adding(LEVELS, byWeights);
/**
 * bfloat16 adds in cascades of sixteen: until then a mean or a sum loses what is small beside it; the reduction is read
 * before the tensors are looked at (observed).
 */
export const cascades = (define: Contract["define"]): Row => ({
  since: "1.9",
  set: {
    reduction: addingInCascades,
    define,
    refuses: { tensors: inTurn(unknownReduction, tensors), reduction: undefined },
  },
});
/** A mean divides whatever the total weight is: all ignored is NaN; one of nothing looks at no index (pytorch#64572). */
export const undivided = (
  ofIndices: (rule: SignatureRefusal) => SignatureRefusal,
  reduction: Contract["reduction"],
): Row => ({
  since: "1.11",
  set: {
    reduction,
    refuses: { labels: ofIndices(noneOrLongOrByte) },
    gradient: { refuses: { labels: ofIndices(gradientOfIndices) } },
  },
});

/** Indices are int64 or uint8 also where there are none: that stands before the sizes of planes and of rows (pytorch#175151). */
export const emptyIndices = (ofIndices: (rule: SignatureRefusal) => SignatureRefusal, row: SignatureRefusal): Row => ({
  since: "2.12",
  set: { refuses: { target: ofIndices(inTurn(targetRank, isLongOrByte, targetSizes, row)) } },
});
