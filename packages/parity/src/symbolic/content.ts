/** What the monomials of a term have in common. Read by powers and logarithms, which draw it out. */
import { type Factor, type Monomial, ofMonomials, scale, type Term, times } from "./term.ts";

const expPart = (m: Monomial): readonly Factor[] => m.factors.filter((f) => f.atom.kind === "exp");
/** An order of exponentials that multiplication by one does not change: the sign of the first exponent that differs. */
function greater(a: Monomial, b: Monomial): boolean {
  const exponents = new Map<string, number>();
  for (const f of expPart(a)) exponents.set(f.key, f.exponent);
  for (const f of expPart(b)) exponents.set(f.key, (exponents.get(f.key) ?? 0) - f.exponent);
  const first = [...exponents].filter(([, e]) => Math.abs(e) > 1e-12).sort(([x], [y]) => (x < y ? -1 : 1))[0];
  return first !== undefined && first[1] > 0;
}

/** The factors common to all monomials, and what is left; of exponentials, those of the greatest monomial. */
export function content(t: Term, extractable: (f: Factor) => boolean): { common: Term; rest: Term } {
  const [first, ...others] = t.monomials as [Monomial, ...Monomial[]];
  const lead = t.monomials.reduce((a, b) => (greater(b, a) ? b : a));
  const shared = first.factors.flatMap((f) => {
    if (f.atom.kind === "exp" || !extractable(f)) return [];
    const exponents = others.map((m) => m.factors.find((g) => g.key === f.key)?.exponent ?? 0);
    const exponent = Math.min(f.exponent, ...exponents);
    return exponents.every((e) => e * f.exponent > 0) && exponent > 0 ? [{ ...f, exponent }] : [];
  });
  const common = ofMonomials(1, [...shared, ...expPart(lead)]);
  const inverse = ofMonomials(
    1,
    [...shared, ...expPart(lead)].map((f) => ({ ...f, exponent: -f.exponent })),
  );
  const rest = times(t, inverse);
  const size = Math.abs((rest.monomials[0] as Monomial).coefficient);
  return { common: scale(common, size), rest: scale(rest, 1 / size) };
}
