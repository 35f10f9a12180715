/** What changed in `CrossEntropyLoss` from one release of PyTorch to another: one row a change, over the record of 1.7. */
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
import { crossEntropy, crossEntropyProbabilities } from "@isoloss/core/losses";
import { inputOf, inTurn, numberOf, optionOf } from "../call.ts";
import {
  byTarget,
  classesOf,
  floatTarget,
  indexLayout,
  isSoft,
  longOrByteTarget,
  ofIndices,
  oneWeightEach,
  rowGradient,
  rowOrBatch,
  rowTarget,
  rowTargetOfOne,
  secondDimension,
  softLayout,
  someDimension,
  targetSizes,
  unlessEmpty,
  weightDType,
  weightShape,
} from "../classes.ts";
import { allFloats, implemented, inEveryStep, inputDType, stepByStep } from "../dtypes.ts";
import { ofLikelihood } from "../entries/classification.ts";
import { float } from "../parameters.ts";
import { byWeights, ofMean } from "../reduction.ts";
import { addingInCascades, cascades, cascading, emptyIndices, ignoreIndex, ofCascades, undivided } from "./indices.ts";
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
  const [logits, target] = [inputOf(call, "input").dtype, inputOf(call, "target").dtype];
  const own = promote(logits, target);
  const weight = optionOf(call, "weight")?.dtype ?? own;
  return { ...stepByStep(promote(own, weight)), of: { logits, target, weight } };
};
const smoothing: SignatureRefusal = (call) =>
  numberOf(call, "label_smoothing") > 1 &&
  new LossError("option", `label_smoothing must be between 0.0 and 1.0. Got: ${numberOf(call, "label_smoothing")}`);
const ignored: SignatureRefusal = (call) =>
  numberOf(call, "ignore_index") >= 0 &&
  new LossError("option", "ignore_index is not supported for floating point target");
/** What is looked at before the dimensions: how much to smooth indices; that probabilities are floats, none is to be ignored, and there are weights for all. */
const dimensions = (ofInput: SignatureRefusal, ofProbabilities = ofInput): SignatureRefusal =>
  byTarget(inTurn(smoothing, ofInput), inTurn(floatTarget, ignored, oneWeightEach, ofProbabilities));
/** An index in a dimension does not go with label smoothing. */
const smoothedRow: SignatureRefusal = (call) =>
  rowTargetOfOne(call) ||
  (numberOf(call, "label_smoothing") > 0 &&
    rowGradient(call) &&
    new LossError("shape", "output with shape [] doesn't match the broadcast shape [1]"));

export const crossEntropyChanges: readonly Row[] = [
  cascades((call) => ({ loss: crossEntropy, options: cascading(call) })),
  /** label_smoothing; targets of the input's shape hold probabilities (pytorch#61044). */
  {
    since: "1.10",
    set: {
      options: { label_smoothing: float(0) },
      refuses: {
        rank: dimensions(secondDimension),
        batch: ofIndices(rowOrBatch),
        target: ofIndices(inTurn(targetSizes, rowTarget)),
        weight: ofIndices(weightShape),
        half: ofIndices(ofLikelihood),
        labels: ofIndices(longOrByteTarget),
        weightDType: ofIndices(weightDType),
        smoothing,
        ignoredWeight,
      },
      layout: byTarget(indexLayout("logits"), softLayout),
      dtypes: byTarget((call) => inEveryStep(inputDType(call)), softDTypes),
      gradient: { of: ["input", "target"], refuses: { some: undefined } },
      reduction: byTarget(addingInCascades, byWeights),
      define: eitherCrossEntropy((call) => ({
        ...cascading(call),
        smoothsIgnored: numberOf(call, "ignore_index") < 0,
        ignoredWeigh: true,
      })),
    },
  },
  undivided(ofIndices, byTarget(ofCascades, byWeights)),
  /** The gradient of a mean is divided first; ignored targets are not smoothed (pytorch#69511). */
  {
    since: "1.11",
    set: { define: eitherCrossEntropy(ignoreIndex), refuses: { ignoredWeight: undefined } },
  },
  /** A single row without a batch takes an index (observed). */
  {
    since: "1.11",
    set: { refuses: { rank: dimensions(someDimension, secondDimension) } },
  },
  /** A single row without a batch takes probabilities (observed). */
  {
    since: "1.12",
    set: { refuses: { rank: dimensions(someDimension) } },
  },
  /** float16 probabilities (observed). */
  {
    since: "2.2",
    set: {
      refuses: {
        dtype: unlessEmpty(implemented("log_softmax_lastdim_kernel_impl", inputDType, allFloats)),
      },
    },
  },
  /** float16 (observed). */
  {
    since: "2.4",
    set: { refuses: { half: ofIndices(implemented("nll_loss_out_frame", inputDType, allFloats)) } },
  },
  elementwiseWording,
  /** A single row takes an index in a dimension, and gives no gradient then (observed). */
  {
    since: "2.9",
    set: {
      refuses: { target: ofIndices(inTurn(targetSizes, smoothedRow)) },
      gradient: { refuses: { row: rowGradient } },
    },
  },
  emptyIndices(ofIndices, smoothedRow),
];
