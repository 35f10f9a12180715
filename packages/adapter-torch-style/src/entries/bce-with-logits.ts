/** `BCEWithLogitsLoss`, as PyTorch 1.7 has it; `changes/bce-with-logits.ts` says what later releases changed. */
import { type Contract, LossError, type LossOptions, promote, type SignatureRefusal } from "@isoloss/core";
import { binaryCrossEntropyWithLogits } from "@isoloss/core/losses";
import { inputOf, inTurn, optionOf, torchSize } from "../call.ts";
import { castable, implemented, inputDType, resultType, tailOf } from "../dtypes.ts";
import { floating } from "../gradients.ts";
import { tensor, tensorTo } from "../parameters.ts";
import {
  byCountInKernel,
  kindOf,
  legacy,
  ofMean,
  reductionOf,
  reductionWarnings,
  unknownReduction,
} from "../reduction.ts";
import { elementwise, fitsInto, meets, tensors } from "../shapes.ts";
import { differ, ownDType, targetDType, targetShape } from "./binary.ts";

export const booleanTarget: SignatureRefusal = (call) =>
  [targetDType(call), optionOf(call, "pos_weight")?.dtype].includes("bool") &&
  new LossError("dtype", "Subtraction, the `-` operator, with a bool tensor is not supported.");

/** The definition with the given options, and those of the weight of the positive class: where it meets the target, and what 1 less than 0 is. */
export const withLogits =
  (options: LossOptions): Contract["define"] =>
  (call) => {
    const positive = optionOf(call, "pos_weight");
    const meets = positive ? resultType(inputOf(call, "target"), positive) : undefined;
    const belowZero = positive?.dtype === "uint8" ? 255 : -1;
    // The target's gradient has the logits' type: a scalar that flows in does not widen it, and log sigmoid is scaled in place.
    const isReduced = kindOf(reductionOf(call)) !== "none" && targetShape(call).length > 0;
    const slopes = positive || isReduced ? inputDType(call) : undefined;
    return {
      loss: binaryCrossEntropyWithLogits,
      options: { ...options, meets, slopes, belowZero, ofMean: ofMean(call) },
    };
  };

/** [`BCEWithLogitsLoss`, `binary_cross_entropy_with_logits`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html): the value has the target's dtype; a mean divides by the count. */
export const BCEWithLogitsLoss: Contract = {
  inputs: { input: { port: "x" }, target: { port: "y" } },
  options: { weight: tensor, ...legacy, pos_weight: tensorTo("positive") },
  refuses: {
    tensors,
    reduction: unknownReduction,
    sizes: (call) =>
      differ(call) &&
      new LossError(
        "shape",
        `Target size (${torchSize(targetShape(call))}) must be the same as input size (${torchSize(inputOf(call, "input").shape)})`,
      ),
    dtype: implemented("clamp_min_cpu", inputDType, ["float64", "float32", "bfloat16"]),
    boolean: inTurn(meets("pos_weight", targetShape), booleanTarget),
    cast: castable(inputDType, targetDType),
    pos_weight: fitsInto("pos_weight", targetShape),
    weight: fitsInto("weight", targetShape),
  },
  layout: elementwise({ x: "input", y: "target", weight: "weight", positive: "pos_weight" }),
  dtypes: (call) => ({
    compute: targetDType(call),
    tail: tailOf(promote(inputDType(call), targetDType(call))), // the gradient of a mean divides in the wider type
    result: targetDType(call),
    of: { x: inputDType(call), positive: ownDType(call, "pos_weight"), weight: ownDType(call, "weight") },
  }),
  gradient: { of: ["input", "target"], requires: floating, refuses: {} },
  define: withLogits({ logSigmoid: false, saturates: true, steps: true }),
  reduction: byCountInKernel,
  warnings: reductionWarnings,
};
