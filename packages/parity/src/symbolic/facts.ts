/** What is taken for granted while terms are built: ranges of tensors, signs of terms, and equalities. */
import { freeOf, numberOf, type Term } from "./term.ts";

export type Interval = readonly [number, number];

/** The signs that a term may have, as a set: −, 0 and + are its bits. */
export type Signs = number;
export const NEGATIVE = 1;
export const ZERO = 2;
export const POSITIVE = 4;
export const ANY = 7;
export const signsOf = (x: number): Signs => (x < 0 ? NEGATIVE : x > 0 ? POSITIVE : ZERO);
/** The signs of −t. */
export const flipped = (s: Signs): Signs => (s & ZERO) | (s & NEGATIVE ? POSITIVE : 0) | (s & POSITIVE ? NEGATIVE : 0);

/** A term and the signs that it has. `everywhere`: at every index, also where a sum runs over it. */
export interface Fact {
  readonly of: Term;
  readonly signs: Signs;
  readonly everywhere: boolean;
}

export interface Facts {
  /** The closed range of every element of a tensor. */
  readonly ranges: ReadonlyMap<string, Interval>;
  readonly signs: readonly Fact[];
  /** Elements that equal a term, by their key. */
  readonly equal: ReadonlyMap<string, { readonly to: Term; readonly free: ReadonlySet<string> }>;
}
export const nothing: Facts = { ranges: new Map(), signs: [], equal: new Map() };

/** A term that is one element, times a number, plus a number. */
export function linear(t: Term): { tensor: string; slope: number; offset: number } | undefined {
  const varying = t.monomials.filter((m) => m.factors.length > 0);
  const [m] = varying;
  const [f] = m?.factors ?? [];
  if (!m || !f || varying.length !== 1 || m.factors.length !== 1 || f.exponent !== 1) return undefined;
  if (f.atom.kind !== "element") return undefined;
  const offset = t.monomials.find((n) => n.factors.length === 0)?.coefficient ?? 0;
  return { tensor: f.atom.tensor, slope: m.coefficient, offset };
}

/** The facts and one more. A sign that holds everywhere narrows the range of a tensor. */
export function assume(facts: Facts, fact: Fact): Facts {
  const known = facts.signs.find((f) => f.of.key === fact.of.key && f.everywhere === fact.everywhere);
  const merged = { ...fact, signs: fact.signs & (known?.signs ?? ANY) };
  const signs = [...facts.signs.filter((f) => f !== known), merged];
  const element = fact.everywhere ? linear(fact.of) : undefined;
  if (!element) return { ...facts, signs };
  const bound = -element.offset / element.slope;
  const upward = element.slope > 0 ? fact.signs : flipped(fact.signs);
  const [lo, hi] = facts.ranges.get(element.tensor) ?? [-Infinity, Infinity];
  const narrowed: Interval = [
    upward & NEGATIVE ? lo : Math.max(lo, bound),
    upward & POSITIVE ? hi : Math.min(hi, bound),
  ];
  return { ...facts, signs, ranges: new Map(facts.ranges).set(element.tensor, narrowed) };
}

/** t = 0 solved for one of its elements: the element's key, and what it equals. */
export function solved(t: Term): { key: string; to: Term } | undefined {
  for (const m of t.monomials) {
    const [f] = m.factors;
    if (m.factors.length !== 1 || !f || f.exponent !== 1 || f.atom.kind !== "element") continue;
    const rest = t.monomials.filter((n) => n !== m);
    if (rest.some((n) => n.key.includes(f.key))) continue;
    const to: Term = {
      key: "",
      monomials: rest.map((n) => ({ ...n, coefficient: -n.coefficient / m.coefficient })),
    };
    return { key: f.key, to };
  }
  return undefined;
}

/** The facts, and t = 0 used to replace one of its elements. */
export function equate(facts: Facts, t: Term): Facts {
  const solution = solved(t);
  if (!solution) return facts;
  return {
    ...facts,
    equal: new Map(facts.equal).set(solution.key, { to: solution.to, free: freeOf(t) }),
  };
}

/** Inside a sum over `variables`: what was said of one index only is forgotten. */
export function inside(facts: Facts, variables: readonly string[]): Facts {
  const bound = (free: ReadonlySet<string>): boolean => variables.some((v) => free.has(v));
  const signs = facts.signs.filter((f) => f.everywhere || !bound(freeOf(f.of)));
  const equal = [...facts.equal].filter(([, e]) => !bound(e.free));
  if (signs.length === facts.signs.length && equal.length === facts.equal.size) return facts;
  return { ...facts, signs, equal: new Map(equal) };
}

const times = (a: Interval, b: Interval): Interval => {
  const all = a.flatMap((x) => b.map((y) => (x === 0 || y === 0 ? 0 : x * y)));
  return [Math.min(...all), Math.max(...all)];
};
const REALS: Interval = [-Infinity, Infinity];

function powerRange([lo, hi]: Interval, k: number): Interval {
  if (Number.isInteger(k) && k % 2 === 0 && lo < 0)
    return k > 0 ? [hi < 0 ? hi ** k : 0, Math.max(lo ** k, hi ** k)] : [0, Infinity];
  if (lo < 0) return Number.isInteger(k) && k > 0 ? [lo ** k, hi ** k] : REALS;
  return k > 0 ? [lo ** k, hi ** k] : [hi === Infinity ? 0 : hi ** k, lo === 0 ? Infinity : lo ** k];
}

/** The range of a term, from the ranges of what it is made of. */
export function rangeOf(t: Term, facts: Facts): Interval {
  const constant = numberOf(t);
  if (constant !== undefined) return [constant, constant];
  return t.monomials
    .map((m) =>
      m.factors
        .map((f): Interval => powerRange(atomRange(f.atom, facts), f.exponent))
        .reduce(times, [m.coefficient, m.coefficient]),
    )
    .reduce((a, b): Interval => [a[0] + b[0], a[1] + b[1]]);
}

function atomRange(atom: Term["monomials"][number]["factors"][number]["atom"], facts: Facts): Interval {
  switch (atom.kind) {
    case "element":
      return facts.ranges.get(atom.tensor) ?? REALS;
    case "index":
      return [0, Infinity];
    case "extent":
      return [1, Infinity];
    case "below":
    case "zero":
      return [0, 1];
    case "exp": {
      const [lo, hi] = rangeOf(atom.of, facts);
      return [Math.exp(lo), Math.exp(hi)];
    }
    case "log": {
      const [lo, hi] = rangeOf(atom.of, facts);
      return [Math.log(Math.max(lo, 0)), Math.log(Math.max(hi, 0))];
    }
    case "power":
      return rangeOf(atom.of, facts);
    case "sum": {
      const [lo, hi] = rangeOf(atom.of, facts);
      return [lo >= 0 ? 0 : -Infinity, hi <= 0 ? 0 : Infinity];
    }
    case "max":
      return rangeOf(atom.of, facts);
    default:
      return REALS;
  }
}
