/** The numbers that terms stand for, given tensors: which signs a condition takes, and where a condition is violated. */
import { elementAt } from "../domain.ts";
import type { Values } from "../tensor-expression.ts";
import { NEGATIVE, POSITIVE, type Signs, ZERO } from "./facts.ts";
import { type Atom, freeOf, isIndicator, type Term } from "./term.ts";

type Bases = Readonly<Record<string, Values>>;
type Indices = ReadonlyMap<string, number>;

/** The size of an index variable, whose name says it: `i5`, or `i5'` where it had to be told from another. */
const sizeOf = (variable: string): number => Number(variable.replaceAll("'", "").slice(1));

/** Calls f with every combination of values of index variables. */
function forEach(variables: readonly string[], indices: Indices, f: (indices: Indices) => void): void {
  const [v, ...rest] = variables;
  if (v === undefined) f(indices);
  else for (let i = 0; i < sizeOf(v); i++) forEach(rest, new Map(indices).set(v, i), f);
}

/** The number that a term is, at given indices. */
export function evaluateTerm(t: Term, bases: Bases, indices: Indices = new Map()): number {
  let sum = 0;
  for (const m of t.monomials) {
    let product = m.coefficient;
    // where a condition does not hold, what stands beside it is not looked at: it may have no value there
    const denied = m.factors.some((f) => isIndicator(f.atom) && evaluateAtom(f.atom, bases, indices) === 0);
    for (const { atom, exponent } of denied ? [] : m.factors) {
      const x = evaluateAtom(atom, bases, indices);
      product *= atom.kind === "exp" ? x ** exponent : exponent === 1 ? x : x ** exponent;
    }
    if (!denied) sum += product;
  }
  return sum;
}

function evaluateAtom(atom: Atom, bases: Bases, indices: Indices): number {
  const at = (t: Term): number => evaluateTerm(t, bases, indices);
  switch (atom.kind) {
    case "element":
      return elementAt(bases[atom.tensor] as Values, atom.at.map(at));
    case "index":
      return indices.get(atom.variable) as number;
    case "extent":
      return sizeOf(atom.variable);
    case "special":
      return atom.value;
    case "exp":
      return Math.exp(at(atom.of));
    case "log":
      return Math.log(at(atom.of));
    case "power":
      return at(atom.of);
    case "below":
      return at(atom.of) < 0 ? 1 : 0;
    case "zero":
      return Math.abs(at(atom.of)) < 1e-12 ? 1 : 0;
    case "trunc":
      return Math.trunc(at(atom.of));
    case "sum":
    case "max": {
      let out = atom.kind === "sum" ? 0 : -Infinity;
      forEach(atom.over, indices, (i) => {
        const x = evaluateTerm(atom.of, bases, i);
        out = atom.kind === "sum" ? out + x : Math.max(out, x);
      });
      return out;
    }
  }
}

/** The signs that a condition takes anywhere. */
export function observedSigns(t: Term, bases: Bases): Signs {
  let signs: Signs = 0;
  forEach([...freeOf(t)], new Map(), (indices) => {
    const x = evaluateTerm(t, bases, indices);
    signs |= Math.abs(x) < 1e-12 ? ZERO : x < 0 ? NEGATIVE : POSITIVE;
  });
  return signs;
}
