/** What the losses over classes share, as PyTorch 1.7 has them. */
import { type Call, type Contract, isHalf } from "@isoloss/core";
import { inputOf, numberOf } from "../call.ts";
import { implemented, inputDType } from "../dtypes.ts";
import { flag, int, tensor } from "../parameters.ts";
import { kindOf, legacy, ofMean, reductionOf } from "../reduction.ts";

/** The options of both, in Python's order. */
export const options = {
  weight: tensor,
  size_average: flag,
  ignore_index: int(-100),
  reduce: flag,
  reduction: legacy.reduction,
};

/** The levels of the kernel's sums, of which only those of half precision are far from exact. */
const levelsOf = (call: Call, levels: number): number => (isHalf(inputDType(call)) ? levels : 0);
/** A reduction whose sums have so many levels. */
export const adding =
  (levels: number, reduction: Contract["reduction"]): Contract["reduction"] =>
  (call, layout) => {
    const { kind, rule } = reduction(call, layout);
    return { kind, rule: { ...rule, levels: levelsOf(call, levels) } };
  };
/** A mean divides by the total weight unless that is 0; where it is not positive no gradient flows. */
export const byPositiveWeights: Contract["reduction"] = (call) => ({
  kind: kindOf(reductionOf(call)),
  rule: { by: "weights", whenZero: "undivided", gradient: "zero-when-not-positive", undivided: true },
});
/** The options of a definition, while a mean's gradient divides by the total weight last: of rows the product with the weight, else the weight. */
export const indexOptions = (levels: number) => (call: Call) => ({
  ignoreIndex: numberOf(call, "ignore_index"),
  divides: ofMean(call) ? (inputOf(call, "input").shape.length === 2 ? "product" : "weight") : "upstream",
  levels: levelsOf(call, levels),
});
/** Until 1.9 sums add one by one. */
export const oneByOne = indexOptions(1);
/** No kernel of these takes float16. */
export const narrow = ["float64", "float32", "bfloat16"] as const;
/** The dtypes of the kernel that looks up indices. */
export const ofLikelihood = implemented("nll_loss_out_frame", inputDType, narrow);
