/** Terms and conditions as text: `input >= 1e-7`, `sum([target != 1]) != 0`. */
import { NEGATIVE, POSITIVE, type Signs, ZERO } from "./facts.ts";
import { groupedSums } from "./prove.ts";
import {
  type Atom,
  collect,
  type Factor,
  isIndicator,
  type Monomial,
  minus,
  ofFactor,
  one,
  scale,
  type Term,
  times,
} from "./term.ts";

const numeral = (x: number): string => String(Number(x.toPrecision(7)));

export function printTerm(t: Term): string {
  if (t.monomials.length === 0) return "0";
  const parts = [...t.monomials].sort((a, b) => Number(a.factors.length === 0) - Number(b.factors.length === 0));
  return parts
    .map((m, i) => {
      const text = printMonomial(m);
      if (i === 0) return text;
      return text.startsWith("-") ? ` - ${text.slice(1)}` : ` + ${text}`;
    })
    .join("");
}
function printMonomial(m: Monomial): string {
  const above = m.factors.filter((f) => f.exponent > 0 || f.atom.kind === "exp").map(printFactor);
  const below = m.factors
    .filter((f) => f.exponent < 0 && f.atom.kind !== "exp")
    .map((f) => printFactor({ ...f, exponent: -f.exponent }));
  const size = Math.abs(m.coefficient);
  const sign = m.coefficient < 0 ? "-" : "";
  const front = size === 1 && above.length > 0 ? above : [numeral(size), ...above];
  return `${sign}${[front.join("*"), ...below].join("/")}`;
}
function printFactor({ atom, exponent }: Factor): string {
  if (atom.kind === "exp") return `exp(${printTerm(scale(atom.of, exponent))})`;
  const base = printAtom(atom);
  if (exponent === 1) return base;
  return exponent === 0.5 ? `sqrt(${base})` : `${base}^${numeral(exponent)}`;
}
const variable = (name: string): string => name.replace(/^i\d+/, "size");

function printAtom(atom: Atom): string {
  switch (atom.kind) {
    case "element": {
      const picked = atom.at.filter((i) => i.key.includes("["));
      return picked.length ? `${atom.tensor}[${picked.map(printTerm).join(", ")}]` : atom.tensor;
    }
    case "index":
      return "class";
    case "extent":
      return variable(atom.variable);
    case "special":
      return String(atom.value);
    case "below":
      return `[${printCondition(atom.of, NEGATIVE)}]`;
    case "zero":
      return `[${printCondition(atom.of, ZERO)}]`;
    case "power":
      return `(${printTerm(atom.of)})`;
    default:
      return `${atom.kind}(${printTerm(atom.of)})`;
  }
}

const relation: Readonly<Record<Signs, string>> = {
  [NEGATIVE]: "<",
  [ZERO]: "==",
  [POSITIVE]: ">",
  [NEGATIVE | ZERO]: "<=",
  [POSITIVE | ZERO]: ">=",
  [NEGATIVE | POSITIVE]: "!=",
};

/** How many elements satisfy what indicators deny, if the term is that: Σ (1 − [a])·(1 − [b]). */
function countOf(t: Term): string | undefined {
  const group = groupedSums(t);
  if (group?.length !== 1) return undefined;
  const body = group[0]?.body as Term;
  const indicators = [
    ...new Map(body.monomials.flatMap((m) => m.factors.map((f) => [f.key, f] as const))).values(),
  ].filter((f) => isIndicator(f.atom));
  const product = times(one, ...indicators.map((f) => minus(one, ofFactor(f))));
  if (indicators.length === 0 || product.key !== body.key) return undefined;
  const denied = indicators.map((f) =>
    printCondition((f.atom as { of: Term }).of, f.atom.kind === "zero" ? NEGATIVE | POSITIVE : ZERO | POSITIVE),
  );
  return `count(${denied.join(" and ")})`;
}

/** A term and its signs as a relation, the constant on the right. */
export function printCondition(t: Term, signs: Signs): string {
  const counted = countOf(t);
  if (counted) return `${counted} ${relation[signs]} 0`;
  const left = collect(t.monomials.filter((m) => m.factors.length > 0));
  const constant = t.monomials.find((m) => m.factors.length === 0)?.coefficient ?? 0;
  return `${printTerm(left)} ${relation[signs]} ${numeral(-constant)}`;
}
