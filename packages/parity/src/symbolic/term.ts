/** Terms: what a graph computes for one element, as a polynomial over atoms with real coefficients. Read by the normal form. */

/**
 * Atoms. `element`: of a tensor, at index terms. `index`: the value of an index variable. `exp`: e to a monomial; its
 * exponent is the monomial's coefficient. `power`: a polynomial that stands with an exponent that is no natural number.
 * `below`, `zero`: 1 where the term is < 0, = 0, else 0. `special`: a number that is not real.
 */
export type Atom =
  | { readonly kind: "element"; readonly tensor: string; readonly at: readonly Term[] }
  | { readonly kind: "index"; readonly variable: string }
  | { readonly kind: "extent"; readonly variable: string }
  | { readonly kind: "special"; readonly value: number }
  | { readonly kind: "exp" | "log" | "power" | "below" | "zero" | "trunc"; readonly of: Term }
  | Reduction;
export interface Reduction {
  readonly kind: "sum" | "max";
  readonly over: readonly string[];
  readonly of: Term;
}

export interface Factor {
  readonly key: string;
  readonly atom: Atom;
  readonly exponent: number;
}
export interface Monomial {
  readonly key: string;
  readonly coefficient: number;
  readonly factors: readonly Factor[];
}
/** A sum of monomials, sorted by key. */
export interface Term {
  readonly key: string;
  readonly monomials: readonly Monomial[];
}

const numeral = (x: number): string => String(Number(x.toPrecision(11)));
const factorText = (f: Factor): string => (f.exponent === 1 ? f.key : `${f.key}^${numeral(f.exponent)}`);

export function atomKey(atom: Atom): string {
  switch (atom.kind) {
    case "element":
      return `${atom.tensor}[${atom.at.map((t) => t.key)}]`;
    case "index":
      return atom.variable;
    case "extent":
      return `#${atom.variable}`;
    case "special":
      return String(atom.value);
    case "sum":
    case "max":
      return `${atom.kind}{${atom.over}}(${atom.of.key})`;
    default:
      return `${atom.kind}(${atom.of.key})`;
  }
}

export const isIndicator = (atom: Atom): boolean => atom.kind === "below" || atom.kind === "zero";

function monomial(coefficient: number, factors: readonly Factor[]): Monomial {
  const sorted = [...factors].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return { key: sorted.map(factorText).join("·"), coefficient, factors: sorted };
}

function term(monomials: readonly Monomial[]): Term {
  const sorted = [...monomials].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return { key: sorted.map((m) => `${numeral(m.coefficient)}·${m.key}`).join("+") || "0", monomials: sorted };
}

/** Coefficients that cancel but for the rounding of float64 are zero. */
const NEGLIGIBLE = 1e-9;

/** Adds up what has the same factors. */
export function collect(monomials: readonly Monomial[]): Term {
  const by = new Map<string, { sum: number; largest: number; factors: readonly Factor[] }>();
  for (const m of monomials) {
    const old = by.get(m.key);
    const size = Math.abs(m.coefficient);
    if (old) {
      old.sum += m.coefficient;
      old.largest = Math.max(old.largest, size);
    } else by.set(m.key, { sum: m.coefficient, largest: size, factors: m.factors });
  }
  return term(
    [...by.values()].flatMap(({ sum, largest, factors }) =>
      Math.abs(sum) > NEGLIGIBLE * largest ? [monomial(sum, factors)] : [],
    ),
  );
}

export const zero: Term = term([]);
export const number = (x: number): Term =>
  Number.isFinite(x) ? (x === 0 ? zero : term([monomial(x, [])])) : ofAtom({ kind: "special", value: x });
export const one = number(1);
/** An atom to a power, as a term. The atom must be canonical. */
export const ofAtom = (atom: Atom, exponent = 1): Term =>
  exponent === 0 ? one : term([monomial(1, [{ key: atomKey(atom), atom, exponent }])]);
export const ofFactor = (f: Factor): Term => term([monomial(1, [f])]);
export const ofMonomial = (m: Monomial): Term => term([m]);
export const ofMonomials = (coefficient: number, factors: readonly Factor[]): Term =>
  term([monomial(coefficient, factors)]);

/** The number that a term is, if it is one. */
export function numberOf(t: Term): number | undefined {
  if (t.monomials.length === 0) return 0;
  const [m] = t.monomials;
  return t.monomials.length === 1 && m?.factors.length === 0 ? m.coefficient : undefined;
}

export const plus = (...terms: readonly Term[]): Term => collect(terms.flatMap((t) => t.monomials));
export const scale = (t: Term, by: number): Term =>
  by === 0 ? zero : term(t.monomials.map((m) => monomial(m.coefficient * by, m.factors)));
export const minus = (a: Term, b: Term): Term => plus(a, scale(b, -1));

/** The product of two lists of factors; undefined where it is 0. Powers of a polynomial with natural exponents come back in `open`. */
function joined(a: readonly Factor[], b: readonly Factor[]): { closed: Factor[]; open: Factor[] } | undefined {
  const by = new Map<string, Factor>();
  for (const f of [...a, ...b]) {
    const old = by.get(f.key);
    const exponent = isIndicator(f.atom) ? 1 : (old?.exponent ?? 0) + f.exponent;
    if (Math.abs(exponent) < NEGLIGIBLE) by.delete(f.key);
    else by.set(f.key, { ...f, exponent });
  }
  const closed: Factor[] = [];
  const open: Factor[] = [];
  for (const f of by.values()) {
    // [t < 0] and [t = 0] exclude one another, and t·[t = 0] is 0
    if (f.atom.kind === "zero" && by.has(`below(${f.atom.of.key})`)) return undefined;
    (f.atom.kind === "power" && f.exponent >= 1 ? open : closed).push(f);
  }
  return { closed, open };
}

/** Beyond this many monomials a product is not multiplied out: what needs it is not proved. */
const LARGEST = 4000;

/** Throws a RangeError where the product is too large to multiply out. */
export function times(...terms: readonly Term[]): Term {
  return terms.reduce(product, one);
}
function product(a: Term, b: Term): Term {
  if (a.monomials.length * b.monomials.length > LARGEST) throw new RangeError("a product of too many terms");
  const out: Monomial[] = [];
  for (const m of a.monomials)
    for (const n of b.monomials) {
      const factors = joined(m.factors, n.factors);
      if (!factors) continue;
      const coefficient = m.coefficient * n.coefficient;
      const { closed, open } = factors;
      if (open.length === 0) out.push(monomial(coefficient, closed));
      else out.push(...open.reduce((t, f) => product(t, opened(f)), ofMonomials(coefficient, closed)).monomials);
    }
  return collect(out);
}
/** P^(n + r) as Pⁿ, multiplied out, and P^r. */
function opened(f: Factor): Term {
  const base = (f.atom as { of: Term }).of;
  const whole = Math.floor(f.exponent + NEGLIGIBLE);
  const rest = f.exponent - whole;
  const power = Array.from({ length: whole }, () => base).reduce(product, one);
  return Math.abs(rest) < NEGLIGIBLE ? power : product(power, ofFactor({ ...f, exponent: rest }));
}

/** The index variables that a term depends on. */
export function freeOf(t: Term): ReadonlySet<string> {
  const known = free.get(t);
  if (known) return known;
  const out = new Set<string>();
  for (const m of t.monomials) for (const f of m.factors) for (const v of freeOfAtom(f.atom)) out.add(v);
  free.set(t, out);
  return out;
}
const free = new WeakMap<Term, ReadonlySet<string>>();

export function freeOfAtom(atom: Atom): ReadonlySet<string> {
  switch (atom.kind) {
    case "element":
      return new Set(atom.at.flatMap((t) => [...freeOf(t)]));
    case "index":
      return new Set([atom.variable]);
    case "extent":
    case "special":
      return new Set();
    case "sum":
    case "max":
      return new Set([...freeOf(atom.of)].filter((v) => !atom.over.includes(v)));
    default:
      return freeOf(atom.of);
  }
}

/** Every atom of a term, those inside of others included, outermost first. */
export function* atomsOf(t: Term): Generator<Atom> {
  for (const m of t.monomials)
    for (const { atom } of m.factors) {
      yield atom;
      if ("of" in atom) yield* atomsOf(atom.of);
      if (atom.kind === "element") for (const i of atom.at) yield* atomsOf(i);
    }
}
