/** The arithmetic of terms, for expressions over tensors. */
import type { Algebra } from "../tensor-expression.ts";
import type { Calculus } from "./calculus.ts";
import { indexOf, variableOf } from "./read.ts";
import { minus, number, ofAtom, plus, type Term, times } from "./term.ts";

export const algebraOf = (calculus: Calculus): Algebra<Term> => ({
  number,
  extent: (n) => ofAtom({ kind: "extent", variable: variableOf(n) }),
  add: (a, b) => plus(a, b),
  multiply: (a, b) => times(a, b),
  divide: (a, b) => times(a, calculus.power(b, -1)),
  exp: calculus.exp,
  log: calculus.log,
  equal: (a, b) => calculus.isZero(minus(a, b)),
  sum: (n, f) => calculus.sum(f(indexOf(variableOf(n))), variableOf(n)),
  argmax: (n, f) => argmax(f(indexOf(variableOf(n))), variableOf(n)),
});

/** Of an indicator of one class the index is that class; of anything else there is no term. */
function argmax(t: Term, variable: string): Term {
  const [m] = t.monomials;
  const [f] = m?.factors ?? [];
  if (t.monomials.length === 1 && m?.coefficient === 1 && m.factors.length === 1 && f?.atom.kind === "zero") {
    const rest = minus(indexOf(variable), f.atom.of);
    if (!rest.key.includes(`·${variable}`)) return rest;
    const flipped = plus(indexOf(variable), f.atom.of);
    if (!flipped.key.includes(`·${variable}`)) return flipped;
  }
  throw new RangeError("no index of the largest");
}
