/** What changed in `BCELoss` from one release of PyTorch to another: one row a change, over the record of 1.7. */
import type { Row } from "@isoloss/core";
import { allFloats, implemented, inputDType } from "../dtypes.ts";
import { clamped } from "../entries/bce.ts";
import { inUnitInterval } from "../values.ts";
import { elementwiseWording } from "./wording.ts";

export const bceChanges: readonly Row[] = [
  /** The target has a gradient (observed). */
  {
    since: "1.10",
    set: { refuses: { target: undefined } },
  },
  /** log1p(−x) for log(1 − x) (pytorch#92114). */
  {
    since: "2.1",
    set: { define: clamped({}) },
  },
  /** Targets must lie in [0, 1] (pytorch#97814). */
  {
    since: "2.1",
    set: { refuses: { targetRange: inUnitInterval("target") } },
  },
  /** float16 and bfloat16 (observed). */
  {
    since: "2.4",
    set: { refuses: { dtype: implemented("binary_cross_entropy", inputDType, allFloats) } },
  },
  elementwiseWording,
];
