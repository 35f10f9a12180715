/** `CosineEmbeddingLoss`, as PyTorch 1.7 has it; `changes/cosine-embedding.ts` says what later releases changed. */
import { type Call, type Contract, LossError, promote } from "@isoloss/core";
import { cosineEmbedding } from "@isoloss/core/losses";
import { inputOf, numberOf } from "../call.ts";
import { floatOf, implemented, stepByStep, wideFloats } from "../dtypes.ts";
import { floating, someOf } from "../gradients.ts";
import { float } from "../parameters.ts";
import { byCount, legacy, reductionWarnings, unknownReduction } from "../reduction.ts";
import { mismatch, tensors } from "../shapes.ts";
import { type Along, alongSecond, normsDType, normsMeet, ranksOf, vectorLayout } from "../vectors.ts";
import { comparable, opposite } from "./embedding.ts";

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
    norms: /* @__PURE__ */ normsMeet(alongSecond),
    dtype: implemented("sqrt_vml_cpu", pair, wideFloats),
  },
  layout: /* @__PURE__ */ vectorLayout(alongSecond),
  dtypes: (call) => {
    const [a, b] = [inputOf(call, "input1").dtype, inputOf(call, "input2").dtype];
    return { ...stepByStep(pair(call)), of: { a: floatOf(a), b: floatOf(b), target: comparable(call) } };
  },
  gradient: { of: ["input1", "input2"], requires: floating, refuses: { some: someOf("input1", "input2") } },
  define: (call) => ({
    loss: cosineEmbedding,
    options: { ...cosineOptions(call, alongSecond), multiplies: true },
  }),
  reduction: byCount,
  warnings: reductionWarnings,
};
