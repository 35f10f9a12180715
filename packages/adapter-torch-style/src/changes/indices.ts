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
/** Until then a mean or a sum of bfloat16 loses what is small beside it. */
export const cascades = (entry: string, define: Contract["define"]): Row => ({
  since: "1.9",
  entry,
  what: "bfloat16 adds in cascades of sixteen; the reduction is read before the tensors are looked at",
  ref: "observed",
  set: {
    reduction: addingInCascades,
    define,
    refuses: { tensors: inTurn(unknownReduction, tensors), reduction: undefined },
  },
});
/** What both changed alike. */
export const undivided = (
  entry: string,
  ofIndices: (rule: SignatureRefusal) => SignatureRefusal,
  reduction: Contract["reduction"],
): Row => ({
  since: "1.11",
  entry,
  what: "a mean divides whatever the total weight is: all ignored is NaN; one of nothing looks at no index",
  ref: "pytorch#64572",
  set: {
    reduction,
    refuses: { labels: ofIndices(noneOrLongOrByte) },
    gradient: { refuses: { labels: ofIndices(gradientOfIndices) } },
  },
});

/** The check stands before that of the sizes of planes and of rows. */
export const emptyIndices = (
  entry: string,
  ofIndices: (rule: SignatureRefusal) => SignatureRefusal,
  row: SignatureRefusal,
): Row => ({
  since: "2.12",
  entry,
  what: "indices are int64 or uint8 also where there are none",
  ref: "pytorch#175151",
  set: { refuses: { target: ofIndices(inTurn(targetRank, isLongOrByte, targetSizes, row)) } },
});
