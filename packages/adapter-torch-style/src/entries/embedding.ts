/** The losses of embeddings, as PyTorch 1.7 has them; `changes/embedding.ts` says what later releases changed. */
import { type Call, type Contract, type DType, isFloat, LossError, promote } from "@isoloss/core";
import { cosineEmbedding, hingeEmbedding } from "@isoloss/core/losses";
import { inputOf, numberOf } from "../call.ts";
import { floatingMean, floatOf, implemented, inputDType, stepByStep, summed, wideFloats } from "../dtypes.ts";
import { floating, someOf } from "../gradients.ts";
import { float } from "../parameters.ts";
import { byCount, legacy, reductionWarnings, unknownReduction } from "../reduction.ts";
import { broadcastable, elementwise, mismatch, tensors } from "../shapes.ts";
import { type Along, alongSecond, normsDType, normsMeet, ranksOf, vectorLayout } from "../vectors.ts";

export const integers = ["int64", "int32", "int16", "int8", "uint8"] as const;
/** A dtype in which a target can be compared with 1 and −1. */
const comparable = (call: Call): DType => {
  const { dtype } = inputOf(call, "target");
  return isFloat(dtype) ? dtype : "float64";
};

/** What −1 is in the target's dtype: bytes wrap. */
const opposite = (call: Call): number => (inputOf(call, "target").dtype === "uint8" ? 255 : -1);
export const hingeOptions = (call: Call) => ({ margin: numberOf(call, "margin"), opposite: opposite(call) });

/** [`HingeEmbeddingLoss`, `hinge_embedding_loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.HingeEmbeddingLoss.html): x at 1, max(0, margin − x) at −1, both at any other target; the value has the input's dtype. */
export const HingeEmbeddingLoss: Contract = {
  inputs: { input: { port: "x" }, target: { port: "target" } },
  options: { margin: float(1), ...legacy },
  refuses: {
    tensors,
    reduction: unknownReduction,
    dtype: implemented("clamp_min_cpu", inputDType, ["float64", "float32", ...integers]),
    sizes: broadcastable("input", "target"),
    mean: floatingMean(inputDType),
  },
  layout: elementwise({ x: "input", target: "target" }),
  dtypes: (call) => ({ ...summed(call, inputDType(call)), of: { target: comparable(call) } }),
  gradient: { of: ["input"], refuses: { floating, some: someOf("input") } },
  define: (call) => ({ loss: hingeEmbedding, options: { ...hingeOptions(call), multiplies: true } }),
  reduction: byCount,
  warnings: reductionWarnings,
};

export const pair = (call: Call) =>
  promote(floatOf(inputOf(call, "input1").dtype), floatOf(inputOf(call, "input2").dtype));

/** The options of the definition: the margin, what −1 is, and the dtypes in which norms and vectors are multiplied. */
export const cosineOptions = (call: Call, along: Along) => ({
  ...ranksOf(along)(call),
  margin: numberOf(call, "margin"),
  opposite: opposite(call),
  norms: normsDType(along)(call),
  product: floatOf(promote(inputOf(call, "input1").dtype, inputOf(call, "input2").dtype)),
});

/** [`CosineEmbeddingLoss`, `cosine_embedding_loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html): 1 − cos at 1, max(0, cos − margin) at −1, 0 at any other target; the vectors lie along axis 1. */
export const CosineEmbeddingLoss: Contract = {
  inputs: { input1: { port: "a" }, input2: { port: "b" }, target: { port: "target" } },
  options: { margin: float(0), ...legacy },
  refuses: {
    tensors,
    reduction: unknownReduction,
    sizes: (call) => mismatch(inputOf(call, "input1").shape, inputOf(call, "input2").shape),
    rank: (call) =>
      Math.min(inputOf(call, "input1").shape.length, inputOf(call, "input2").shape.length) < 2 &&
      new LossError("shape", "Dimension out of range (expected to be in range of [-1, 0], but got 1)"),
    dtype: implemented("sqrt_vml_cpu", pair, wideFloats),
    norms: /* @__PURE__ */ normsMeet(alongSecond),
  },
  layout: /* @__PURE__ */ vectorLayout(alongSecond),
  dtypes: (call) => {
    const [a, b] = [inputOf(call, "input1").dtype, inputOf(call, "input2").dtype];
    return { ...stepByStep(pair(call)), of: { a: floatOf(a), b: floatOf(b), target: comparable(call) } };
  },
  gradient: { of: ["input1", "input2"], refuses: { floating, some: someOf("input1", "input2") } },
  define: (call) => ({
    loss: cosineEmbedding,
    options: { ...cosineOptions(call, alongSecond), multiplies: true },
  }),
  reduction: byCount,
  warnings: reductionWarnings,
};
