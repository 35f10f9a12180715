/** `HingeEmbeddingLoss`, as PyTorch 1.7 has it; `changes/hinge-embedding.ts` says what later releases changed. */
import { type Call, type Contract, type DType, isFloat, LossError, type SignatureRefusal } from "@isoloss/core";
import { hingeEmbedding } from "@isoloss/core/losses";
import { numberOf, scalarType } from "../call.ts";
import { floatingMean, implemented, inputDType, summed, wideFloats } from "../dtypes.ts";
import { floating, someOf } from "../gradients.ts";
import { float } from "../parameters.ts";
import { byCount, legacy, reductionWarnings, unknownReduction } from "../reduction.ts";
import { broadcastable, elementwise, tensors } from "../shapes.ts";
import { comparable, opposite } from "./embedding.ts";

const integers = ["int64", "int32", "int16", "int8", "uint8"] as const;
/** The largest number of a type that does not hold every margin. */
const largest: Partial<Record<DType, number>> = {
  float32: 3.4028234663852886e38,
  bfloat16: 3.3895313892515355e38,
  float16: 65504,
  int64: 2 ** 63,
  int32: 2 ** 31 - 1,
  int16: 2 ** 15 - 1,
  int8: 127,
  uint8: 255,
};
/** The margin becomes a tensor like the input, in which it must fit. */
const marginFits: SignatureRefusal = (call) => {
  const dtype = inputDType(call);
  const [margin, most] = [numberOf(call, "margin"), largest[dtype]];
  if (most === undefined || (isFloat(dtype) && !Number.isFinite(margin))) return undefined;
  const least = isFloat(dtype) || dtype === "int64" ? -most : dtype === "uint8" ? 0 : -most - 1;
  return (
    !(margin >= least && margin <= most) &&
    new LossError("value", `value cannot be converted to type ${scalarType[dtype]} without overflow: ${margin}`)
  );
};
export const hingeOptions = (call: Call) => ({ margin: numberOf(call, "margin"), opposite: opposite(call) });

/** [`HingeEmbeddingLoss`, `hinge_embedding_loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.HingeEmbeddingLoss.html): x at 1, max(0, margin − x) at −1, both at any other target; the value has the input's dtype. */
export const HingeEmbeddingLoss: Contract = {
  inputs: { input: { port: "x" }, target: { port: "target" } },
  options: { margin: float(1), ...legacy },
  refuses: {
    tensors,
    reduction: unknownReduction,
    margin: marginFits,
    dtype: implemented("clamp_min_cpu", inputDType, [...wideFloats, "bfloat16", ...integers]),
    sizes: broadcastable("input", "target"),
    where: implemented("where_cpu", inputDType, [...wideFloats, ...integers]),
    mean: floatingMean(inputDType),
  },
  layout: elementwise({ x: "input", target: "target" }),
  dtypes: (call) => ({ ...summed(call, inputDType(call)), of: { target: comparable(call) } }),
  gradient: { of: ["input"], requires: floating, refuses: { some: someOf("input") } },
  define: (call) => ({ loss: hingeEmbedding, options: { ...hingeOptions(call), multiplies: true } }),
  reduction: byCount,
  warnings: reductionWarnings,
};
