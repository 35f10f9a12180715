/** What changed from one release of PyTorch to another in the losses against classes: one row a change, over the records of 1.7. */
import {
  type Call,
  type Contract,
  LossError,
  type LossOptions,
  promote,
  type Refusal,
  type Row,
  refuseValues,
  type SignatureRefusal,
  type Tensor,
  type TypedArray,
  toNumbers,
} from "@isoloss/core";
import { crossEntropy, crossEntropyProbabilities, negativeLogLikelihood } from "@isoloss/core/losses";
import { inputOf, inTurn, numberOf, optionOf } from "../call.ts";
import {
  byTarget,
  classesOf,
  floatTarget,
  gradientOfIndices,
  indexLayout,
  isRowOfIndices,
  isSoft,
  longOrByteTarget,
  noBytesOrLongOrByte,
  noneOrLongOrByte,
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
  unlessEmpty,
  weightDType,
  weightShape,
} from "../classes.ts";
import { allFloats, implemented, inEveryStep, inputDType, stepByStep } from "../dtypes.ts";
import { adding, byPositiveWeights, indexOptions, ofLikelihood } from "../entries/classification.ts";
import { float } from "../parameters.ts";
import { byWeights, ofMean, unknownReduction } from "../reduction.ts";
import { tensors } from "../shapes.ts";
import { elementwiseWording } from "./wording.ts";

/** Of indices, with the given options, or of probabilities. */
const eitherCrossEntropy =
  (indices: (call: Call) => LossOptions): Contract["define"] =>
  (call) => {
    const labelSmoothing = numberOf(call, "label_smoothing");
    return isSoft(call)
      ? { loss: crossEntropyProbabilities, options: { labelSmoothing } }
      : { loss: crossEntropy, options: { ...indices(call), labelSmoothing } };
  };
/** The levels on which sums add from 1.9 on. */
const LEVELS = 8;
const cascading = /* @__PURE__ */ indexOptions(LEVELS);
const addingInCascades = /* @__PURE__ */ adding(LEVELS, byPositiveWeights);
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
const ignoreIndex = (call: Call) => ({ ignoreIndex: numberOf(call, "ignore_index") });
/** 1.10 looks up the weights of ignored targets too, where it divides what it smoothed. */
const ignoredWeight: Refusal = refuseValues((call) => {
  const index = numberOf(call, "ignore_index");
  if (isSoft(call) || !(numberOf(call, "label_smoothing") > 0) || !ofMean(call) || !optionOf(call, "weight"))
    return undefined;
  if (index >= 0 && index < classesOf(call)) return undefined;
  const { data, dtype } = call.inputs["target"] as Tensor;
  return (
    toNumbers(data as TypedArray, dtype).includes(index) &&
    new LossError("index-out-of-range", `index ${index} is out of bounds for dimension 0 with size ${classesOf(call)}`)
  );
});
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
/** What is looked at before the dimensions: how much to smooth indices; that probabilities are floats, none is to be ignored, and there are weights for all. */
const indices =
  (dimensions: SignatureRefusal): SignatureRefusal =>
  (call) =>
    smoothing(call) || dimensions(call);
const probabilities =
  (dimensions: SignatureRefusal): SignatureRefusal =>
  (call) =>
    floatTarget(call) || ignored(call) || oneWeightEach(call) || dimensions(call);
/** An index in a dimension does not go with label smoothing. */
const smoothedRow: SignatureRefusal = (call) =>
  rowTargetOfOne(call) ||
  (numberOf(call, "label_smoothing") > 0 &&
    rowGradient(call) &&
    new LossError("shape", "output with shape [] doesn't match the broadcast shape [1]"));

const ofCascades = /* @__PURE__ */ adding(LEVELS, byWeights);
/** Until then a mean or a sum of bfloat16 loses what is small beside it. */
const cascades = (entry: string, define: Contract["define"]): Row => ({
  since: "1.9",
  entry,
  what: "bfloat16 adds in cascades of sixteen",
  ref: "observed",
  set: { reduction: addingInCascades, define },
});
/** The reduction is read before the tensors are looked at. */
const reductionFirst = { tensors: /* @__PURE__ */ inTurn(unknownReduction, tensors), reduction: undefined };
/** What both changed alike. */
const undivided = (
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

/** The check came after 2.11 was cut and is in 2.13; 2.12 was not asked. */
const emptyIndices = (entry: string, ofIndices: (rule: SignatureRefusal) => SignatureRefusal): Row => ({
  since: "2.12",
  entry,
  what: "indices are int64 or uint8 also where there are none",
  ref: "pytorch#175151",
  set: { refuses: { labels: ofIndices(noBytesOrLongOrByte) } },
});

export const crossEntropyChanges: readonly Row[] = [
  cascades("CrossEntropyLoss", (call) => ({ loss: crossEntropy, options: cascading(call) })),
  {
    since: "1.10",
    entry: "CrossEntropyLoss",
    what: "label_smoothing; targets of the input's shape hold probabilities",
    ref: "pytorch#61044",
    set: {
      options: { label_smoothing: float(0) },
      refuses: {
        ...reductionFirst,
        rank: byTarget(indices(secondDimension), probabilities(secondDimension)),
        batch: byTarget(rowOrBatch),
        target: byTarget(inTurn(targetSizes, rowTarget)),
        weight: byTarget(weightShape),
        half: byTarget(ofLikelihood),
        labels: byTarget(longOrByteTarget),
        weightDType: byTarget(weightDType),
        smoothing,
        ignoredWeight,
      },
      layout: (call) => (isSoft(call) ? softLayout(call) : indexLayout("logits")(call)),
      dtypes: (call) => (isSoft(call) ? softDTypes(call) : inEveryStep(inputDType(call))),
      gradient: { of: ["input", "target"], refuses: { some: undefined } },
      reduction: (call, layout) => (isSoft(call) ? byWeights : addingInCascades)(call, layout),
      define: eitherCrossEntropy((call) => ({
        ...cascading(call),
        smoothsIgnored: numberOf(call, "ignore_index") < 0,
        ignoredWeigh: true,
      })),
    },
  },
  undivided("CrossEntropyLoss", byTarget, (call, layout) => (isSoft(call) ? byWeights : ofCascades)(call, layout)),
  {
    since: "1.11",
    entry: "CrossEntropyLoss",
    what: "the gradient of a mean is divided first; ignored targets are not smoothed",
    ref: "pytorch#69511",
    set: { define: eitherCrossEntropy(ignoreIndex), refuses: { ignoredWeight: undefined } },
  },
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
        dtype: unlessEmpty(implemented("log_softmax_lastdim_kernel_impl", inputDType, allFloats)),
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
    set: {
      refuses: { target: byTarget(inTurn(targetSizes, smoothedRow)) },
      gradient: { refuses: { row: rowGradient } },
    },
  },
  emptyIndices("CrossEntropyLoss", byTarget),
];

// Calls are marked pure, so that a bundle without this loss drops its rows.
export const negativeLogLikelihoodChanges: readonly Row[] = [
  /* @__PURE__ */ cascades("NLLLoss", (call) => ({ loss: negativeLogLikelihood, options: cascading(call) })),
  {
    since: "1.10",
    entry: "NLLLoss",
    what: "a single row without a batch; uint8 targets for rows; the shape of weights is checked",
    ref: "pytorch#60650",
    set: {
      refuses: {
        ...reductionFirst,
        rank: someDimension,
        batch: rowOrBatch,
        target: /* @__PURE__ */ inTurn(targetSizes, rowTargetOrAsMany),
        weight: weightShape,
        labels: longOrByteTarget,
      },
      layout: (call) => (isRowOfIndices(call) ? rowOfIndices(call) : indexLayout("x")(call)),
      reduction: rowAsSum,
      define: /* @__PURE__ */ likelihood(cascading),
    },
  },
  /* @__PURE__ */ undivided("NLLLoss", (rule) => rule, ofCascades),
  {
    since: "1.11",
    entry: "NLLLoss",
    what: "the gradient of a mean is divided first",
    ref: "pytorch#64572",
    set: { define: /* @__PURE__ */ likelihood(ignoreIndex) },
  },
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
    set: {
      refuses: { target: /* @__PURE__ */ inTurn(targetSizes, rowTargetOfOne) },
      gradient: { refuses: { row: rowGradient } },
    },
  },
  /* @__PURE__ */ emptyIndices("NLLLoss", (rule) => rule),
];
