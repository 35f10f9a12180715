/** `BCELoss`, as PyTorch 1.7 has it; `changes/bce.ts` says what later releases changed. */
import { type Contract, LossError, type LossOptions, refuseValues, type SignatureRefusal } from "@isoloss/core";
import { binaryCrossEntropyClamped } from "@isoloss/core/losses";
import { inputOf, scalarType, torchSize } from "../call.ts";
import { implemented, inputDType, stepByStep, wideFloats } from "../dtypes.ts";
import { floating } from "../gradients.ts";
import { tensor } from "../parameters.ts";
import { byCountInKernel, legacy, ofMean, reductionWarnings, unknownReduction } from "../reduction.ts";
import { elementwise, fitsInto, meets, tensors } from "../shapes.ts";
import { inUnitInterval } from "../values.ts";
import { differ, ownDType, targetDType, targetShape } from "./binary.ts";

/** Probabilities and targets have one dtype. */
const oneDType: SignatureRefusal = (call) => {
  const [expected, found] = [inputDType(call), targetDType(call)];
  return (
    found !== expected &&
    new LossError("dtype", `Found dtype ${scalarType[found]} but expected ${scalarType[expected]}`)
  );
};

/** The definition with the given options. */
export const clamped =
  (options: LossOptions): Contract["define"] =>
  (call) => ({ loss: binaryCrossEntropyClamped, options: { ...options, ofMean: ofMean(call) } });

/** [`BCELoss`, `binary_cross_entropy`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html): the logarithm is clamped at −100, its gradient is not; a mean divides by the count, whatever the weights. */
export const BCELoss: Contract = {
  inputs: { input: { port: "p" }, target: { port: "y" } },
  options: { weight: tensor, ...legacy },
  refuses: {
    tensors,
    reduction: unknownReduction,
    sizes: (call) =>
      differ(call) &&
      new LossError(
        "shape",
        `Using a target size (${torchSize(targetShape(call))}) that is different to the input size ` +
          `(${torchSize(inputOf(call, "input").shape)}) is deprecated. Please ensure they have the same size.`,
      ),
    weight: meets("weight", targetShape),
    target: (call) =>
      call.gradients.includes("target") &&
      !floating(call) &&
      new LossError("gradient", "the derivative for 'target' is not implemented"),
    mixed: oneDType,
    dtype: implemented("binary_cross_entropy", inputDType, wideFloats),
    range: inUnitInterval("input"),
    targetRange: undefined,
    wider: refuseValues(fitsInto("weight", targetShape)),
  },
  layout: elementwise({ p: "input", y: "target", weight: "weight" }),
  dtypes: (call) => ({ ...stepByStep(inputDType(call)), of: { weight: ownDType(call, "weight") } }),
  gradient: { of: ["input", "target"], requires: floating, refuses: {} },
  define: clamped({ log1p: false }),
  reduction: byCountInKernel,
  warnings: reductionWarnings,
};
