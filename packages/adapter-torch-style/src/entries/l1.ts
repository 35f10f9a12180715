/** `L1Loss`, as PyTorch 1.7 has it; `changes/l1.ts` says what later releases changed. */
import type { Contract } from "@isoloss/core";
import { absoluteError } from "@isoloss/core/losses";
import { floatingMean, promotedDType, summed } from "../dtypes.ts";
import { floating } from "../gradients.ts";
import { byWeights, legacy, unknownReduction } from "../reduction.ts";
import { broadcastable, elementwise, tensors } from "../shapes.ts";
import { boolean, inputs, warnings } from "./regression.ts";

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
  layout: elementwise({ x: "input", y: "target", weight: "weight" }, { repeats: true }),
  dtypes: (call) => summed(call, promotedDType(call)),
  gradient: { of: ["input", "target"], requires: floating, refuses: {} },
  define: () => ({ loss: absoluteError, options: { slopeAtNaN: 0 } }),
  reduction: byWeights,
  warnings,
};
