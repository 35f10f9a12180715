/** The element-wise losses of regression, as PyTorch 1.7 has them (`HuberLoss`: 1.9); `changes/regression.ts` says what later releases changed. */
import { type Call, type Contract, LossError, type SignatureRefusal } from "@isoloss/core";
import { absoluteError, huberError, smoothAbsoluteError, squaredError } from "@isoloss/core/losses";
import { inputOf, numberOf, optionOf } from "../call.ts";
import {
  allFloats,
  castable,
  differentiable,
  dtypeOf,
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
import { anything, float } from "../parameters.ts";
import {
  byCount,
  byCountInKernel,
  byWeights,
  legacy,
  ofMean,
  reductionWarnings,
  unknownReduction,
} from "../reduction.ts";
import { broadcastable, elementwise, sizesDiffer, tensors } from "../shapes.ts";

const inputs = { input: { port: "x" }, target: { port: "y" } };
const warnings = { sizes: sizesDiffer, ...reductionWarnings };

/** Whether the kernel's gradient is that of a mean, by whose count it divides first; a weight leaves it to the gradient of a power. */
const isKernelsMean = (call: Call): boolean => ofMean(call) && optionOf(call, "weight") === undefined;

/** [`MSELoss`, `mse_loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html): (x − y)², broadcasting; a mean divides by the count. */
export const MSELoss: Contract = {
  inputs,
  options: legacy,
  refuses: {
    tensors,
    sizes: broadcastable("input", "target"),
    reduction: unknownReduction,
    dtype: implemented("mse_cpu", promotedDType, ["float64", "float32", "float16"]),
  },
  layout: elementwise({ x: "input", y: "target", weight: "weight" }),
  dtypes: (call) => stepByStep(promotedDType(call)),
  gradient: {
    of: ["input", "target"],
    refuses: {
      floating,
      mixed: unmixedGradient,
      dtype: differentiable("mse_backward_cpu_out", promotedDType, wideFloats),
    },
  },
  define: (call) => ({
    loss: squaredError,
    options: isKernelsMean(call) ? { ofMean: true } : { doubles: true },
  }),
  reduction: (call, layout) => (isKernelsMean(call) ? byCountInKernel : byWeights)(call, layout),
  warnings,
};

/** A difference of bool tensors does not exist. */
export const boolean: SignatureRefusal = (call) =>
  [inputOf(call, "input").dtype, inputOf(call, "target").dtype].includes("bool") &&
  new LossError("dtype", "Subtraction, the `-` operator, with a bool tensor is not supported.");

/** [`L1Loss`, `l1_loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.L1Loss.html): |x − y|, broadcasting, also of integers; a mean divides by the count. */
export const L1Loss: Contract = {
  inputs,
  options: legacy,
  refuses: {
    tensors,
    sizes: broadcastable("input", "target"),
    reduction: unknownReduction,
    boolean,
    mean: floatingMean(promotedDType),
  },
  layout: elementwise({ x: "input", y: "target", weight: "weight" }),
  dtypes: (call) => summed(call, promotedDType(call)),
  gradient: { of: ["input", "target"], refuses: { floating } },
  define: () => ({ loss: absoluteError, options: { slopeAtNaN: 0 } }),
  reduction: byWeights,
  warnings,
};

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
  layout: elementwise({ x: "input", y: "target" }),
  dtypes: smoothDTypes((call) => summed(call, promotedDType(call))),
  gradient: {
    of: ["input", "target"],
    refuses: {
      floating,
      mixed: unlessFlat(unmixedGradient),
      dtype: unlessFlat(differentiable("smooth_l1_backward_cpu_out", promotedDType, wideFloats)),
    },
  },
  define: (call) =>
    isFlat(call)
      ? { loss: absoluteError, options: { slopeAtNaN: 0 } }
      : { loss: smoothAbsoluteError, options: smoothOptions(call) },
  reduction: (call, layout) => (isFlat(call) ? byCount : byCountInKernel)(call, layout),
  warnings,
};

/** One kernel, whose result takes the input's dtype. */
export const dtypesOfHuber = (call: Call) => ({
  ...inOneKernel(promotedDType(call)),
  result: dtypeOf("input")(call),
});

/** [`HuberLoss`, `huber_loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html): d²⁄2 below δ, δ·(|d| − δ⁄2) above. */
export const HuberLoss: Contract = {
  inputs,
  options: { reduction: anything("mean"), delta: float(1) },
  refuses: {
    tensors,
    sizes: broadcastable("input", "target"),
    reduction: unknownReduction,
    delta: (call) =>
      !(numberOf(call, "delta") > 0) &&
      new LossError("option", "huber_loss does not support non-positive values for delta."),
    cast: castable(promotedDType, dtypeOf("input")),
    dtype: implemented("huber_cpu", promotedDType, allFloats),
  },
  layout: elementwise({ x: "input", y: "target", weight: "weight" }),
  dtypes: dtypesOfHuber,
  gradient: { of: ["input", "target"], refuses: { floating, mixed: unmixedGradient } },
  define: (call) => ({ loss: huberError, options: { delta: numberOf(call, "delta"), ofMean: ofMean(call) } }),
  reduction: byCountInKernel,
  warnings,
};
