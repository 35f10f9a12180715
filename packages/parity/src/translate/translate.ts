/** The equal call in another framework or release: found by search, with a proof, or a counter-example. */
import { LossError } from "@isoloss/core";
import { awkwardSample } from "../adversary.ts";
import { type Candidate, runCandidate } from "../candidate.ts";
import { createReferenceEvaluator, type Tensors } from "../evaluate.ts";
import { type Assignment, type Evaluator, type Probe, probesOf, type Source, sampleSources } from "../probes.ts";
import { type Match, nearestCandidate, search } from "../search.ts";
import { sourcesOfSystem } from "../sources.ts";
import type { System } from "../system.ts";
import { boundOn } from "./call-bound.ts";
import { ATTEMPTS, contradiction, largestDifference } from "./counterexamples.ts";
import { compareGradients } from "./gradient.ts";
import { prove } from "./prove-match.ts";
import { shapeConditions } from "./shape-conditions.ts";
import type { Condition, Example, GradientComparison, Translation } from "./translation.ts";
import { domainConditions, literalConditions } from "./value-conditions.ts";

export interface TranslateOptions {
  readonly to: string;
  readonly onProgress?: (done: number, total: number) => void;
  /** Translate this form only, of those that the call has; 0 unless said otherwise. */
  readonly form?: number;
}

/** Translates a system. Refuses one whose record accepts no form that is known, and a target that has nothing comparable. */
export function translate(system: System, options: TranslateOptions): Translation {
  const evaluator = createReferenceEvaluator();
  const forms = sourcesOfSystem(system);
  const source = forms[options.form ?? 0];
  if (!source)
    throw new LossError(
      "shape",
      `${system.call.name} has ${forms.length} forms here, there is no form ${(options.form ?? 0) + 1}`,
    );
  const probes = probesOf(source, evaluator);
  let nearest: Found | undefined;
  for (const shelf of ["handbook", "further"] as const) {
    const { to: profile, onProgress } = options;
    const matches = search(source, probes, { profile, shelf, evaluator, ...(onProgress && { onProgress }) });
    const found = best(source, matches, probes, evaluator);
    if (found && found.translation.verdict !== "different") return found.translation;
    if (found && (!nearest || found.matched > nearest.matched)) nearest = found;
  }
  if (nearest) return nearest.translation;
  const candidate = nearestCandidate(source, probes, options.to, evaluator);
  if (!candidate) throw new LossError("unknown-loss", `${options.to} has nothing that takes these tensors`);
  return different(source, candidate, probes, evaluator);
}

interface Found {
  readonly translation: Translation;
  /** On how many probes it gives the source's numbers. */
  readonly matched: number;
}
/** The first match that is equal; of those that are not, the one that matches most. */
function best(
  source: Source,
  matches: readonly Match[],
  probes: readonly Probe[],
  evaluator: Evaluator,
): Found | undefined {
  let nearest: Found | undefined;
  for (const match of shortlist(matches)) {
    const found = { translation: judge(source, match, probes, evaluator), matched: match.matched.length };
    // a match in narrow domains may be a coincidence: without a proof it says nothing
    if (found.translation.proof === "sampled" && match.matched[0] !== probes[0]) continue;
    if (found.translation.verdict !== "different") return found;
    if (!nearest || found.matched > nearest.matched) nearest = found;
  }
  return nearest;
}

/** The best matches, a few of each loss: near misses of one must not crowd out another. */
function shortlist(matches: readonly Match[]): Match[] {
  const count = new Map<string, number>();
  const few = matches.filter(({ candidate }) => {
    const n = count.get(candidate.call.name) ?? 0;
    count.set(candidate.call.name, n + 1);
    return n < 2;
  });
  return few.slice(0, 16);
}

/** The verdict on a match. */
function judge(source: Source, match: Match, probes: readonly Probe[], evaluator: Evaluator): Translation {
  const proved = prove(source, match);
  if (!proved) return sampled(source, match, probes, evaluator);
  const { candidate, assignment, proof } = proved;
  const onLiterals = literalConditions(source, proved, evaluator);
  const conditions = [
    ...domainConditions(source, assignment, candidate, evaluator),
    ...onLiterals.conditions,
    ...shapeConditions(source, candidate, match.matched, evaluator),
  ];
  const agreeing = agreeingInputs(source, proved.accepted);
  const gradient = compareGradients(source, candidate, proved, match.matched, evaluator);
  conditions.push(...gradientConditions(source, candidate, gradient, evaluator));
  const worst = conditions.length ? largestDifference(source, candidate, probes, evaluator) : undefined;
  return {
    source,
    candidate,
    verdict: conditions.length ? "equal-if" : "equal",
    proof: onLiterals.unproved ? "sampled" : proof,
    conditions,
    agreeing,
    gradient,
    ...boundOn(source, candidate, agreeing),
    counterexample: undefined,
    largest: worst,
    samples: 0,
  };
}

/** Where only the gradients differ: what equality of both asks for. */
const gradientConditions = (
  source: Source,
  candidate: Candidate,
  { differences, samples }: GradientComparison,
  evaluator: Evaluator,
): Condition[] =>
  differences.map(({ of, unless, inputs, example: { tensors, to } }) => {
    const never = to
      ? `it differs on ${inputs === samples ? "all" : "some"} inputs`
      : "nothing is passed back over there";
    const where = (to && unless) ?? never;
    const violation = {
      tensors,
      from: evaluator.run(source.call, tensors),
      to: runCandidate(evaluator, candidate, tensors),
    };
    return { text: `for the gradient of ${of}: ${where}`, violation };
  });

/** Typical inputs of the domains in which a match was found. */
const agreeingInputs = (source: Source, assignment: Assignment): Tensors[] =>
  Array.from({ length: 20 }, (_, seed) => sampleSources(source.form, assignment, 100 + seed).tensors);

/** A match without a proof: equal as far as samples say, or not. */
function sampled(source: Source, match: Match, probes: readonly Probe[], evaluator: Evaluator): Translation {
  const { candidate, matched } = match;
  const assignment = (matched[0] as Probe).assignment;
  for (let seed = 1; seed <= ATTEMPTS; seed++) {
    const { tensors } = awkwardSample(source, assignment, seed, false);
    const example = contradiction(source, candidate, tensors, evaluator);
    if (example) return different(source, candidate, probes, evaluator, example);
  }
  const where = { assignment, accepted: assignment, literals: [] };
  const gradient = compareGradients(source, candidate, where, matched, evaluator);
  const conditions = [
    ...domainConditions(source, assignment, candidate, evaluator),
    ...shapeConditions(source, candidate, match.matched, evaluator),
    ...gradientConditions(source, candidate, gradient, evaluator),
  ];
  return {
    source,
    candidate,
    verdict: conditions.length ? "equal-if" : "equal",
    proof: "sampled",
    conditions,
    agreeing: agreeingInputs(source, assignment),
    gradient,
    counterexample: undefined,
    largest: undefined,
    samples: ATTEMPTS,
  };
}

function different(
  source: Source,
  candidate: Candidate,
  probes: readonly Probe[],
  evaluator: Evaluator,
  example?: Example,
): Translation {
  const largest = largestDifference(source, candidate, probes, evaluator);
  return {
    source,
    candidate,
    verdict: "different",
    proof: undefined,
    conditions: [],
    agreeing: [],
    counterexample: example ?? largest?.example,
    largest,
    samples: ATTEMPTS,
  };
}
