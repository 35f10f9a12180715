/** PyTorch's reductions: `reduction`, the flags `size_average` and `reduce` that override it, and what they warn of. */
import {
  type Call,
  type Contract,
  LossError,
  type OptionValue,
  type ReductionKind,
  type SignatureRefusal,
} from "@isoloss/core";
import { anything, flag } from "./parameters.ts";

/** The options of a loss that has the flags, in Python's order where nothing stands between them. */
export const legacy = { size_average: flag, reduce: flag, reduction: anything("mean") };

/** Whether the legacy flags decide. */
export const isLegacy = ({ options }: Call): boolean => (options["size_average"] ?? options["reduce"] ?? null) !== null;

/** What `reduction` comes to: the flags, of which None counts as True, override it. */
export function reductionOf(call: Call): OptionValue {
  const { size_average, reduce, reduction } = call.options;
  if (!isLegacy(call)) return reduction;
  if (reduce === false) return "none";
  return size_average === false ? "sum" : "mean";
}

const kinds: Readonly<Record<string, ReductionKind>> = {
  none: "none",
  mean: "mean",
  elementwise_mean: "mean",
  sum: "sum",
};
/** The reduction as core calls it. */
export const kindOf = (reduction: OptionValue): ReductionKind => kinds[String(reduction)] ?? "none";
/** Whether `get_enum` knows it. */
export const isReduction = (reduction: OptionValue): boolean =>
  typeof reduction === "string" && Object.hasOwn(kinds, reduction);

const python = (value: OptionValue): string =>
  typeof value === "boolean" ? (value ? "True" : "False") : String(value ?? "None");
export const notAReduction = (reduction: OptionValue): LossError =>
  new LossError("option", `${python(reduction)} is not a valid value for reduction`);
/** `get_enum`. */
export const unknownReduction: SignatureRefusal = (call) => {
  const reduction = reductionOf(call);
  return !isReduction(reduction) && notAReduction(reduction);
};

/** A mean divides by the number of elements; of none it is NaN. */
export const byCount: Contract["reduction"] = (call) => ({
  kind: kindOf(reductionOf(call)),
  rule: { by: "count", whenZero: "nan" },
});
/** The same, of a kernel that divides its gradient itself: its definition is told `ofMean`. */
export const byCountInKernel: Contract["reduction"] = (call) => ({
  kind: kindOf(reductionOf(call)),
  rule: { by: "count", whenZero: "nan", undivided: true },
});
/** Whether a call's reduction is a mean, by which a kernel's gradient divides. */
export const ofMean = (call: Call): boolean => kindOf(reductionOf(call)) === "mean";
/** A mean divides by the total of the weights, whatever it is; without weights by the number of elements. */
export const byWeights: Contract["reduction"] = (call) => ({
  kind: kindOf(reductionOf(call)),
  rule: { by: "weights", whenZero: "nan" },
});

/** The warnings about the flags and about `elementwise_mean`, as PyTorch 1.7 words them. */
export const reductionWarnings = {
  legacy: (call: Call) =>
    isLegacy(call) &&
    `size_average and reduce args will be deprecated, please use reduction='${reductionOf(call)}' instead.`,
  elementwise: (call: Call) =>
    reductionOf(call) === "elementwise_mean" &&
    "reduction='elementwise_mean' is deprecated, please use reduction='mean' instead.",
};
