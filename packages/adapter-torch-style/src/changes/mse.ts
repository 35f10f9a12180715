/** What changed in `MSELoss` from one release of PyTorch to another: one row a change, over the record of 1.7. */
import type { Row } from "@isoloss/core";
import { allFloats, implemented, promotedDType } from "../dtypes.ts";
import { tensor } from "../parameters.ts";
import { unlessWeighted, weightedBoolean, weightedDTypes, weightedReduction } from "./weighted.ts";
import { elementwiseWording } from "./wording.ts";

export const mseChanges: readonly Row[] = [
  elementwiseWording("MSELoss"),
  {
    since: "2.6",
    entry: "MSELoss",
    what: "bfloat16; half precision has gradients",
    ref: "observed",
    set: {
      refuses: { dtype: unlessWeighted(implemented("mse_cpu", promotedDType, allFloats)) },
      gradient: { refuses: { dtype: undefined } },
    },
  },
  {
    since: "2.6",
    entry: "MSELoss",
    what: "the function weighs: a mean divides by the sum of the weights",
    ref: "observed",
    set: {
      options: { weight: { ...tensor, only: "function" } },
      refuses: { reduction: weightedReduction, weightedBoolean },
      dtypes: weightedDTypes,
    },
  },
  {
    since: "2.12",
    entry: "MSELoss",
    what: "mixed dtypes have gradients",
    ref: "pytorch#175743",
    set: { gradient: { refuses: { mixed: undefined } } },
  },
];
