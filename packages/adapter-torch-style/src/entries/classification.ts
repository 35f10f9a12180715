/** The losses over classes, as PyTorch 1.7 has them; `changes/classification.ts` says what later releases changed. */
import { type Call, type Contract, isHalf, LossError, type SignatureRefusal } from "@isoloss/core";
import { crossEntropy, negativeLogLikelihood } from "@isoloss/core/losses";
import { inputOf, numberOf } from "../call.ts";
import {
  batchSizes,
  indexLayout,
  longTarget,
  secondDimension,
  targetShape,
  unlessEmpty,
  weightCount,
  weightDType,
} from "../classes.ts";
import { implemented, inEveryStep, inputDType } from "../dtypes.ts";
import { floating, someOf } from "../gradients.ts";
import { int, tensor } from "../parameters.ts";
import { kindOf, legacy, ofMean, reductionOf, reductionWarnings, unknownReduction } from "../reduction.ts";
import { tensors } from "../shapes.ts";

const { size_average, reduce, reduction } = legacy;
const options = { weight: tensor, size_average, ignore_index: int(-100), reduce, reduction };
const rank = (call: Call): number => inputOf(call, "input").shape.length;

/** The levels of the kernel's sums, of which only those of half precision are far from exact. */
const levelsOf = (call: Call, levels: number): number => (isHalf(inputDType(call)) ? levels : 0);
/** A reduction whose sums have so many levels. */
export const adding =
  (levels: number, reduction: Contract["reduction"]): Contract["reduction"] =>
  (call, layout) => {
    const { kind, rule } = reduction(call, layout);
    return { kind, rule: { ...rule, levels: levelsOf(call, levels) } };
  };
/** A mean divides by the total weight unless that is 0; where it is not positive no gradient flows. */
export const byPositiveWeights: Contract["reduction"] = (call) => ({
  kind: kindOf(reductionOf(call)),
  rule: { by: "weights", whenZero: "undivided", gradient: "zero-when-not-positive", undivided: true },
});
const batched: SignatureRefusal = (call) =>
  rank(call) < 2 && new LossError("shape", `Expected 2 or more dimensions (got ${rank(call)})`);
/** The options of a definition, while a mean's gradient divides by the total weight last. */
export const indexOptions = (levels: number) => (call: Call) => ({
  ignoreIndex: numberOf(call, "ignore_index"),
  ofMean: ofMean(call),
  levels: levelsOf(call, levels),
});
const oneByOne = /* @__PURE__ */ indexOptions(1);
const narrow = ["float64", "float32", "bfloat16"] as const;
/** The dtypes of the kernel that looks up indices. */
export const ofLikelihood = /* @__PURE__ */ implemented("nll_loss_out_frame", inputDType, narrow);

/** [`NLLLoss`, `nll_loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html): −w[y]·x[y] along axis 1; a mean divides by the total of w[y], ignored targets left out. */
export const NLLLoss: Contract = {
  inputs: { input: { port: "x" }, target: { port: "target" } },
  options,
  refuses: {
    tensors,
    rank: batched,
    batch: batchSizes,
    reduction: unknownReduction,
    target: targetShape,
    weight: weightCount,
    dtype: ofLikelihood,
    labels: longTarget,
    weightDType,
  },
  layout: /* @__PURE__ */ indexLayout("x"),
  dtypes: (call) => inEveryStep(inputDType(call)),
  gradient: { of: ["input"], requires: floating, refuses: { some: /* @__PURE__ */ someOf("input") } },
  define: (call) => ({ loss: negativeLogLikelihood, options: oneByOne(call) }),
  reduction: /* @__PURE__ */ adding(1, byPositiveWeights),
  warnings: reductionWarnings,
};

/** [`CrossEntropyLoss`, `cross_entropy`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html): softmax along axis 1, then as `NLLLoss`. */
export const CrossEntropyLoss: Contract = {
  inputs: { input: { port: "logits" }, target: { port: "target" } },
  options,
  refuses: {
    tensors,
    rank: secondDimension,
    dtype: /* @__PURE__ */ unlessEmpty(implemented("log_softmax_lastdim_kernel_impl", inputDType, narrow)),
    batch: batchSizes,
    reduction: unknownReduction,
    target: targetShape,
    weight: weightCount,
    half: ofLikelihood,
    labels: longTarget,
    weightDType,
  },
  layout: /* @__PURE__ */ indexLayout("logits"),
  dtypes: (call) => inEveryStep(inputDType(call)),
  gradient: { of: ["input"], requires: floating, refuses: { some: /* @__PURE__ */ someOf("input") } },
  define: (call) => ({ loss: crossEntropy, options: oneByOne(call) }),
  reduction: /* @__PURE__ */ adding(1, byPositiveWeights),
  warnings: reductionWarnings,
};
