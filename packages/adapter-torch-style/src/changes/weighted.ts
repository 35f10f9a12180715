/** What the losses of regression share of weights, which their functions take since 2.6. */
import {
  type Call,
  type CallDTypes,
  type DType,
  isFloat,
  LossError,
  promote,
  type SignatureRefusal,
  sameShape,
} from "@isoloss/core";
import { inputOf, optionOf } from "../call.ts";
import { promotedDType, resultType, stepByStep, summed } from "../dtypes.ts";
import { boolean } from "../entries/regression.ts";
import { isReduction, kindOf, ofMean, reductionOf } from "../reduction.ts";

/** Errors in the dtype of input and target, which a weight may widen. */
export const weightedDTypes = (call: Call): CallDTypes => {
  const own = promotedDType(call);
  const weight = optionOf(call, "weight");
  if (!weight) return summed(call, own);
  const error = weightedResult(call, own);
  if (!isFloat(error)) {
    // Sums are int64; their quotient has the default dtype.
    const kind = kindOf(reductionOf(call));
    const tail = kind === "mean" ? "float32" : kind === "sum" ? "int64" : error;
    return { compute: error, tail, result: tail, of: { x: own, y: own, weight: error } };
  }
  // A mean divides one number by another, both tensors without dimensions.
  const result = ofMean(call) ? promote(error, weight.dtype) : error;
  return { ...stepByStep(result), of: { x: own, y: own, weight: isFloat(weight.dtype) ? weight.dtype : result } };
};
/** What an error, which has the dimensions of input and target, becomes when it is weighted. */
export const weightedResult = (call: Call, error: DType): DType => {
  const shape = [inputOf(call, "input").shape, inputOf(call, "target").shape].flat();
  const weight = optionOf(call, "weight");
  return weight ? resultType({ dtype: error, shape }, weight) : error;
};
/** A rule that holds without a weight only. */
export const unlessWeighted =
  (refuses: SignatureRefusal): SignatureRefusal =>
  (call) =>
    !optionOf(call, "weight") && refuses(call);
/** A weighted error is a difference of tensors, which bool tensors do not have. */
export const weightedBoolean: SignatureRefusal = (call) => optionOf(call, "weight") && boolean(call);
const modes = ["none", "sum", "mean"];
/** Beside a weight, whose size must be the input's and is looked at first, the reduction has no old names. */
export const weightedReduction: SignatureRefusal = (call) => {
  const reduction = reductionOf(call);
  const weight = optionOf(call, "weight");
  if (!weight)
    return !isReduction(reduction) && new LossError("option", `${reduction} is not a valid value for reduction`);
  if (!sameShape(weight.shape, inputOf(call, "input").shape))
    return new LossError("shape", "Weights and input must have the same size.");
  return (
    !modes.includes(String(reduction)) &&
    new LossError("option", `Invalid reduction mode: ${reduction}. Expected one of 'none', 'mean', 'sum'.`)
  );
};
