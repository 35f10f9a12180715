/** What changed in `HuberLoss` from one release of PyTorch to another: one row a change, over the record of 1.9. */
import { type Call, isFloat, type Row } from "@isoloss/core";
import { huberError } from "@isoloss/core/losses";
import { numberOf, optionOf } from "../call.ts";
import { inputDType, tailOf } from "../dtypes.ts";
import { dtypesOfHuber } from "../entries/huber.ts";
import { tensor } from "../parameters.ts";
import { byCount, byCountInKernel, ofMean } from "../reduction.ts";
import { weightedReduction, weightedResult } from "./weighted.ts";
import { elementwiseWording } from "./wording.ts";

const isWeighted = (call: Call): boolean => optionOf(call, "weight") !== undefined;

export const huberChanges: readonly Row[] = [
  elementwiseWording,
  /** The function weighs: a mean divides by the count (observed). */
  {
    since: "2.6",
    set: {
      options: { weight: { ...tensor, only: "function" } },
      refuses: { reduction: weightedReduction },
      dtypes: (call) => {
        const own = dtypesOfHuber(call);
        const result = weightedResult(call, own.result);
        const weight = optionOf(call, "weight")?.dtype;
        return {
          ...own,
          tail: tailOf(result),
          result,
          ...(weight && { of: { weight: isFloat(weight) ? weight : result } }),
        };
      },
      define: (call) => ({
        loss: huberError,
        options: { delta: numberOf(call, "delta"), dtype: inputDType(call), ofMean: !isWeighted(call) && ofMean(call) },
      }),
      reduction: (call, layout) => (isWeighted(call) ? byCount : byCountInKernel)(call, layout),
    },
  },
];
