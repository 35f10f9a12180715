/** What changed in `NLLLoss` from one release of PyTorch to another: one row a change, over the record of 1.7. */
import type { Call, Contract, LossOptions, Row } from "@isoloss/core";
import { negativeLogLikelihood } from "@isoloss/core/losses";
import { inputOf, inTurn } from "../call.ts";
import {
  indexLayout,
  isRowOfIndices,
  longOrByteTarget,
  rowGradient,
  rowOfIndices,
  rowOrBatch,
  rowTargetOfOne,
  rowTargetOrAsMany,
  someDimension,
  targetSizes,
  weightShape,
} from "../classes.ts";
import { allFloats, implemented, inputDType } from "../dtypes.ts";
import { addingInCascades, cascades, cascading, emptyIndices, ignoreIndex, ofCascades, undivided } from "./indices.ts";
import { elementwiseWording } from "./wording.ts";

/** Of indices in a row or rows, with the given options. */
const likelihood =
  (options: (call: Call) => LossOptions): Contract["define"] =>
  (call) => ({ loss: negativeLogLikelihood, options: { ...options(call), firstOf: isRowOfIndices(call) ? "R" : "" } });
/** A single row that is not reduced has the gradient of a sum, which does not flow where the total weight is not positive. */
const rowAsSum: Contract["reduction"] = (call, layout) => {
  const own = addingInCascades(call, layout);
  const row = inputOf(call, "input").shape.length === 1;
  return row && own.kind === "none" ? { ...own, kind: "sum" } : own;
};

export const negativeLogLikelihoodChanges: readonly Row[] = [
  cascades((call) => ({ loss: negativeLogLikelihood, options: cascading(call) })),
  /** A single row without a batch; uint8 targets for rows; the shape of weights is checked (pytorch#60650). */
  {
    since: "1.10",
    set: {
      refuses: {
        rank: someDimension,
        batch: rowOrBatch,
        target: inTurn(targetSizes, rowTargetOrAsMany),
        weight: weightShape,
        labels: longOrByteTarget,
      },
      layout: (call) => (isRowOfIndices(call) ? rowOfIndices(call) : indexLayout("x")(call)),
      reduction: rowAsSum,
      define: likelihood(cascading),
    },
  },
  undivided((rule) => rule, ofCascades),
  /** The gradient of a mean is divided first (pytorch#64572). */
  {
    since: "1.11",
    set: { define: likelihood(ignoreIndex) },
  },
  /** float16 (observed). */
  {
    since: "2.4",
    set: { refuses: { dtype: implemented("nll_loss_out_frame", inputDType, allFloats) } },
  },
  elementwiseWording,
  /** A single row takes an index in a dimension, and gives no gradient then (observed). */
  {
    since: "2.9",
    set: {
      refuses: { target: inTurn(targetSizes, rowTargetOfOne) },
      gradient: { refuses: { row: rowGradient } },
    },
  },
  emptyIndices((rule) => rule, rowTargetOfOne),
];
