/** `KLDivLoss`, as PyTorch 1.7 has it; `changes.ts` says what later releases changed. */
import { type Call, type Contract, div, LossError, type Refusal } from "@isoloss/core";
import { klDivergencePositive } from "@isoloss/core/losses";
import { inputOf } from "../call.ts";
import { implemented, promoted, stepByStep, wideFloats } from "../dtypes.ts";
import { floating } from "../gradients.ts";
import { flag } from "../parameters.ts";
import { isLegacy, kindOf, legacy, reductionOf, reductionWarnings, unknownReduction } from "../reduction.ts";
import { broadcastable, elementwise, tensors } from "../shapes.ts";

/** `batchmean` is a sum that is divided by the first extent of the input. The function divides so also where the flags decide. */
const perBatch = (call: Call): boolean =>
  call.options["reduction"] === "batchmean" && (call.as === "function" || !isLegacy(call));
const batch = (call: Call): number => inputOf(call, "input").shape[0] ?? 1;
const reductionWord = (call: Call) => {
  const reduction = reductionOf(call);
  return reduction === "batchmean" ? "sum" : reduction;
};
const unknown: Refusal = (call) =>
  reductionWord(call) !== "sum" && typeof unknownReduction === "function" && unknownReduction(call);

const promotedDType = promoted("input", "target");

/** [`KLDivLoss`, `kl_div`](https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html): the input are log-probabilities; `mean` divides by the count, `batchmean` by the first extent. */
export const KLDivLoss: Contract = {
  inputs: { input: { port: "x" }, target: { port: "y" } },
  options: { ...legacy, log_target: flag },
  refuses: {
    tensors,
    reduction: unknown,
    sizes: broadcastable("input", "target"),
    dtype: implemented("log_vml_cpu", promotedDType, wideFloats),
  },
  layout: elementwise({ x: "input", y: "target" }),
  dtypes: (call) => stepByStep(promotedDType(call)),
  gradient: {
    of: ["input", "target"],
    refuses: {
      floating,
      sizes: (call) => {
        const [x, y] = [inputOf(call, "input").shape, inputOf(call, "target").shape];
        return String(x) !== String(y) && new LossError("gradient", "inconsistent tensor size");
      },
    },
  },
  define: (call) => ({ loss: klDivergencePositive, options: { logTarget: call.options["log_target"] === true } }),
  after: (terms, _, { call }) => (perBatch(call) ? { ...terms, loss: div(terms.loss, batch(call)) } : terms),
  reduction: (call) => ({ kind: kindOf(reductionWord(call)), rule: { by: "count", whenZero: "nan" } }),
  warnings: {
    ...reductionWarnings,
    mean: (call) =>
      !isLegacy(call) &&
      call.options["reduction"] === "mean" &&
      "reduction: 'mean' divides the total loss by both the batch size and the support size." +
        "'batchmean' divides only by the batch size, and aligns with the KL div math definition." +
        "'mean' will be changed to behave the same as 'batchmean' in the next major release.",
  },
};
