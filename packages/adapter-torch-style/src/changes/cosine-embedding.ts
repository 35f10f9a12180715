/** What changed in `CosineEmbeddingLoss` from one release of PyTorch to another: one row a change, over the record of 1.7. */
import { LossError, type Row, type SignatureRefusal } from "@isoloss/core";
import { cosineEmbedding } from "@isoloss/core/losses";
import { inputOf, inTurn, sizes } from "../call.ts";
import { implemented, wideFloats } from "../dtypes.ts";
import { cosineOptions, pair } from "../entries/cosine-embedding.ts";
import { unknownReduction } from "../reduction.ts";
import { alongSecond, alongTarget, normsDType, normsMeet, vectorLayout } from "../vectors.ts";
import { elementwiseWording } from "./wording.ts";

/** A target of numbers takes rows, and a number a row. */
const ranksAgree =
  (...names: readonly string[]): SignatureRefusal =>
  (call) => {
    const rank = inputOf(call, "target").shape.length;
    if (rank > 1) return new LossError("shape", "0D or 1D target tensor expected, multi-target not supported");
    const [a, b] = [inputOf(call, "input1").shape, inputOf(call, "input2").shape];
    return (
      (b.length < 2 * rank &&
        new LossError("shape", "Dimension out of range (expected to be in range of [-1, 0], but got 1)")) ||
      (names.some((name) => inputOf(call, name).shape.length !== rank + 1) &&
        new LossError(
          "shape",
          `${rank}D target tensor expects ${rank + 1}D input tensors, but found inputs with sizes ${sizes(a)} and ${sizes(b)}.`,
        ))
    );
  };

const ofOneDimension: SignatureRefusal = (call) =>
  inputOf(call, "target").shape.length !== 1 &&
  new LossError("shape", "1D target tensor expected, multi-target not supported");

export const cosineEmbeddingChanges: readonly Row[] = [
  /** bfloat16 (observed). */
  {
    since: "1.8",
    set: { refuses: { dtype: implemented("sqrt_vml_cpu", pair, [...wideFloats, "bfloat16"]) } },
  },
  /** The target has one dimension (pytorch#53448). */
  {
    since: "1.9",
    until: "1.10",
    set: {
      refuses: {
        reduction: inTurn(unknownReduction, ofOneDimension),
      },
    },
  },
  /** The gradient of the maximum selects (observed). */
  {
    since: "1.9",
    set: { define: (call) => ({ loss: cosineEmbedding, options: cosineOptions(call, alongSecond) }) },
  },
  /** The ranks of target and first input must agree; no batch, whose norm takes the dtype of the other's (pytorch#58591). */
  {
    since: "1.10",
    set: {
      refuses: {
        rank: ranksAgree("input1"),
        norms: normsMeet(alongTarget),
        dtype: implemented("sqrt_vml_cpu", normsDType(alongTarget), [...wideFloats, "bfloat16"]),
      },
      layout: vectorLayout(alongTarget),
      define: (call) => ({ loss: cosineEmbedding, options: cosineOptions(call, alongTarget) }),
    },
  },
  /** float16 (observed). */
  {
    since: "2.1",
    set: { refuses: { dtype: undefined } },
  },
  /** The ranks of target and both inputs must agree (pytorch#112782). */
  {
    since: "2.2",
    set: { refuses: { rank: ranksAgree("input1", "input2") } },
  },
  elementwiseWording,
];
