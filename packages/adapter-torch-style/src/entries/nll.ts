/** `NLLLoss`, as PyTorch 1.7 has it; `changes/nll.ts` says what later releases changed. */
import { type Call, type Contract, LossError, type SignatureRefusal } from "@isoloss/core";
import { negativeLogLikelihood } from "@isoloss/core/losses";
import { inputOf } from "../call.ts";
import {
  batchSizes,
  indexLayout,
  longTarget,
  reductionAfterTarget,
  targetShape,
  weightCount,
  weightDType,
} from "../classes.ts";
import { inEveryStep, inputDType } from "../dtypes.ts";
import { floating, someOf } from "../gradients.ts";
import { reductionWarnings } from "../reduction.ts";
import { tensors } from "../shapes.ts";
import { adding, byPositiveWeights, ofLikelihood, oneByOne, options } from "./classification.ts";

const rank = (call: Call): number => inputOf(call, "input").shape.length;
const batched: SignatureRefusal = (call) =>
  rank(call) < 2 && new LossError("shape", `Expected 2 or more dimensions (got ${rank(call)})`);

/** [`NLLLoss`, `nll_loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html): −w[y]·x[y] along axis 1; a mean divides by the total of w[y], ignored targets left out. */
export const NLLLoss: Contract = {
  inputs: { input: { port: "x" }, target: { port: "target" } },
  options,
  refuses: {
    tensors,
    rank: batched,
    batch: batchSizes,
    reduction: reductionAfterTarget,
    target: targetShape,
    weight: weightCount,
    dtype: ofLikelihood,
    labels: longTarget,
    weightDType,
  },
  layout: indexLayout("x"),
  dtypes: (call) => inEveryStep(inputDType(call)),
  gradient: { of: ["input"], requires: floating, refuses: { some: someOf("input") } },
  define: (call) => ({ loss: negativeLogLikelihood, options: oneByOne(call) }),
  reduction: adding(1, byPositiveWeights),
  warnings: reductionWarnings,
};
