/** What changed in `BCEWithLogitsLoss` from one release of PyTorch to another: one row a change, over the record of 1.7. */
import type { Row } from "@isoloss/core";
import { inTurn } from "../call.ts";
import { allFloats, implemented, inputDType } from "../dtypes.ts";
import { booleanTarget, withLogits } from "../entries/bce-with-logits.ts";
import { targetShape } from "../entries/binary.ts";
import { fitsInto } from "../shapes.ts";
import { elementwiseWording } from "./wording.ts";

export const bceWithLogitsChanges: readonly Row[] = [
  /** The sigmoid of bfloat16 rounds once (observed). */
  {
    since: "1.10",
    set: { define: withLogits({ logSigmoid: false, saturates: true }) },
  },
  /** The gradient for the target does not saturate (observed). */
  {
    since: "1.13",
    set: {
      define: withLogits({ logSigmoid: false }),
    },
  },
  /** float16 (observed). */
  {
    since: "2.1",
    set: { refuses: { dtype: implemented("exp_vml_cpu", inputDType, allFloats) } },
  },
  /** Log sigmoid as one function (pytorch#115539). */
  {
    since: "2.3",
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
  elementwiseWording,
];
