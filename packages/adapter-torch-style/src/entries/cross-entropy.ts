/** `CrossEntropyLoss`, as PyTorch 1.7 has it; `changes/cross-entropy.ts` says what later releases changed. */
import type { Contract } from "@isoloss/core";
import { crossEntropy } from "@isoloss/core/losses";
import {
  batchSizes,
  indexLayout,
  longTarget,
  reductionAfterTarget,
  secondDimension,
  targetShape,
  unlessEmpty,
  weightCount,
  weightDType,
} from "../classes.ts";
import { implemented, inEveryStep, inputDType } from "../dtypes.ts";
import { floating, someOf } from "../gradients.ts";
import { reductionWarnings } from "../reduction.ts";
import { tensors } from "../shapes.ts";
import { adding, byPositiveWeights, narrow, ofLikelihood, oneByOne, options } from "./classification.ts";

/** [`CrossEntropyLoss`, `cross_entropy`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html): softmax along axis 1, then as `NLLLoss`. */
export const CrossEntropyLoss: Contract = {
  inputs: { input: { port: "logits" }, target: { port: "target" } },
  options,
  refuses: {
    tensors,
    rank: secondDimension,
    dtype: unlessEmpty(implemented("log_softmax_lastdim_kernel_impl", inputDType, narrow)),
    batch: batchSizes,
    reduction: reductionAfterTarget,
    target: targetShape,
    weight: weightCount,
    half: ofLikelihood,
    labels: longTarget,
    weightDType,
  },
  layout: indexLayout("logits"),
  dtypes: (call) => inEveryStep(inputDType(call)),
  gradient: { of: ["input"], requires: floating, refuses: { some: someOf("input") } },
  define: (call) => ({ loss: crossEntropy, options: oneByOne(call) }),
  reduction: adding(1, byPositiveWeights),
  warnings: reductionWarnings,
};
