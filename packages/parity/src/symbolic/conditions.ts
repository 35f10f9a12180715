/** Under which conditions two calls are the same function: found among the conditions that their graphs ask. */
import type { Values } from "../tensor-expression.ts";
import { conditionsOf } from "./cases.ts";
import { observedSigns } from "./evaluate-term.ts";
import { ANY, type Facts, NEGATIVE, POSITIVE, type Signs, ZERO } from "./facts.ts";
import { type Literal, proveEqual, type TermProof, withLiterals } from "./prove.ts";
import { freeOf, type Term } from "./term.ts";

export interface ConditionalProof {
  readonly proof: TermProof;
  /** All of them, at every element. None: the two are equal without conditions. */
  readonly literals: readonly Literal[];
}

/** Reads both sides under facts; undefined where a side cannot be read. */
export type ReadPair = (facts: Facts) => readonly [Term, Term] | undefined;

/**
 * Proves that both sides are equal; if they are not, looks for signs of their conditions under which they are, starting
 * from those that typical samples show, and keeps as few and as weak ones as the proof needs.
 */
export function proveWithConditions(
  read: ReadPair,
  facts: Facts,
  samples: readonly Readonly<Record<string, Values>>[],
): ConditionalProof | undefined {
  const prove = (literals: readonly Literal[]): TermProof | undefined => {
    const assumed = withLiterals(facts, literals);
    const pair = read(assumed);
    return pair && proveEqual(pair[0], pair[1], assumed);
  };
  const at = read(facts);
  if (!at) return undefined;
  const plain = proveEqual(at[0], at[1], facts);
  if (plain) return { proof: plain, literals: [] };
  const conditions = [...new Map([...conditionsOf(at[0]), ...conditionsOf(at[1])]).values()];
  for (const sample of samples) {
    const seen = conditions.flatMap((of): Literal[] => {
      const signs = observedSigns(of, sample);
      return signs === NEGATIVE || signs === ZERO || signs === POSITIVE ? [{ of, signs }] : [];
    });
    // what is asked of every element is weakened first: what is asked of a sum over all is less
    seen.sort((a, b) => freeOf(b.of).size - freeOf(a.of).size);
    if (seen.length === 0 || !prove(seen)) continue;
    const literals = weakened(seen, (l) => prove(l) !== undefined);
    return { proof: "piecewise", literals };
  }
  return undefined;
}

/** Weaker signs that a sign may become, weakest first. */
const weaker: Readonly<Record<Signs, readonly Signs[]>> = {
  [NEGATIVE]: [ANY, NEGATIVE | ZERO, NEGATIVE | POSITIVE],
  [ZERO]: [ANY, ZERO | POSITIVE, NEGATIVE | ZERO],
  [POSITIVE]: [ANY, ZERO | POSITIVE, NEGATIVE | POSITIVE],
};

/** The list with every literal as weak as it may be while the rest stays. */
function weakened(literals: readonly Literal[], holds: (literals: readonly Literal[]) => boolean): Literal[] {
  let list = [...literals];
  for (const literal of literals)
    for (const signs of weaker[literal.signs] ?? []) {
      const next = list.map((l) => (l.of === literal.of ? { ...l, signs } : l));
      if (!holds(next.filter((l) => l.signs !== ANY))) continue;
      list = next;
      break;
    }
  return list.filter((l) => l.signs !== ANY);
}
