/** What changed in `MSELoss` from one release of PyTorch to another: one row a change, over the record of 1.7. */
import type { Row } from "@isoloss/core";
import { allFloats, implemented, promotedDType } from "../dtypes.ts";
import { tensor } from "../parameters.ts";
import { unlessWeighted, weightedBoolean, weightedDTypes, weightedReduction } from "./weighted.ts";
import { elementwiseWording } from "./wording.ts";

export const mseChanges: readonly Row[] = [
  elementwiseWording,
  /** bfloat16; half precision has gradients (observed). */
  {
    since: "2.6",
    set: {
      refuses: { dtype: unlessWeighted(implemented("mse_cpu", promotedDType, allFloats)) },
      gradient: { refuses: { dtype: undefined } },
    },
  },
  /** The function weighs: a mean divides by the sum of the weights (observed). */
  {
    since: "2.6",
    set: {
      options: { weight: { ...tensor, only: "function" } },
      refuses: { reduction: weightedReduction, weightedBoolean },
      dtypes: weightedDTypes,
    },
  },
  /** Mixed dtypes have gradients (pytorch#175743). */
  {
    since: "2.12",
    set: { gradient: { refuses: { mixed: undefined } } },
  },
];
