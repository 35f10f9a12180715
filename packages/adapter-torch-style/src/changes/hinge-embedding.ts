/** What changed in `HingeEmbeddingLoss` from one release of PyTorch to another: one row a change, over the record of 1.7. */
import { LossError, type Row, type SignatureRefusal } from "@isoloss/core";
import { hingeEmbedding } from "@isoloss/core/losses";
import { inputDType } from "../dtypes.ts";
import { hingeOptions } from "../entries/hinge-embedding.ts";
import { elementwiseWording } from "./wording.ts";

const notBoolean: SignatureRefusal = (call) =>
  inputDType(call) === "bool" &&
  new LossError("dtype", "Subtraction, the `-` operator, with two bool tensors is not supported.");

export const hingeEmbeddingChanges: readonly Row[] = [
  /** bfloat16 (observed). */
  {
    since: "1.8",
    set: { refuses: { where: undefined } },
  },
  /** The gradient of the maximum selects (observed). */
  {
    since: "1.9",
    set: { define: (call) => ({ loss: hingeEmbedding, options: hingeOptions(call) }) },
  },
  /** float16 (observed). */
  {
    since: "2.1",
    set: { refuses: { dtype: notBoolean } },
  },
  elementwiseWording,
];
