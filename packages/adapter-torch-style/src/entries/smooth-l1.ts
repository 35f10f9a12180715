/** `SmoothL1Loss`, as PyTorch 1.7 has it; `changes/smooth-l1.ts` says what later releases changed. */
import { type Call, type Contract, LossError, type SignatureRefusal } from "@isoloss/core";
import { absoluteError, smoothAbsoluteError } from "@isoloss/core/losses";
import { numberOf } from "../call.ts";
import {
  allFloats,
  differentiable,
  floatingMean,
  implemented,
  inOneKernel,
  promotedDType,
  stepByStep,
  summed,
  unmixedGradient,
  wideFloats,
} from "../dtypes.ts";
import { floating } from "../gradients.ts";
import { float } from "../parameters.ts";
import { byCount, byCountInKernel, legacy, ofMean, unknownReduction } from "../reduction.ts";
import { broadcastable, elementwise, tensors } from "../shapes.ts";
import { boolean, inputs, warnings } from "./regression.ts";

/** The options of the definition where β is not 0. */
export const smoothOptions = (call: Call) => ({ beta: numberOf(call, "beta"), ofMean: ofMean(call) });
/** Where β is 0 the loss is another: |d|. */
const isFlat = (call: Call): boolean => numberOf(call, "beta") === 0;
export const unlessFlat =
  (refuse: SignatureRefusal): SignatureRefusal =>
  (call) =>
    !isFlat(call) && refuse(call);

export const ifFlat =
  (refuse: SignatureRefusal): SignatureRefusal =>
  (call) =>
    isFlat(call) && refuse(call);
/** The kernel's reduction where β is not 0, and that given where it is. */
export const ofFlat =
  (flat: Contract["reduction"]): Contract["reduction"] =>
  (call, layout) =>
    (isFlat(call) ? flat : byCountInKernel)(call, layout);
/** The dtypes where β is not 0, and those given where it is. */
export const smoothDTypes =
  (flat: Contract["dtypes"]): Contract["dtypes"] =>
  (call) => {
    const dtype = promotedDType(call);
    if (isFlat(call)) return flat(call);
    return dtype === "bfloat16" ? inOneKernel(dtype) : stepByStep(dtype);
  };

/** [`SmoothL1Loss`, `smooth_l1_loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html): d²⁄(2β) below β, |d| − β⁄2 above; |d| where β is 0, also of integers. */
export const SmoothL1Loss: Contract = {
  inputs,
  options: { ...legacy, beta: float(1) },
  refuses: {
    tensors,
    sizes: broadcastable("input", "target"),
    reduction: unknownReduction,
    beta: (call) =>
      !(numberOf(call, "beta") >= 0) &&
      new LossError("option", "smooth_l1_loss does not support negative values for beta."),
    dtype: unlessFlat(implemented("smooth_l1_cpu", promotedDType, allFloats)),
    boolean: ifFlat(boolean),
    mean: ifFlat(floatingMean(promotedDType)),
  },
  layout: elementwise({ x: "input", y: "target" }, { repeats: true }),
  dtypes: smoothDTypes((call) => summed(call, promotedDType(call))),
  gradient: {
    of: ["input", "target"],
    requires: floating,
    refuses: {
      mixed: unlessFlat(unmixedGradient),
      dtype: unlessFlat(differentiable("smooth_l1_backward_cpu_out", promotedDType, wideFloats)),
    },
  },
  define: (call) =>
    isFlat(call)
      ? { loss: absoluteError, options: { slopeAtNaN: 0 } }
      : { loss: smoothAbsoluteError, options: smoothOptions(call) },
  reduction: ofFlat(byCount),
  warnings,
};
