/** What changed from one release of PyTorch to another in the binary cross-entropies: one row a change, over the records of 1.7. */
import type { Row } from "@isoloss/core";
import { allFloats, implemented, inputDType } from "../dtypes.ts";
import { clamped, withLogits } from "../entries/binary.ts";
import { inUnitInterval } from "../values.ts";
import { elementwiseWording } from "./wording.ts";

export const binaryChanges: readonly Row[] = [
  {
    since: "1.10",
    entry: "BCELoss",
    what: "the target has a gradient",
    ref: "observed",
    set: { refuses: { target: undefined } },
  },
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
    entry: "BCELoss",
    what: "log1p(−x) for log(1 − x)",
    ref: "pytorch#92114",
    set: { define: clamped({}) },
  },
  {
    since: "2.1",
    entry: "BCELoss",
    what: "targets must lie in [0, 1]",
    ref: "pytorch#97814",
    set: { refuses: { targetRange: inUnitInterval("target") } },
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
      refuses: { dtype: implemented("log_sigmoid_cpu", inputDType, allFloats) },
      define: withLogits({}),
    },
  },
  {
    since: "2.4",
    entry: "BCELoss",
    what: "float16 and bfloat16",
    ref: "observed",
    set: { refuses: { dtype: implemented("binary_cross_entropy", inputDType, allFloats) } },
  },
  elementwiseWording("BCELoss", "BCEWithLogitsLoss"),
];
