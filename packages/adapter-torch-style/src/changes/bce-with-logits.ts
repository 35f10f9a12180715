/** What changed in `BCEWithLogitsLoss` from one release of PyTorch to another: one row a change, over the record of 1.7. */
import type { Row } from "@isoloss/core";
import { inTurn } from "../call.ts";
import { allFloats, implemented, inputDType } from "../dtypes.ts";
import { booleanTarget, withLogits } from "../entries/bce-with-logits.ts";
import { targetShape } from "../entries/binary.ts";
import { fitsInto } from "../shapes.ts";
import { elementwiseWording } from "./wording.ts";

export const bceWithLogitsChanges: readonly Row[] = [
  {
    since: "1.10",
    entry: "BCEWithLogitsLoss",
    what: "the sigmoid of bfloat16 rounds once",
    ref: "observed",
    set: { define: withLogits({ logSigmoid: false, saturates: true }) },
  },
  {
    since: "1.13",
    entry: "BCEWithLogitsLoss",
    what: "the gradient for the target does not saturate",
    ref: "observed",
    set: {
      define: withLogits({ logSigmoid: false }),
    },
  },
  {
    since: "2.1",
    entry: "BCEWithLogitsLoss",
    what: "float16",
    ref: "observed",
    set: { refuses: { dtype: implemented("exp_vml_cpu", inputDType, allFloats) } },
  },
  {
    since: "2.3",
    entry: "BCEWithLogitsLoss",
    what: "log sigmoid as one function",
    ref: "pytorch#115539",
    set: {
      refuses: {
        dtype: implemented("log_sigmoid_cpu", inputDType, allFloats),
        // looked at before the type of the result
        boolean: inTurn(fitsInto("pos_weight", targetShape), booleanTarget),
        pos_weight: undefined,
      },
      define: withLogits({}),
    },
  },
  elementwiseWording("BCEWithLogitsLoss"),
];
