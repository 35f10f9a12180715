/** What the losses |x − y| share while their result takes the input's dtype. */
import { type Call, type CallDTypes, type Contract, isFloat, LossError, type SignatureRefusal } from "@isoloss/core";
import { castable, inputDType, promotedDType, tailOf } from "../dtypes.ts";
import { kindOf, reductionOf } from "../reduction.ts";

/** An error is written into the input's dtype, unless it is summed. */
export const castOfError: SignatureRefusal = (call) =>
  kindOf(reductionOf(call)) !== "sum" && castable(promotedDType, inputDType)(call);
export const ofInput = (call: Call): CallDTypes => {
  const own = inputDType(call);
  return { compute: promotedDType(call), tail: own, result: own };
};
/** Its half precision is summed in float32. */
export const inWideSums =
  (reduction: Contract["reduction"]): Contract["reduction"] =>
  (call, layout) => {
    const { kind, rule } = reduction(call, layout);
    return { kind, rule: { ...rule, sums: tailOf(inputDType(call)) } };
  };
export const integerResult: SignatureRefusal = (call) =>
  !isFloat(inputDType(call)) && new LossError("gradient", "an integer result is not differentiable");
