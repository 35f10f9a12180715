/** Which signs a term may have, under facts. */
import { ANY, type Facts, flipped, NEGATIVE, POSITIVE, rangeOf, type Signs, signsOf, ZERO } from "./facts.ts";
import { type Atom, type Factor, isIndicator, numberOf, ofAtom, scale, type Term } from "./term.ts";

/** t up to a positive factor and its sign, such that t and −t look the same: the first varying monomial has coefficient 1. */
export function oriented(t: Term): { of: Term; sign: 1 | -1 } {
  const lead = t.monomials.find((m) => m.factors.length > 0);
  if (!lead) return { of: t, sign: 1 };
  const of = scale(t, 1 / lead.coefficient);
  return { of, sign: lead.coefficient < 0 ? -1 : 1 };
}

/** The signs of terms and of factors under some facts. */
export function createSigns(facts: Facts): { signs(t: Term): Signs; factorSigns(f: Factor): Signs } {
  const atomSigns = (atom: Atom): Signs => {
    if (atom.kind === "exp" || atom.kind === "extent") return POSITIVE;
    if (atom.kind === "power") return signs(atom.of) & ~ZERO || ANY;
    if (atom.kind === "sum") {
      const of = signs(atom.of);
      return of === POSITIVE || of === NEGATIVE || of === ZERO ? of : of & NEGATIVE && of & POSITIVE ? ANY : of | ZERO;
    }
    if (isIndicator(atom)) return ZERO | POSITIVE;
    return ANY;
  };
  const factorSigns = ({ atom, exponent }: Factor): Signs => {
    const known = knownSigns(ofAtom(atom)) & atomSigns(atom);
    if (Number.isInteger(exponent) && exponent % 2 === 0)
      return (known & ~NEGATIVE) | (known & NEGATIVE ? POSITIVE : 0);
    return known;
  };
  /** What facts say of exactly this term, up to a factor. */
  function knownSigns(t: Term): Signs {
    const [lo, hi] = rangeOf(t, facts);
    const range: Signs =
      lo > hi ? ANY : (lo < 0 ? NEGATIVE : 0) | (lo <= 0 && hi >= 0 ? ZERO : 0) | (hi > 0 ? POSITIVE : 0);
    const { of, sign } = oriented(t);
    const found = facts.signs.filter((f) => f.of.key === of.key).reduce<Signs>((s, f) => s & f.signs, ANY);
    return range & (sign < 0 ? flipped(found) : found);
  }
  function signs(t: Term): Signs {
    const constant = numberOf(t);
    if (constant !== undefined) return signsOf(constant);
    const each = t.monomials.map((m) =>
      m.factors.map(factorSigns).reduce<Signs>((s, f) => {
        const positive = (s & POSITIVE && f & POSITIVE) || (s & NEGATIVE && f & NEGATIVE);
        const negative = (s & POSITIVE && f & NEGATIVE) || (s & NEGATIVE && f & POSITIVE);
        return (positive ? POSITIVE : 0) | (negative ? NEGATIVE : 0) | ((s | f) & ZERO);
      }, signsOf(m.coefficient)),
    );
    const all = each.reduce((a, b) => a | b, 0);
    const sum = all & POSITIVE && all & NEGATIVE ? ANY : each.some((s) => !(s & ZERO)) ? all & ~ZERO : all;
    return sum & knownSigns(t) || ANY;
  }
  return { signs, factorSigns };
}
