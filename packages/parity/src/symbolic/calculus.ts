/** The normal form: how exponentials, logarithms, powers, conditions and sums of terms are built, so that equal functions look the same. */
import { byCases, indicatorOf } from "./cases.ts";
import { content } from "./content.ts";
import { type Facts, flipped, inside, NEGATIVE, POSITIVE, type Signs, ZERO } from "./facts.ts";
import { createSigns, oriented } from "./signs.ts";
import {
  type Atom,
  atomKey,
  collect,
  type Factor,
  freeOf,
  freeOfAtom,
  type Monomial,
  minus,
  number,
  numberOf,
  ofAtom,
  ofFactor,
  ofMonomial,
  ofMonomials,
  one,
  plus,
  type Reduction,
  scale,
  type Term,
  times,
  zero,
} from "./term.ts";

export interface Calculus {
  exp(t: Term): Term;
  log(t: Term): Term;
  power(t: Term, exponent: number): Term;
  /** [t < 0] */
  below(t: Term): Term;
  /** [t = 0] */
  isZero(t: Term): Term;
  trunc(t: Term): Term;
  element(tensor: string, at: readonly Term[]): Term;
  sum(t: Term, variable: string): Term;
  max(t: Term, variable: string): Term;
  signs(t: Term): Signs;
  /** The term again, under this calculus' facts, with terms in place of index variables. */
  rebuild(t: Term, variables?: ReadonlyMap<string, Term>): Term;
}

/** The calculus under some facts. */
export function createCalculus(facts: Facts): Calculus {
  const { signs, factorSigns } = createSigns(facts);
  const nonNegative = (f: Factor): boolean => !(factorSigns(f) & NEGATIVE);
  const positive = (f: Factor): boolean => factorSigns(f) === POSITIVE;

  function power(t: Term, k: number): Term {
    if (k === 0) return one;
    if (Number.isInteger(k) && k > 0) return times(...Array.from({ length: k }, () => t));
    return byCases(t, (u) => powered(u, k));
  }
  function powered(t: Term, k: number): Term {
    if (t.monomials.length === 0) return k > 0 ? zero : number(Infinity);
    const whole = Number.isInteger(k);
    if (t.monomials.length > 1) {
      const { common, rest } = content(t, (f) => whole || nonNegative(f));
      return times(poweredMonomial(common.monomials[0] as Monomial, k), ofAtom({ kind: "power", of: rest }, k));
    }
    return poweredMonomial(t.monomials[0] as Monomial, k);
  }
  function poweredMonomial(m: Monomial, k: number): Term {
    const whole = Number.isInteger(k);
    const outside: Term[] = [];
    const inner: Factor[] = [];
    const coefficient = whole || m.coefficient > 0 ? m.coefficient ** k : undefined;
    for (const f of m.factors) {
      const e = f.exponent * k;
      if (whole || (nonNegative(f) && nonNegative({ ...f, exponent: 1 })))
        outside.push(ofFactor({ ...f, exponent: e }));
      else if (f.exponent % 2 === 0 && Number.isInteger(e) && e > 0) outside.push(absolute(f.atom, e));
      else inner.push(f);
    }
    if (coefficient !== undefined && inner.length === 0) return scale(times(...outside), coefficient);
    const rest = ofMonomials(coefficient === undefined ? m.coefficient : 1, inner);
    return scale(times(...outside, ofAtom({ kind: "power", of: rest }, k)), coefficient ?? 1);
  }
  /** |a|^e for a natural e. */
  const absolute = (atom: Atom, e: number): Term => {
    const a = ofAtom(atom);
    return e % 2 === 0 ? ofAtom(atom, e) : times(ofAtom(atom, e), minus(one, scale(below(a), 2)));
  };

  const exp = (t: Term): Term => byCases(t, (u) => times(...u.monomials.map(expOf)));
  function expOf(m: Monomial): Term {
    if (m.factors.length === 0) return number(Math.exp(m.coefficient));
    const [f] = m.factors as [Factor];
    if (m.factors.length === 1 && f.exponent === 1 && f.atom.kind === "log") return power(f.atom.of, m.coefficient);
    if (m.factors.length === 1 && f.atom.kind === "special")
      return m.coefficient * f.atom.value < 0 ? zero : ofAtom(f.atom);
    return ofAtom({ kind: "exp", of: ofMonomials(1, m.factors) }, m.coefficient);
  }

  const log = (t: Term): Term => byCases(t, logOf);
  function logOf(t: Term): Term {
    const constant = numberOf(t);
    if (constant !== undefined) return number(Math.log(constant));
    if (t.monomials.length > 1) {
      const { common, rest } = content(t, positive);
      return plus(logOf(common), ofAtom({ kind: "log", of: rest }));
    }
    const [m] = t.monomials as [Monomial];
    const outside = m.factors.filter(positive).map((f) => {
      if (f.atom.kind === "exp") return scale(f.atom.of, f.exponent);
      const of = f.atom.kind === "power" ? f.atom.of : ofAtom(f.atom);
      return scale(ofAtom({ kind: "log", of }), f.exponent);
    });
    const inner = m.factors.filter((f) => !positive(f));
    if (m.coefficient < 0) return plus(...outside, ofAtom({ kind: "log", of: ofMonomials(m.coefficient, inner) }));
    const parts = [number(Math.log(m.coefficient)), ...outside];
    return inner.length === 0 ? plus(...parts) : plus(...parts, ofAtom({ kind: "log", of: ofMonomials(1, inner) }));
  }

  const below = (t: Term): Term => byCases(t, (u) => condition(u, NEGATIVE));
  const isZero = (t: Term): Term => byCases(t, (u) => condition(u, ZERO));
  /** [the sign of t is `which`]. */
  function condition(t: Term, which: Signs): Term {
    const possible = signs(t);
    if (!(possible & which)) return zero;
    if (possible === which) return one;
    const { of, sign } = oriented(t);
    const canonical = sign < 0 ? flipped(possible) : possible;
    const wanted = sign < 0 ? flipped(which) : which;
    const isBelow = ofAtom({ kind: "below", of });
    const isNull = ofAtom({ kind: "zero", of });
    if (wanted === ZERO) return isNull;
    if (wanted === NEGATIVE) return canonical & POSITIVE ? isBelow : minus(one, isNull);
    if (!(canonical & NEGATIVE)) return minus(one, isNull);
    return canonical & ZERO ? minus(one, plus(isBelow, isNull)) : minus(one, isBelow);
  }

  function element(tensor: string, at: readonly Term[]): Term {
    const split = at.findIndex((i) => indicatorOf(i));
    if (split >= 0)
      return byCases(at[split] as Term, (i) =>
        element(
          tensor,
          at.map((old, k) => (k === split ? i : old)),
        ),
      );
    const atom: Atom = { kind: "element", tensor, at };
    const equal = facts.equal.get(atomKey(atom));
    return equal ? collect(equal.to.monomials) : ofAtom(atom);
  }

  function sum(t: Term, v: string): Term {
    return plus(...t.monomials.map((m) => sumOf(m, v)));
  }
  function sumOf(m: Monomial, v: string): Term {
    const dependent = m.factors.filter((f) => freeOfAtom(f.atom).has(v));
    const outside = ofMonomials(
      m.coefficient,
      m.factors.filter((f) => !dependent.includes(f)),
    );
    if (dependent.length === 0) return times(outside, ofAtom({ kind: "extent", variable: v }));
    for (const f of dependent) {
      const to = f.atom.kind === "zero" ? indexEqual(f.atom.of, v) : undefined;
      if (!to) continue;
      const rest = ofMonomials(
        1,
        dependent.filter((g) => g !== f),
      );
      return times(outside, rebuild(rest, new Map([[v, to]])));
    }
    const inner = dependent.filter((f) => f.atom.kind === "sum" && f.exponent === 1);
    if (inner.length !== 1) return times(outside, total([v], ofMonomials(1, dependent)));
    const [f] = inner as [Factor];
    const rest = dependent.filter((g) => g !== f);
    const bound = f.atom as Reduction;
    const { over, of } = renamed(bound, new Set([v, ...rest.flatMap((g) => [...freeOfAtom(g.atom)])]));
    const body = times(ofMonomials(1, rest), of);
    if (body.monomials.length !== 1) return times(outside, total([v], ofMonomials(1, dependent)));
    return times(outside, collapsed([v, ...over], body) ?? total([v, ...over], body));
  }
  /** A sum over several variables of which one leaves no sum behind, as Σ eˣ ⁄ Σ eˣ does: that one first. */
  function collapsed(over: readonly string[], body: Term): Term | undefined {
    const [m] = body.monomials as [Monomial];
    const bound = new Set(
      m.factors.flatMap((f) => (f.atom.kind === "power" || f.exponent !== 1 ? [f] : [])).flatMap(boundIn),
    );
    for (const w of over) {
      if (!bound.has(w)) continue;
      const dependent = m.factors.filter((f) => freeOfAtom(f.atom).has(w));
      const rest = ofMonomials(
        m.coefficient,
        m.factors.filter((f) => !dependent.includes(f)),
      );
      const inner = times(rest, total([w], ofMonomials(1, dependent)));
      const left = inner.monomials.some((n) =>
        n.factors.some((f) => f.exponent === 1 && f.atom.kind === "sum" && f.atom.over.includes(w)),
      );
      if (!left) return over.filter((v) => v !== w).reduce(sum, inner);
    }
    return undefined;
  }
  const total = (over: readonly string[], of: Term): Term => ofAtom({ kind: "sum", over: [...over].sort(), of });
  /** A sum whose variables are none of `taken`. */
  function renamed(atom: Reduction, taken: ReadonlySet<string>): { over: string[]; of: Term } {
    const names = atom.over.map((v) => {
      let name = v;
      while (taken.has(name)) name += "'";
      return name;
    });
    const changed = new Map(
      atom.over.flatMap((v, i): [string, Term][] =>
        names[i] === v ? [] : [[v, ofAtom({ kind: "index", variable: names[i] as string })]],
      ),
    );
    return { over: names, of: changed.size ? rebuild(atom.of, changed) : atom.of };
  }

  function max(t: Term, v: string): Term {
    return byCases(
      t,
      (u) => {
        const varies = (m: Monomial): boolean => m.factors.some((f) => freeOfAtom(f.atom).has(v));
        const outside = collect(u.monomials.filter((m) => !varies(m)));
        const inner = collect(u.monomials.filter(varies));
        if (inner.monomials.length === 0) return u;
        return plus(outside, ofAtom({ kind: "max", over: [v], of: inner }));
      },
      (atom) => freeOfAtom(atom).has(v),
    );
  }

  function trunc(t: Term): Term {
    const constant = numberOf(t);
    if (constant !== undefined) return number(Math.trunc(constant));
    return byCases(t, (u) => ofAtom({ kind: "trunc", of: u }));
  }

  function rebuild(t: Term, variables: ReadonlyMap<string, Term> = new Map()): Term {
    return plus(
      ...t.monomials.map((m) => times(number(m.coefficient), ...m.factors.map((f) => rebuiltFactor(f, variables)))),
    );
  }
  function rebuiltFactor({ atom, exponent }: Factor, variables: ReadonlyMap<string, Term>): Term {
    if (atom.kind === "exp") return exp(scale(rebuild(atom.of, variables), exponent));
    return power(rebuiltAtom(atom, variables), exponent);
  }
  function rebuiltAtom(atom: Atom, variables: ReadonlyMap<string, Term>): Term {
    switch (atom.kind) {
      case "element":
        return element(
          atom.tensor,
          atom.at.map((i) => rebuild(i, variables)),
        );
      case "index":
        return variables.get(atom.variable) ?? ofAtom(atom);
      case "extent":
      case "special":
        return ofAtom(atom);
      case "log":
        return log(rebuild(atom.of, variables));
      case "below":
        return below(rebuild(atom.of, variables));
      case "zero":
        return isZero(rebuild(atom.of, variables));
      case "trunc":
        return trunc(rebuild(atom.of, variables));
      case "power":
      case "exp":
        return rebuild(atom.of, variables);
      default:
        return rebuiltReduction(atom, variables);
    }
  }
  function rebuiltReduction(atom: Reduction, variables: ReadonlyMap<string, Term>): Term {
    const outer = new Map([...variables].filter(([v]) => !atom.over.includes(v)));
    const taken = new Set([...outer.values()].flatMap((t) => [...freeOf(t)]));
    const clash = atom.over.some((v) => taken.has(v));
    const { over, of } = clash ? renamed(atom, taken) : atom;
    const own = inside(facts, over);
    const calculus = own === facts ? self : createCalculus(own);
    const body = calculus.rebuild(of, outer);
    return [...over].reduce((t: Term, v: string) => (atom.kind === "sum" ? sum(t, v) : max(t, v)), body);
  }

  const self: Calculus = { exp, log, power, below, isZero, trunc, element, sum, max, signs, rebuild };
  return self;
}

const boundIn = (f: Factor): readonly string[] => {
  if (f.atom.kind === "sum") return f.atom.over;
  return "of" in f.atom ? f.atom.of.monomials.flatMap((m) => m.factors.flatMap(boundIn)) : [];
};

/** If t is ±(v − other): the other. */
function indexEqual(t: Term, v: string): Term | undefined {
  const [m] = t.monomials.filter((n) => n.factors.some((f) => freeOfAtom(f.atom).has(v)));
  const [f] = m?.factors ?? [];
  if (m?.factors.length !== 1 || f?.atom.kind !== "index" || f.exponent !== 1) return undefined;
  const rest = minus(t, ofMonomial(m));
  return freeOf(rest).has(v) ? undefined : scale(rest, -1 / m.coefficient);
}
