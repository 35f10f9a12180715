/** What becomes of the unreduced loss: weights, masks, and the one division, as each release has them. */
import {
  and,
  type Call,
  type Contract,
  cast,
  type Division,
  type DType,
  isFloat,
  type Layout,
  type MaskScale,
  type ReductionKind,
  shapeOf,
  weigh,
} from "@isoloss/core";
import { ownType } from "./dtypes.ts";

/** Keras 2.3: weights multiply. */
export const weights: NonNullable<Contract["after"]> = (terms, ports) => weigh(terms, ports["sampleWeight"], undefined);

const byCount: Division = { by: "count", whenZero: "zero" };
const kinds: Readonly<Record<string, ReductionKind>> = { none: "none", sum: "sum" };

/** A function reduces nothing; a class sums, or divides by the count of elements (0 of nothing). */
export const reduction = ({ as, options }: Call, _: Layout): { kind: ReductionKind; rule: Division } => ({
  kind: as === "function" ? "none" : (kinds[String(options["reduction"])] ?? "mean"),
  rule: byCount,
});

/** The reductions that divide by a count. */
export const averages: ReadonlySet<unknown> = new Set(["auto", "sum_over_batch_size", "mean"]);

/**
 * Weights and masks multiply. Under an average the mask is scaled, so that the mean is over what it leaves: the given mask,
 * the loss's own, or what both leave.
 */
export const weightsAndMasks =
  (scale: Omit<MaskScale, "over">): NonNullable<Contract["after"]> =>
  (terms, ports, { axes, call }) => {
    if (call.as === "function") return terms;
    const { mask: own } = terms;
    const given = ports["mask"];
    const mask = own && given ? and(own, cast(given, "bool")) : (own ?? given);
    const over = [...new Set([...(own?.axes ?? []), ...((given && axes["mask"]) ?? [])])];
    const isAverage = averages.has(call.options["reduction"]);
    const weight = ports["sampleWeight"] && cast(ports["sampleWeight"], terms.loss.dtype);
    return weigh(terms, weight, mask, isAverage ? { ...scale, over } : undefined);
  };

const means: ReadonlySet<unknown> = new Set(["sum_over_batch_size", "mean", "mean_with_sample_weight"]);

/** The type in which a sum of small integers adds. */
const sumOf = (own: DType): DType => (own === "bool" || own === "int8" || own === "int16" ? "int32" : own);

/**
 * Keras 3: a scalar, and a loss of shape (0,), is returned as it is; `mean_with_sample_weight` divides by the sum of the
 * weights as given. `empty` is the mean of nothing; a mean of integers is a `quotient`.
 */
export const reductionOf =
  ({ empty, quotient }: { readonly empty: Division["whenZero"]; readonly quotient: DType }) =>
  (call: Call, layout: Layout): { kind: ReductionKind; rule: Division } => {
    const { reduction: named } = call.options;
    const own = ownType(call);
    const shape = shapeOf(layout.value);
    const isWhole = shape.length === 0 || (shape.length === 1 && shape[0] === 0);
    const kind =
      call.as === "function" || isWhole ? "none" : named === "sum" ? "sum" : means.has(named) ? "mean" : "none";
    const by = named === "mean_with_sample_weight" ? "weights" : "count";
    return { kind, rule: { by, whenZero: empty, ...(!isFloat(own) && { sums: sumOf(own), quotient }) } };
  };
