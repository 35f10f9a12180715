/** Which values a translation is for: what its proof takes for granted, each with an input that violates it. */
import { type AwkwardSample, awkwardSample } from "../adversary.ts";
import type { Candidate } from "../candidate.ts";
import { type Domain, domains } from "../domain.ts";
import type { Tensors } from "../evaluate.ts";
import type { Assignment, Evaluator, Source } from "../probes.ts";
import { observedSigns } from "../symbolic/evaluate-term.ts";
import { printCondition } from "../symbolic/print-term.ts";
import type { Literal } from "../symbolic/prove.ts";
import { ATTEMPTS, contradiction } from "./counterexamples.ts";
import type { Proved } from "./prove-match.ts";
import type { Condition, Example } from "./translation.ts";

/** Inputs outside the domains: what they violate, and where the calls differ. */
export function domainConditions(
  source: Source,
  assignment: Assignment,
  candidate: Candidate,
  evaluator: Evaluator,
): Condition[] {
  return Object.entries(assignment).flatMap(([name, domain]) => {
    if (domain.rank === 0 || domain.name === "labels" || source.fixed[name] !== undefined) return [];
    const axis = source.form.classAxis[name] ?? 0;
    for (let seed = 1; seed <= ATTEMPTS; seed++) {
      const { tensors } = awkwardSample(source, { ...assignment, [name]: looser(domain, seed) }, seed, false);
      if (domain.holds(tensors[name] as Tensors[string], axis)) continue;
      const violation = contradiction(source, candidate, tensors, evaluator);
      if (violation) return [{ text: domain.text(name), violation }];
    }
    return []; // the source refuses all else, or it makes no difference
  });
}
const looser = (domain: Domain, seed: number): Domain => {
  const others = [domains.real, domains.unit, domains.positive].filter((d) => d.rank < domain.rank);
  return others[seed % others.length] ?? domains.real;
};

/** Whether inputs violate a literal. `bases`: the free tensors of the domains in which the literal is said. */
export const broken = ({ of, signs }: Literal, bases: Tensors): boolean => (observedSigns(of, bases) & ~signs) !== 0;

/** Awkward inputs, by turns of the domains of the proof and of those in which the match was found, with the bases of the proof's. */
export function sampleOf(
  source: Source,
  { assignment, accepted }: Pick<Proved, "assignment" | "accepted">,
  seed: number,
): AwkwardSample {
  if (seed % 2) return awkwardSample(source, assignment, seed, false);
  const { tensors, bases } = awkwardSample(source, accepted, seed, false);
  const own = Object.entries(bases).map(([n, b]) => [n, assignment[n] === accepted[n] ? b : tensors[n]]);
  return { tensors, bases: Object.fromEntries(own) as Tensors };
}

/**
 * One condition a literal, with an input that violates it. A literal whose violations the source all refuses says nothing;
 * one whose violations all agree is needed by the proof alone, which so rests on samples.
 */
export function literalConditions(
  source: Source,
  proved: Proved,
  evaluator: Evaluator,
): { conditions: Condition[]; unproved: boolean } {
  const { candidate, literals } = proved;
  const conditions: Condition[] = [];
  let unproved = false;
  for (const literal of literals) {
    let any: Example | undefined;
    let accepted = false;
    for (let seed = 1; seed <= ATTEMPTS; seed++) {
      const sample = sampleOf(source, proved, seed);
      if (!broken(literal, sample.bases)) continue;
      const violation = contradiction(source, candidate, sample.tensors, evaluator);
      accepted ||= violation !== undefined || !evaluator.run(source.call, sample.tensors).refusal;
      if (!violation) continue;
      any ??= violation;
      if (literals.some((l) => l !== literal && broken(l, sample.bases))) continue;
      any = violation;
      break;
    }
    if (any) conditions.push({ text: printCondition(literal.of, literal.signs), violation: any });
    else unproved ||= accepted;
  }
  return { conditions, unproved };
}
