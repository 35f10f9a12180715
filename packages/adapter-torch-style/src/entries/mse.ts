/** `MSELoss`, as PyTorch 1.7 has it; `changes/mse.ts` says what later releases changed. */
import type { Call, Contract } from "@isoloss/core";
import { squaredError } from "@isoloss/core/losses";
import { optionOf } from "../call.ts";
import { differentiable, implemented, promotedDType, stepByStep, unmixedGradient, wideFloats } from "../dtypes.ts";
import { floating } from "../gradients.ts";
import { byCountInKernel, byWeights, legacy, ofMean, unknownReduction } from "../reduction.ts";
import { broadcastable, elementwise, tensors } from "../shapes.ts";
import { inputs, warnings } from "./regression.ts";

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
  layout: elementwise({ x: "input", y: "target", weight: "weight" }, { repeats: true }),
  dtypes: (call) => stepByStep(promotedDType(call)),
  gradient: {
    of: ["input", "target"],
    requires: floating,
    refuses: {
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
