/** `HuberLoss`, as PyTorch 1.9 has it; `changes/huber.ts` says what later releases changed. */
import { type Call, type Contract, LossError } from "@isoloss/core";
import { huberError } from "@isoloss/core/losses";
import { numberOf } from "../call.ts";
import { allFloats, castable, dtypeOf, implemented, inOneKernel, promotedDType, unmixedGradient } from "../dtypes.ts";
import { floating } from "../gradients.ts";
import { anything, float } from "../parameters.ts";
import { byCountInKernel, ofMean, unknownReduction } from "../reduction.ts";
import { broadcastable, elementwise, tensors } from "../shapes.ts";
import { inputs, warnings } from "./regression.ts";

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
  layout: elementwise({ x: "input", y: "target", weight: "weight" }, { repeats: true }),
  dtypes: dtypesOfHuber,
  gradient: { of: ["input", "target"], requires: floating, refuses: { mixed: unmixedGradient } },
  define: (call) => ({ loss: huberError, options: { delta: numberOf(call, "delta"), ofMean: ofMean(call) } }),
  reduction: byCountInKernel,
  warnings,
};
