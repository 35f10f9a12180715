/** What changed from one release of PyTorch to another in the losses of regression: one row a change, over the records of 1.7. */
import {
  type Call,
  type CallDTypes,
  type DType,
  isFloat,
  LossError,
  promote,
  type Row,
  type SignatureRefusal,
  sameShape,
} from "@isoloss/core";
import { huberError, smoothAbsoluteError } from "@isoloss/core/losses";
import { inputOf, numberOf, optionOf } from "../call.ts";
import {
  allFloats,
  castable,
  differentiable,
  floatingMean,
  implemented,
  inputDType,
  promotedDType,
  resultType,
  stepByStep,
  summed,
  tailOf,
  wideFloats,
} from "../dtypes.ts";
import { boolean, dtypesOfHuber, ifFlat, smoothDTypes, smoothOptions, unlessFlat } from "../entries/regression.ts";
import { tensor } from "../parameters.ts";
import { byCount, byCountInKernel, isReduction, kindOf, ofMean, reductionOf } from "../reduction.ts";
import { elementwiseWording } from "./wording.ts";

/** Errors in the dtype of input and target, which a weight may widen. */
const weightedDTypes = (call: Call): CallDTypes => {
  const own = promotedDType(call);
  const weight = optionOf(call, "weight");
  if (!weight) return summed(call, own);
  const error = weightedResult(call, own);
  // A mean divides one number by another, both tensors without dimensions.
  const result = ofMean(call) ? promote(error, weight.dtype) : error;
  return { ...stepByStep(result), of: { x: own, y: own, weight: isFloat(weight.dtype) ? weight.dtype : result } };
};
/** What an error, which has the dimensions of input and target, becomes when it is weighted. */
const weightedResult = (call: Call, error: DType): DType => {
  const shape = [inputOf(call, "input").shape, inputOf(call, "target").shape].flat();
  const weight = optionOf(call, "weight");
  return weight ? resultType({ dtype: error, shape }, weight) : error;
};
/** A weighted error is a difference of tensors, which bool tensors do not have. */
const weightedBoolean: SignatureRefusal = (call) => optionOf(call, "weight") && boolean(call);
/** A weight of an element-wise loss has the input's size. */
const elementWeight: SignatureRefusal = (call) => {
  const weight = optionOf(call, "weight");
  return (
    weight &&
    !sameShape(weight.shape, inputOf(call, "input").shape) &&
    new LossError("shape", "Weights and input must have the same size.")
  );
};
const isWeighted = (call: Call): boolean => optionOf(call, "weight") !== undefined;
const modes = ["none", "sum", "mean"];
/** Beside a weight, whose size is looked at first, the reduction has no old names. */
const weightedReduction: SignatureRefusal = (call) => {
  const reduction = reductionOf(call);
  if (!optionOf(call, "weight"))
    return !isReduction(reduction) && new LossError("option", `${reduction} is not a valid value for reduction`);
  return (
    elementWeight(call) ||
    (!modes.includes(String(reduction)) &&
      new LossError("option", `Invalid reduction mode: ${reduction}. Expected one of 'none', 'mean', 'sum'.`))
  );
};

/** An error is written into the input's dtype, unless it is summed. */
const castOfError: SignatureRefusal = (call) =>
  kindOf(reductionOf(call)) !== "sum" && castable(promotedDType, inputDType)(call);
const ofInput = (call: Call): CallDTypes => {
  const own = inputDType(call);
  return { compute: promotedDType(call), tail: tailOf(own), result: own };
};
const integerResult: SignatureRefusal = (call) =>
  !isFloat(inputDType(call)) && new LossError("gradient", "an integer result is not differentiable");

export const regressionChanges: readonly Row[] = [
  {
    since: "1.8",
    until: "1.13",
    entry: "L1Loss",
    what: "the result takes the input's dtype",
    ref: "observed",
    set: {
      refuses: { cast: castOfError, mean: floatingMean(inputDType) },
      dtypes: ofInput,
      gradient: { refuses: { integer: integerResult } },
    },
  },
  {
    since: "1.8",
    until: "1.11",
    entry: "SmoothL1Loss",
    what: "at β = 0 the result takes the input's dtype",
    ref: "observed",
    set: {
      refuses: { cast: ifFlat(castOfError), mean: ifFlat(floatingMean(inputDType)) },
      dtypes: smoothDTypes(ofInput),
      gradient: { refuses: { integer: ifFlat(integerResult) } },
    },
  },
  {
    since: "1.10",
    entry: "SmoothL1Loss",
    what: "mixed dtypes have gradients",
    ref: "observed",
    set: { gradient: { refuses: { mixed: undefined } } },
  },
  {
    since: "1.12",
    entry: "SmoothL1Loss",
    what: "bfloat16 has gradients",
    ref: "observed",
    set: {
      gradient: {
        refuses: {
          dtype: unlessFlat(differentiable("smooth_l1_backward_cpu_out", promotedDType, [...wideFloats, "bfloat16"])),
        },
      },
    },
  },
  {
    since: "1.13",
    until: "2.1",
    entry: "SmoothL1Loss",
    what: "the gradient at β = 0 is −1 where the inputs are equal",
    ref: "observed",
    set: {
      refuses: { dtype: implemented("smooth_l1_cpu", promotedDType, allFloats), boolean: undefined, mean: undefined },
      dtypes: smoothDTypes((call) => stepByStep(promotedDType(call))),
      define: (call) => ({ loss: smoothAbsoluteError, options: smoothOptions(call) }),
      reduction: byCountInKernel,
      gradient: {
        refuses: {
          dtype: differentiable("smooth_l1_backward_cpu_out", promotedDType, [...wideFloats, "bfloat16"]),
        },
      },
    },
  },
  elementwiseWording("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss"),
  {
    since: "2.6",
    entry: "MSELoss",
    what: "bfloat16; half precision has gradients",
    ref: "observed",
    set: {
      refuses: { dtype: implemented("mse_cpu", promotedDType, allFloats) },
      gradient: { refuses: { dtype: undefined } },
    },
  },
  {
    since: "2.6",
    entry: ["MSELoss", "L1Loss"],
    what: "the function weighs: a mean divides by the sum of the weights",
    ref: "observed",
    set: {
      options: { weight: { ...tensor, only: "function" } },
      refuses: { reduction: weightedReduction, weightedBoolean },
      dtypes: weightedDTypes,
    },
  },
  {
    since: "2.6",
    entry: "HuberLoss",
    what: "the function weighs: a mean divides by the count",
    ref: "observed",
    set: {
      options: { weight: { ...tensor, only: "function" } },
      refuses: { reduction: weightedReduction },
      dtypes: (call) => {
        const own = dtypesOfHuber(call);
        const result = weightedResult(call, own.result);
        const weight = optionOf(call, "weight")?.dtype;
        return {
          ...own,
          tail: tailOf(result),
          result,
          ...(weight && { of: { weight: isFloat(weight) ? weight : result } }),
        };
      },
      define: (call) => ({
        loss: huberError,
        options: { delta: numberOf(call, "delta"), dtype: inputDType(call), ofMean: !isWeighted(call) && ofMean(call) },
      }),
      reduction: (call, layout) => (isWeighted(call) ? byCount : byCountInKernel)(call, layout),
    },
  },
  {
    since: "2.10",
    entry: "SmoothL1Loss",
    what: "float16 has gradients",
    ref: "observed",
    set: { gradient: { refuses: { dtype: undefined } } },
  },
  {
    since: "2.12",
    entry: "MSELoss",
    what: "mixed dtypes have gradients",
    ref: "pytorch#175743",
    set: { gradient: { refuses: { mixed: undefined } } },
  },
];
