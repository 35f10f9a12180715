/** Conditions in terms: which there are, and how they are drawn out of a function. */
import {
  type Atom,
  atomKey,
  atomsOf,
  collect,
  isIndicator,
  type Monomial,
  minus,
  ofAtom,
  ofMonomials,
  plus,
  type Term,
  times,
} from "./term.ts";

/** t where an indicator is 1 or 0. */
function decided(t: Term, atom: Atom, value: 0 | 1): Term {
  const key = atomKey(atom);
  const other = `${atom.kind === "below" ? "zero" : "below"}(${(atom as { of: Term }).of.key})`;
  return collect(
    t.monomials.flatMap((m): readonly Monomial[] => {
      const has = m.factors.some((f) => f.key === key);
      if (value === 1 && m.factors.some((f) => f.key === other)) return [];
      if (!has) return [m];
      if (value === 0) return [];
      return ofMonomials(
        m.coefficient,
        m.factors.filter((f) => f.key !== key),
      ).monomials;
    }),
  );
}

export const indicatorOf = (t: Term, not: (atom: Atom) => boolean = () => false): Atom | undefined => {
  for (const m of t.monomials) for (const f of m.factors) if (isIndicator(f.atom) && !not(f.atom)) return f.atom;
  return undefined;
};

/** f of t, where conditions are drawn out of f: f([c]·a + [¬c]·b) is [c]·f(a) + [¬c]·f(b). */
export function byCases(t: Term, f: (t: Term) => Term, not?: (atom: Atom) => boolean): Term {
  const atom = indicatorOf(t, not);
  if (!atom) return f(t);
  const c = ofAtom(atom);
  const yes = byCases(decided(t, atom, 1), f, not);
  const no = byCases(decided(t, atom, 0), f, not);
  return plus(no, times(c, minus(yes, no)));
}

/** Every condition of a term: the canonical terms whose signs it asks. */
export function conditionsOf(t: Term): Map<string, Term> {
  const out = new Map<string, Term>();
  for (const atom of atomsOf(t))
    if (isIndicator(atom)) out.set((atom as { of: Term }).of.key, (atom as { of: Term }).of);
  return out;
}
