/** What changed in `SmoothL1Loss` from one release of PyTorch to another: one row a change, over the record of 1.7. */
import type { Row } from "@isoloss/core";
import { smoothAbsoluteError } from "@isoloss/core/losses";
import { inTurn } from "../call.ts";
import {
  allFloats,
  differentiable,
  floatingMean,
  implemented,
  inputDType,
  promotedDType,
  stepByStep,
  wideFloats,
} from "../dtypes.ts";
import { ifFlat, ofFlat, smoothDTypes, smoothOptions, unlessFlat } from "../entries/smooth-l1.ts";
import { floating } from "../gradients.ts";
import { byCount, byCountInKernel } from "../reduction.ts";
import { castOfError, integerResult, inWideSums, ofInput } from "./input-dtype.ts";
import { elementwiseWording } from "./wording.ts";

export const smoothL1Changes: readonly Row[] = [
  /** At β = 0 the result takes the input's dtype (observed). */
  {
    since: "1.8",
    until: "1.11",
    set: {
      refuses: { cast: ifFlat(castOfError), mean: ifFlat(floatingMean(inputDType)) },
      dtypes: smoothDTypes(ofInput),
      reduction: ofFlat(inWideSums(byCount)),
      gradient: { requires: inTurn(floating, ifFlat(integerResult)) },
    },
  },
  /** Mixed dtypes have gradients (observed). */
  {
    since: "1.10",
    set: { gradient: { refuses: { mixed: undefined } } },
  },
  /** bfloat16 has gradients (observed). */
  {
    since: "1.12",
    set: {
      gradient: {
        refuses: {
          dtype: unlessFlat(differentiable("smooth_l1_backward_cpu_out", promotedDType, [...wideFloats, "bfloat16"])),
        },
      },
    },
  },
  /** The gradient at β = 0 is −1 where the inputs are equal (observed). */
  {
    since: "1.13",
    until: "2.1",
    set: {
      refuses: { dtype: implemented("smooth_l1_cpu", promotedDType, allFloats), boolean: undefined, mean: undefined },
      dtypes: smoothDTypes((call) => stepByStep(promotedDType(call))),
      define: (call) => ({ loss: smoothAbsoluteError, options: smoothOptions(call) }),
      reduction: byCountInKernel,
      gradient: {
        refuses: {
          dtype: differentiable("smooth_l1_backward_cpu_out", promotedDType, [...wideFloats, "bfloat16"]),
        },
      },
    },
  },
  elementwiseWording,
  /** float16 has gradients (observed). */
  {
    since: "2.10",
    set: { gradient: { refuses: { dtype: undefined } } },
  },
];
