/** What changed in `L1Loss` from one release of PyTorch to another: one row a change, over the record of 1.7. */
import type { Row } from "@isoloss/core";
import { inTurn } from "../call.ts";
import { floatingMean, inputDType, promotedDType } from "../dtypes.ts";
import { floating } from "../gradients.ts";
import { tensor } from "../parameters.ts";
import { byWeights } from "../reduction.ts";
import { castOfError, integerResult, inWideSums, ofInput } from "./input-dtype.ts";
import { unlessWeighted, weightedBoolean, weightedDTypes, weightedReduction } from "./weighted.ts";
import { elementwiseWording } from "./wording.ts";

export const l1Changes: readonly Row[] = [
  /** The result takes the input's dtype (observed). */
  {
    since: "1.8",
    until: "1.13",
    set: {
      refuses: { cast: castOfError, mean: floatingMean(inputDType) },
      dtypes: ofInput,
      reduction: inWideSums(byWeights),
      gradient: { requires: inTurn(floating, integerResult) },
    },
  },
  elementwiseWording,
  /** The function weighs: a mean divides by the sum of the weights (observed). */
  {
    since: "2.6",
    set: {
      options: { weight: { ...tensor, only: "function" } },
      refuses: { reduction: weightedReduction, weightedBoolean, mean: unlessWeighted(floatingMean(promotedDType)) },
      dtypes: weightedDTypes,
    },
  },
];
