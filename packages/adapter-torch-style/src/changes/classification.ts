/** What changed from one release of PyTorch to another in the losses against classes: one row a change, over the records of 1.7. */
import { type Call, type Contract, LossError, promote, type Row, type SignatureRefusal } from "@isoloss/core";
import { crossEntropy, crossEntropyProbabilities, negativeLogLikelihood } from "@isoloss/core/losses";
import { inputOf, numberOf, optionOf } from "../call.ts";
import {
  byTarget,
  floatTarget,
  indexLayout,
  isRowOfIndices,
  isSoft,
  longOrByteTarget,
  oneWeightEach,
  rowGradient,
  rowOfIndices,
  rowOrBatch,
  rowTarget,
  rowTargetOfOne,
  rowTargetOrAsMany,
  secondDimension,
  softLayout,
  someDimension,
  targetSizes,
  weightDType,
  weightShape,
} from "../classes.ts";
import { allFloats, implemented, inputDType, stepByStep, wideFloats } from "../dtypes.ts";
import { float } from "../parameters.ts";
import { byWeights } from "../reduction.ts";
import { elementwiseWording } from "./wording.ts";

/** Of indices or of probabilities. */
const eitherCrossEntropy: Contract["define"] = (call) => {
  const labelSmoothing = numberOf(call, "label_smoothing");
  if (isSoft(call)) return { loss: crossEntropyProbabilities, options: { labelSmoothing } };
  return { loss: crossEntropy, options: { ignoreIndex: numberOf(call, "ignore_index"), labelSmoothing } };
};
const softDTypes = (call: Call) => {
  const [logits, target, weight] = [inputOf(call, "input"), inputOf(call, "target"), optionOf(call, "weight")];
  const result = [logits, target, ...(weight ? [weight] : [])].map((t) => t.dtype).reduce(promote);
  return {
    ...stepByStep(result),
    of: { logits: logits.dtype, target: target.dtype, weight: weight?.dtype ?? result },
  };
};
const smoothing: SignatureRefusal = (call) =>
  numberOf(call, "label_smoothing") > 1 &&
  new LossError("option", `label_smoothing must be between 0.0 and 1.0. Got: ${numberOf(call, "label_smoothing")}`);
const ignored: SignatureRefusal = (call) =>
  numberOf(call, "ignore_index") >= 0 &&
  new LossError("option", "ignore_index is not supported for floating point target");
/** What is looked at before the dimensions: how much to smooth indices; that probabilities are floats, and none is to be ignored. */
const indices =
  (dimensions: SignatureRefusal): SignatureRefusal =>
  (call) =>
    smoothing(call) || dimensions(call);
const probabilities =
  (dimensions: SignatureRefusal): SignatureRefusal =>
  (call) =>
    floatTarget(call) || ignored(call) || dimensions(call);
/** An index in a dimension does not go with label smoothing. */
const smoothedRow: SignatureRefusal = (call) =>
  rowTargetOfOne(call) ||
  (numberOf(call, "label_smoothing") > 0 &&
    rowGradient(call) &&
    new LossError("shape", "output with shape [] doesn't match the broadcast shape [1]"));

/** What both changed alike. */
const undivided = (entry: string): Row => ({
  since: "1.11",
  entry,
  what: "a mean divides whatever the total weight is: all ignored is NaN",
  ref: "pytorch#64572",
  set: { reduction: byWeights },
});

export const crossEntropyChanges: readonly Row[] = [
  {
    since: "1.10",
    entry: "CrossEntropyLoss",
    what: "label_smoothing; targets of the input's shape hold probabilities",
    ref: "pytorch#61044",
    set: {
      options: { label_smoothing: float(0) },
      refuses: {
        rank: byTarget(indices(secondDimension), probabilities(secondDimension)),
        batch: byTarget(rowOrBatch),
        target: byTarget(targetSizes),
        weight: byTarget(weightShape, oneWeightEach),
        labels: byTarget(longOrByteTarget),
        row: byTarget(rowTarget),
        weightDType: byTarget(weightDType),
        smoothing,
      },
      layout: (call) => (isSoft(call) ? softLayout(call) : indexLayout("logits")(call)),
      dtypes: (call) => (isSoft(call) ? softDTypes(call) : stepByStep(inputDType(call))),
      gradient: { of: ["input", "target"], refuses: { some: undefined } },
      define: eitherCrossEntropy,
    },
  },
  undivided("CrossEntropyLoss"),
  {
    since: "1.11",
    entry: "CrossEntropyLoss",
    what: "a single row without a batch takes an index",
    ref: "observed",
    set: { refuses: { rank: byTarget(indices(someDimension), probabilities(secondDimension)) } },
  },
  {
    since: "1.12",
    entry: "CrossEntropyLoss",
    what: "a single row without a batch takes probabilities",
    ref: "observed",
    set: { refuses: { rank: byTarget(indices(someDimension), probabilities(someDimension)) } },
  },
  {
    since: "2.2",
    entry: "CrossEntropyLoss",
    what: "float16 probabilities",
    ref: "observed",
    set: {
      refuses: {
        dtype: implemented("log_softmax_lastdim_kernel_impl", inputDType, allFloats),
        half: byTarget(implemented("nll_loss_out_frame", inputDType, [...wideFloats, "bfloat16"])),
      },
    },
  },
  {
    since: "2.4",
    entry: "CrossEntropyLoss",
    what: "float16",
    ref: "observed",
    set: { refuses: { half: undefined } },
  },
  elementwiseWording("CrossEntropyLoss"),
  {
    since: "2.9",
    entry: "CrossEntropyLoss",
    what: "a single row takes an index in a dimension, and gives no gradient then",
    ref: "observed",
    set: { refuses: { row: byTarget(smoothedRow) }, gradient: { refuses: { row: rowGradient } } },
  },
];

export const negativeLogLikelihoodChanges: readonly Row[] = [
  {
    since: "1.10",
    entry: "NLLLoss",
    what: "a single row without a batch; uint8 targets for rows; the shape of weights is checked",
    ref: "pytorch#60650",
    set: {
      refuses: {
        rank: someDimension,
        batch: rowOrBatch,
        target: targetSizes,
        weight: weightShape,
        labels: longOrByteTarget,
        row: rowTargetOrAsMany,
      },
      layout: (call) => (isRowOfIndices(call) ? rowOfIndices(call) : indexLayout("x")(call)),
      define: (call) => ({
        loss: negativeLogLikelihood,
        options: { ignoreIndex: numberOf(call, "ignore_index"), firstOf: isRowOfIndices(call) ? "R" : "" },
      }),
    },
  },
  /* @__PURE__ */ undivided("NLLLoss"),
  {
    since: "2.4",
    entry: "NLLLoss",
    what: "float16",
    ref: "observed",
    set: { refuses: { dtype: /* @__PURE__ */ implemented("nll_loss_out_frame", inputDType, allFloats) } },
  },
  /* @__PURE__ */ elementwiseWording("NLLLoss"),
  {
    since: "2.9",
    entry: "NLLLoss",
    what: "a single row takes an index in a dimension, and gives no gradient then",
    ref: "observed",
    set: { refuses: { row: rowTargetOfOne }, gradient: { refuses: { row: rowGradient } } },
  },
];
