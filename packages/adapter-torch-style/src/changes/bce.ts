/** What changed in `BCELoss` from one release of PyTorch to another: one row a change, over the record of 1.7. */
import type { Row } from "@isoloss/core";
import { allFloats, implemented, inputDType } from "../dtypes.ts";
import { clamped } from "../entries/bce.ts";
import { inUnitInterval } from "../values.ts";
import { elementwiseWording } from "./wording.ts";

export const bceChanges: readonly Row[] = [
  {
    since: "1.10",
    entry: "BCELoss",
    what: "the target has a gradient",
    ref: "observed",
    set: { refuses: { target: undefined } },
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
    since: "2.4",
    entry: "BCELoss",
    what: "float16 and bfloat16",
    ref: "observed",
    set: { refuses: { dtype: implemented("binary_cross_entropy", inputDType, allFloats) } },
  },
  elementwiseWording("BCELoss"),
];
