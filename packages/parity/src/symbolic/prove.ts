/** Whether two terms are the same function over the reals: at once, by their normal form, or on each side of their conditions. */
import { createCalculus } from "./calculus.ts";
import { conditionsOf } from "./cases.ts";
import { ANY, assume, equate, type Facts, inside, NEGATIVE, POSITIVE, type Signs, ZERO } from "./facts.ts";
import { withinReach } from "./reach.ts";
import {
  collect,
  type Factor,
  freeOf,
  isIndicator,
  type Monomial,
  minus,
  ofFactor,
  ofMonomials,
  one,
  type Reduction,
  type Term,
  times,
} from "./term.ts";

export type TermProof = "normal-form" | "piecewise";

/** How many conditions may be split one inside the other. */
const DEPTH = 12;
/** How many terms may be looked at in all. */
const STEPS = 2000;

/** How a = b is proved under the facts, or undefined: it is not. */
export function proveEqual(a: Term, b: Term, facts: Facts): TermProof | undefined {
  return withinReach(() => {
    const difference = cleared(minus(a, b));
    if (difference.monomials.length === 0) return "normal-form";
    return vanishes(difference, facts, DEPTH, { left: STEPS }) ? "piecewise" : undefined;
  });
}

/** The term times every denominator that is a polynomial. */
export function cleared(t: Term): Term {
  for (let rounds = 0; rounds < 8; rounds++) {
    const worst = t.monomials
      .flatMap((m) => m.factors)
      .filter((f) => f.atom.kind === "power" && f.exponent < 0)
      .sort((x, y) => x.exponent - y.exponent)[0];
    if (!worst) return t;
    t = times(t, ofFactor({ ...worst, exponent: -worst.exponent }));
  }
  return t;
}

/** Whether the term is 0 for every value of its atoms that the facts allow. */
function vanishes(t: Term, facts: Facts, depth: number, steps: { left: number }): boolean {
  if (t.monomials.length === 0) return true;
  if (depth === 0 || steps.left-- <= 0) return false;
  const condition = outermost(t);
  if (condition)
    return splits(t, condition, facts).every(({ t: u, facts: f }) => vanishes(cleared(u), f, depth - 1, steps));
  const groups = groupedSums(t);
  return groups?.every(({ over, body }) => vanishes(body, inside(facts, over), depth - 1, steps)) ?? false;
}

/** A condition that stands as a factor, or in a function that no sum hides. */
function outermost(t: Term): Term | undefined {
  const found: Term[] = [];
  const visit = (u: Term): void => {
    for (const m of u.monomials)
      for (const { atom } of m.factors) {
        if (isIndicator(atom)) found.push((atom as { of: Term }).of);
        else if (atom.kind !== "sum" && atom.kind !== "max" && "of" in atom) visit(atom.of);
      }
  };
  visit(t);
  // the plainest first: the signs of x and of y decide that of x·y
  const size = (u: Term): number => 1000 * conditionsOf(u).size + u.key.length;
  return found.sort((x, y) => size(x) - size(y) || (x.key < y.key ? -1 : 1))[0];
}

/** The term with the condition's sign negative, zero and positive, as far as the facts allow each. */
function splits(t: Term, condition: Term, facts: Facts): { t: Term; facts: Facts }[] {
  const possible = createCalculus(facts).signs(condition);
  const side = (signs: Signs): { t: Term; facts: Facts }[] => {
    if (!(possible & signs)) return [];
    const assumed = assume(facts, { of: condition, signs, everywhere: false });
    const own = signs === ZERO ? equate(assumed, condition) : assumed;
    return [{ t: createCalculus(own).rebuild(t), facts: own }];
  };
  return [...side(NEGATIVE), ...side(ZERO), ...side(POSITIVE)];
}

const sumsOf = (m: Monomial): Factor[] => m.factors.filter((f) => f.atom.kind === "sum" && f.exponent === 1);

/**
 * Σ f + Σ g over the same variables, under the same factor, is Σ (f + g): the bodies, each of which must vanish. A term that
 * lacks a sum but has the sum's extent as a factor joins it.
 */
export function groupedSums(t: Term): { over: readonly string[]; body: Term }[] | undefined {
  const over = [...new Set(t.monomials.flatMap((m) => sumsOf(m).flatMap((f) => (f.atom as Reduction).over)))];
  if (over.length === 0) return undefined;
  const groups = new Map<string, { over: readonly string[]; list: Term[] }>();
  for (const m of t.monomials) {
    const inner = sumsOf(m).sort(
      (x, y) => (y.atom as Reduction).over.length - (x.atom as Reduction).over.length || (x.key < y.key ? -1 : 1),
    )[0];
    const own = inner ? (inner.atom as Reduction).over : [];
    let outside = m.factors.filter((f) => f !== inner);
    const extents: string[] = [];
    for (const v of over) {
      const i = outside.findIndex((f) => f.atom.kind === "extent" && f.atom.variable === v && f.exponent >= 1);
      if (own.includes(v) || i < 0) continue;
      const f = outside[i] as Factor;
      outside = [...outside.filter((g) => g !== f), ...(f.exponent > 1 ? [{ ...f, exponent: f.exponent - 1 }] : [])];
      extents.push(v);
    }
    const variables = [...own, ...extents].sort();
    const factor = ofMonomials(1, outside);
    if ([...freeOf(factor)].some((v) => variables.includes(v))) return undefined;
    const key = `${variables}|${factor.key}`;
    const body = inner ? (inner.atom as Reduction).of : one;
    const group = groups.get(key) ?? { over: variables, list: [] };
    group.list.push(times(ofMonomials(m.coefficient, []), body));
    groups.set(key, group);
  }
  const bodies = [...groups.values()].map(({ over: v, list }) => ({
    over: v,
    body: collect(list.flatMap((b) => b.monomials)),
  }));
  // a group without a sum cannot be made to vanish by looking inside
  return bodies.some(({ over: v, body }) => v.length === 0 && body.monomials.length > 0) ? undefined : bodies;
}

/** Facts that hold everywhere: a condition's signs. */
export interface Literal {
  readonly of: Term;
  readonly signs: Signs;
}
export const withLiterals = (facts: Facts, literals: readonly Literal[]): Facts =>
  literals
    .filter((l) => l.signs !== ANY)
    .reduce((f, l) => {
      const assumed = assume(f, { ...l, everywhere: true });
      return l.signs === ZERO ? equate(assumed, l.of) : assumed;
    }, facts);
