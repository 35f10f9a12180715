/** The steps behind every loss: the mean of a sample, weighting, and the one division. */
import type { Contract } from "./contract.ts";
import type { DType } from "./dtype.ts";
import type { Terms } from "./loss.ts";
import { type Axis, isOuter, type Node } from "./node.ts";
import {
  accumulate,
  add,
  cast,
  constant,
  count,
  customGradient,
  div,
  eq,
  expand,
  le,
  mean,
  mul,
  ne,
  or,
  total,
  where,
} from "./ops.ts";

export type ReductionKind = "none" | "sum" | "mean";

/** What a mean divides by, and what happens where that is zero. */
export interface Division {
  /** "count": the elements of the weighted loss. A name: that denominator's sum, or the count if the terms lack it. A number: itself. */
  readonly by: "count" | (string & {}) | number;
  /** Zero divided by: NaN as IEEE has it; 0; or the sum undivided. */
  readonly whenZero: "nan" | "zero" | "undivided";
  /** The type in which a sum adds, and that of a quotient; the loss's unless given. */
  readonly sums?: DType;
  readonly quotient?: DType;
  /** Where the named denominator's total is not positive, no gradient flows. */
  readonly gradient?: "zero-when-not-positive";
  /** The gradient of a mean is not divided by the count: the definition does it itself, where its kernel does. */
  readonly undivided?: boolean;
  /** Sums round every step, in cascades of so many levels, past what the mask leaves out; 0: they do not. */
  readonly levels?: number;
}

/** The only place that knows what a mean divides by. `axes`: those of the value, some of which the loss may lack. */
export function reduce(terms: Terms, kind: ReductionKind, axes: readonly Axis[], rule: Division): Node {
  const { loss, parts = [], finish = (own: Node) => own } = terms;
  return parts
    .map((part) => ({ ...part, loss: cast(part.loss, loss.dtype) }))
    .map((part) => reduce(part, kind, axes, { by: rule.by, whenZero: "nan" }))
    .reduce(add, finish(reduced(terms, kind, axes, rule)));
}

function reduced(terms: Terms, kind: ReductionKind, axes: readonly Axis[], rule: Division): Node {
  const { loss, denominators, mask } = terms;
  const added = (v: Node): Node => (rule.levels ? accumulate(v, mask ?? constant(1, "bool"), rule.levels) : total(v));
  const named = denominators?.[rule.by];
  const { sums = loss.dtype, quotient = sums } = rule;
  const n = count(axes, quotient);
  const by = named
    ? cast(added(cast(named, loss.dtype)), quotient)
    : typeof rule.by === "number"
      ? constant(rule.by, quotient)
      : n;
  let x = expand(loss, axes);
  if (rule.gradient && named && kind !== "none") x = customGradient(x, [x, by], (g) => [where(le(by, 0), 0, g), null]);
  if (kind === "none") return x;
  const s = added(cast(x, sums));
  if (kind === "sum") return s;
  const value = divided(cast(s, quotient), by, n, rule);
  if (!rule.undivided) return value;
  return customGradient(value, [s], (g) => [typeof rule.by === "number" ? mul(g, div(n, by)) : g]);
}

function divided(s: Node, by: Node, n: Node, { whenZero }: Division): Node {
  if (whenZero === "nan") return div(s, by);
  // torch 1.7 skips the division where the weights sum to 0, but not for an empty batch.
  const divides = whenZero === "undivided" ? or(ne(by, 0), eq(n, 0)) : ne(by, 0);
  return where(divides, div(s, where(divides, by, 1)), whenZero === "zero" ? 0 : s);
}

/** The mean over the named axes of `axes`. */
export const meanOfOwn: NonNullable<Contract["mean"]> = (loss, axes, { mean: type = loss.dtype, meanOfNothing }) => {
  const own = axes.filter((a) => !isOuter(a));
  const average = mean(cast(loss, type), ...own);
  return meanOfNothing === undefined ? average : where(eq(count(own, type), 0), meanOfNothing, average);
};

/** How a mask is scaled so that a mean over all elements becomes one over the valid ones: total ⁄ (valid + epsilon). */
export interface MaskScale {
  /** The axes of the mask as it was given; it is never broadcast before it is counted. */
  readonly over: readonly Axis[];
  readonly whenNone: "zero" | "nan";
  /** Whatever is not 0 selects, and is not multiplied with. */
  readonly selects?: boolean;
  readonly epsilon?: number;
}

/** Multiplies the loss by sample weights and by a mask, and adds the denominator `weights`. */
export function weigh(terms: Terms, weight: Node | undefined, mask: Node | undefined, scale?: MaskScale): Terms {
  const { loss } = terms;
  let w = weight;
  if (mask) {
    const m = cast(mask, loss.dtype);
    const factor = scale ? scaled(m, scale) : m;
    w = w ? mul(w, factor) : factor;
  }
  return w ? { ...terms, loss: mul(loss, w), denominators: { ...terms.denominators, weights: w } } : terms;
}

const scaled = (mask: Node, scale: MaskScale): Node =>
  scale.selects ? where(ne(mask, 0), ratio(mask, scale), 0) : mul(mask, ratio(mask, scale));

function ratio(mask: Node, { over, whenNone, epsilon = 0 }: MaskScale): Node {
  const valid = total(expand(mask, over));
  const all = count(over, mask.dtype);
  if (whenNone === "nan") return div(all, valid);
  if (epsilon !== 0) return div(all, add(valid, epsilon));
  const none = eq(valid, 0);
  return where(none, 0, div(all, where(none, 1, valid)));
}
