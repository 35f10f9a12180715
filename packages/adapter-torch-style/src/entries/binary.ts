/** The binary cross-entropies, as PyTorch 1.7 has them; `changes/binary.ts` says what later releases changed. */
import {
  type Call,
  type Contract,
  type DType,
  isFloat,
  LossError,
  type LossOptions,
  promote,
  type SignatureRefusal,
  sameShape,
} from "@isoloss/core";
import { binaryCrossEntropyClamped, binaryCrossEntropyWithLogits } from "@isoloss/core/losses";
import { inputOf, optionOf, scalarType, torchSize } from "../call.ts";
import { castable, dtypeOf, implemented, inputDType, resultType, stepByStep, tailOf, wideFloats } from "../dtypes.ts";
import { floating } from "../gradients.ts";
import { tensor, tensorTo } from "../parameters.ts";
import { byCountInKernel, legacy, ofMean, reductionWarnings, unknownReduction } from "../reduction.ts";
import { elementwise, fitsInto, tensors } from "../shapes.ts";
import { inUnitInterval } from "../values.ts";

const differ = (call: Call): boolean => !sameShape(inputOf(call, "input").shape, inputOf(call, "target").shape);
const targetShape = (call: Call) => inputOf(call, "target").shape;
const targetDType = dtypeOf("target");

/** Probabilities and targets have one dtype. */
const oneDType: SignatureRefusal = (call) => {
  const [expected, found] = [inputDType(call), targetDType(call)];
  return (
    found !== expected &&
    new LossError("dtype", `Found dtype ${scalarType[found]} but expected ${scalarType[expected]}`)
  );
};

/** The dtype of a weight; integers are computed in the target's. */
const ownDType = (call: Call, option: string): DType => {
  const dtype = optionOf(call, option)?.dtype ?? "bool";
  return isFloat(dtype) ? dtype : targetDType(call);
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
    target: (call) =>
      call.gradients.includes("target") &&
      isFloat(targetDType(call)) &&
      new LossError("gradient", "the derivative for 'target' is not implemented"),
    mixed: oneDType,
    dtype: implemented("binary_cross_entropy", inputDType, wideFloats),
    range: inUnitInterval("input"),
    weight: fitsInto("weight", targetShape),
  },
  layout: elementwise({ p: "input", y: "target", weight: "weight" }),
  dtypes: (call) => ({ ...stepByStep(inputDType(call)), of: { weight: ownDType(call, "weight") } }),
  gradient: { of: ["input", "target"], refuses: { floating } },
  define: clamped({ log1p: false }),
  reduction: byCountInKernel,
  warnings: reductionWarnings,
};

const booleanTarget: SignatureRefusal = (call) =>
  [targetDType(call), optionOf(call, "pos_weight")?.dtype].includes("bool") &&
  new LossError("dtype", "Subtraction, the `-` operator, with a bool tensor is not supported.");

/** The definition with the given options, and those of the weight of the positive class: where it meets the target, and what 1 less than 0 is. */
export const withLogits =
  (options: LossOptions): Contract["define"] =>
  (call) => {
    const positive = optionOf(call, "pos_weight");
    const meets = positive ? resultType(inputOf(call, "target"), positive) : undefined;
    const belowZero = positive?.dtype === "uint8" ? 255 : -1;
    return { loss: binaryCrossEntropyWithLogits, options: { ...options, meets, belowZero, ofMean: ofMean(call) } };
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
    boolean: booleanTarget,
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
  gradient: { of: ["input", "target"], refuses: { floating } },
  define: withLogits({ logSigmoid: false, saturates: true, steps: true }),
  reduction: byCountInKernel,
  warnings: reductionWarnings,
};
