/** What becomes of the unreduced loss: weights, masks, and the one division, as each release has them. */
import { type Call, type Contract, type Division, type Layout, type ReductionKind, weigh } from "@isoloss/core";

/** Keras 2.3: weights multiply. */
export const weights: NonNullable<Contract["after"]> = (terms, ports) => weigh(terms, ports["sampleWeight"], undefined);

const byCount: Division = { by: "count", whenZero: "zero" };
const kinds: Readonly<Record<string, ReductionKind>> = { none: "none", sum: "sum" };

/** A function reduces nothing; a class sums, or divides by the count of elements (0 of nothing). */
export const reduction = ({ as, options }: Call, _: Layout): { kind: ReductionKind; rule: Division } => ({
  kind: as === "function" ? "none" : (kinds[String(options["reduction"])] ?? "mean"),
  rule: byCount,
});
