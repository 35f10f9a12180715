/** The equal call in another framework or release: found by search, with a proof, or a counter-example. */
import { LossError, program } from "@isoloss/core";
import { awkwardSample } from "./adversary.ts";
import { type Candidate, candidateTensors, runCandidate, scaledTerm, scaleValue } from "./candidate.ts";
import { agree, distanceOf } from "./differ.ts";
import { type Domain, domains } from "./domain.ts";
import { createReferenceEvaluator, type Outcome, type Tensors } from "./evaluate.ts";
import { boundedValue } from "./float32-bound.ts";
import { formsOf, planTypes, tensorOptions } from "./forms.ts";
import { type Assignment, type Evaluator, type Probe, probesOf, type Source, sampleSources } from "./probes.ts";
import { type Match, nearestCandidate, scalesFor, search } from "./search.ts";
import { shapeConditions } from "./shape-conditions.ts";
import { proveWithConditions, type ReadPair } from "./symbolic/conditions.ts";
import { observedSigns } from "./symbolic/evaluate-term.ts";
import { factsOf, readCall, type Sources } from "./symbolic/model.ts";
import { printCondition } from "./symbolic/print-term.ts";
import type { Literal } from "./symbolic/prove.ts";
import type { LossCall, System } from "./system.ts";
import type { TensorExpression } from "./tensor-expression.ts";

export type Proof = "same-definition" | "normal-form" | "piecewise" | "sampled";
export type Verdict = "equal" | "equal-if" | "different";

/** Inputs, and what both sides give for them. */
export interface Example {
  readonly tensors: Tensors;
  readonly from: Outcome;
  /** Undefined: the tensors cannot be written for the other call. */
  readonly to: Outcome | undefined;
}
export interface Condition {
  readonly text: string;
  /** An input that violates it, and on which the two differ. */
  readonly violation: Example | undefined;
}

export interface Translation {
  readonly source: Source;
  readonly candidate: Candidate;
  readonly verdict: Verdict;
  /** What equality rests on; of a call that is different, undefined. */
  readonly proof: Proof | undefined;
  readonly conditions: readonly Condition[];
  readonly counterexample: Example | undefined;
  /** Of the calls that are not equal: the largest difference found, and where. */
  readonly largest: { readonly absolute: number; readonly example: Example } | undefined;
  /** The number of samples on which the calls were compared. */
  readonly samples: number;
  /** Inputs on which the conditions hold: where the verdict is not "different", both sides agree there. */
  readonly agreeing: readonly Tensors[];
  /** How far two float32 answers may lie apart. */
  readonly float32?: { readonly relative: number; readonly over: string };
}

export interface TranslateOptions {
  readonly to: string;
  readonly onProgress?: (done: number, total: number) => void;
  /** Translate this form only, of those that the call has; 0 unless said otherwise. */
  readonly form?: number;
}

const identity = (names: readonly string[]): Record<string, TensorExpression> =>
  Object.fromEntries(names.map((name) => [name, { kind: "source", name }]));

/** The sources in which a system may be read: one for each form of its call. */
export function sourcesOfSystem({ call, inputs }: System): Source[] {
  const fixed = Object.fromEntries(
    Object.entries(inputs).flatMap(([name, e]) => {
      if (e.kind === "literal" && typeof e.value === "number") return [[name, e.value] as const];
      if (e.kind === "negate" && e.of.kind === "literal" && typeof e.of.value === "number")
        return [[name, -e.of.value] as const];
      return [];
    }),
  );
  const given = Object.keys(inputs);
  return formsOf(call, given)
    .filter((form) => form.labels.every((name) => fixed[name] === undefined))
    .map((form) => ({ call: opened(call), form, fixed }));
}
/** The call with its tensors left open: what is said of it holds for all tensors of their shapes. */
function opened(call: LossCall): LossCall {
  const names = Object.keys(tensorOptions(call));
  const given = Object.fromEntries(Object.entries(call.given).filter(([n]) => !names.includes(n)));
  return { ...call, given, open: [...call.open, ...names] };
}

const requests = 400;

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
  const matches = search(source, probes, {
    profile: options.to,
    evaluator,
    ...(options.onProgress && { onProgress: options.onProgress }),
  });
  let nearest: { found: Translation; matched: number } | undefined;
  for (const match of shortlist(matches)) {
    const found = judge(source, match, probes, evaluator);
    // a match in narrow domains may be a coincidence: without a proof it says nothing
    if (found.proof === "sampled" && match.matched[0] !== probes[0]) continue;
    if (found.verdict !== "different") return found;
    if (!nearest || match.matched.length > nearest.matched) nearest = { found, matched: match.matched.length };
  }
  if (nearest) return nearest.found;
  const candidate = nearestCandidate(source, probes, options.to, evaluator);
  if (!candidate) throw new LossError("unknown-loss", `${options.to} has nothing that takes these tensors`);
  return different(source, candidate, probes, evaluator);
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

/** How a term pair is read for a candidate, the tensors in given domains. */
function pairReader(
  source: Source,
  candidate: Candidate,
  assignment: Assignment,
): { read: ReadPair; sources: Sources } {
  const { form } = source;
  const sources: Sources = { types: form.types, domains: assignment, classAxis: form.classAxis };
  const own = identity(Object.keys(form.types));
  const read: ReadPair = (facts) => {
    try {
      const a = readCall(source.call, own, sources, facts)?.terms[0];
      const b = readCall(candidate.call, candidate.tensors, sources, facts)?.terms[0];
      return a && b && [a, scaledTerm(b, candidate, form.types, facts)];
    } catch (e) {
      if (e instanceof RangeError) return undefined;
      throw e;
    }
  };
  return { read, sources };
}

interface Proved {
  readonly candidate: Candidate;
  readonly proof: Proof;
  /** What the proof takes for granted of the tensors. */
  readonly assignment: Assignment;
  readonly literals: readonly Literal[];
  /** Domains that the source accepts, to look for violations in. */
  readonly accepted: Assignment;
}

/** Proves a match in the least demanding domains in which it can be proved. */
function prove(source: Source, { candidate, matched }: Match): Proved | undefined {
  const again = candidate.scale.extents.length || candidate.scale.number !== 1;
  const value = candidate.scale;
  const k = again
    ? value.extents.reduce(
        (x, e) => x * (source.form.types[e.tensor]?.shape.at(e.axis) as number) ** e.power,
        value.number,
      )
    : 1;
  const scales = again ? scalesFor(k, source) : [candidate.scale];
  for (const probe of matched.slice(0, 6))
    for (const scale of scales) {
      const scaled = { ...candidate, scale };
      const found = proveIn(
        source,
        scaled,
        probe.assignment,
        probe.samples.map((s) => s.bases),
      );
      if (found)
        return relaxed(
          source,
          { candidate: scaled, assignment: probe.assignment, accepted: probe.assignment, ...found },
          probe,
        );
    }
  return undefined;
}

function proveIn(
  source: Source,
  candidate: Candidate,
  assignment: Assignment,
  samples: readonly Tensors[],
): { proof: Proof; literals: readonly Literal[] } | undefined {
  const { read, sources } = pairReader(source, candidate, assignment);
  const found = proveWithConditions(read, factsOf(sources), samples);
  if (!found) return undefined;
  const same = found.literals.length === 0 && found.proof === "normal-form" && sameDefinition(source, candidate);
  return { proof: same ? "same-definition" : found.proof, literals: found.literals };
}

/** A domain that the literals make needless is dropped: p >= 1e-7 and p <= 1 - 1e-7 say more than that p is in [0, 1]. */
function relaxed(source: Source, proved: Proved, probe: Probe): Proved {
  let now = proved;
  for (const [name, domain] of Object.entries(proved.assignment)) {
    if (domain.rank === 0 || domain.name === "labels" || source.fixed[name] !== undefined) continue;
    const assignment = { ...now.assignment, [name]: domains.real };
    const found = proveIn(
      source,
      now.candidate,
      assignment,
      probe.samples.map((s) => ({ ...s.bases, [name]: s.tensors[name] as Tensors[string] })),
    );
    if (found) now = { ...now, assignment, ...found };
  }
  return now;
}

/** The canonical programs are one: same key, same parameters, same ports, nothing around the call. */
function sameDefinition(source: Source, candidate: Candidate): boolean {
  if (candidate.scale.extents.length || candidate.scale.number !== 1 || candidate.offset !== 0) return false;
  if (Object.values(candidate.tensors).some((e) => e.kind !== "source")) return false;
  const own = planTypes(source.call, source.form.types);
  const renamed = new Map(Object.entries(candidate.tensors).map(([to, e]) => [to, (e as { name: string }).name]));
  const types = Object.fromEntries(
    [...renamed].map(([to, name]) => [to, source.form.types[name] as (typeof source.form.types)[string]]),
  );
  const other = planTypes(candidate.call, types);
  if (!own || !other) return false;
  const a = program(own.outputs, own.axes);
  const b = program(other.outputs, other.axes);
  const key = b.inputs.reduce((text, port) => {
    const name = renamed.get(port.name) as string;
    return text.replace(new RegExp(`\\(\\)${port.name}$`, "m"), `()\u0000${name}`);
  }, b.key);
  return a.key === key.replaceAll("\u0000", "") && String(a.parameters) === String(b.parameters);
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
  const worst = conditions.length ? largestDifference(source, candidate, probes, evaluator) : undefined;
  return {
    source,
    candidate,
    verdict: conditions.length ? "equal-if" : "equal",
    proof: onLiterals.unproved ? "sampled" : proof,
    conditions,
    agreeing,
    ...boundOn(source, candidate, agreeing),
    counterexample: undefined,
    largest: worst,
    samples: 0,
  };
}

/** Typical inputs of the domains in which a match was found. */
const agreeingInputs = (source: Source, assignment: Assignment): Tensors[] =>
  Array.from({ length: 20 }, (_, seed) => sampleSources(source.form, assignment, 100 + seed).tensors);

/** How far the float32 answers of two calls that are equal over the reals may lie apart, on some inputs. */
function boundOn(
  source: Source,
  candidate: Candidate,
  inputs: readonly Tensors[],
): { float32: NonNullable<Translation["float32"]> } | undefined {
  let worst = 0;
  for (const tensors of inputs) {
    const own = planTypes(source.call, tensors);
    const given = candidateTensors(candidate, tensors);
    const other = given && planTypes(candidate.call, given);
    if (!own || !given || !other) return undefined;
    const [a, b] = [boundedValue(own, tensors), boundedValue(other, given)];
    const k = Math.abs(scaleValue(candidate.scale, tensors));
    a.value.forEach((x, i) => {
      const error = (a.error[i] as number) + k * (b.error[i] as number) + 2 ** -23 * Math.abs(x);
      worst = Math.max(worst, error / Math.max(Math.abs(x), 2 ** -126));
    });
  }
  const over = `by error analysis on ${inputs.length} typical inputs`;
  return Number.isFinite(worst) ? { float32: { relative: worst, over } } : undefined;
}

const tolerance = 1e-4;
/** Whether both sides say the same: they agree, or both refuse. Where the source refuses there is nothing to translate. */
function compare(source: Source, candidate: Candidate, tensors: Tensors, evaluator: Evaluator): Example | undefined {
  const from = evaluator.run(source.call, tensors);
  if (from.refusal) return undefined;
  const to = runCandidate(evaluator, candidate, tensors);
  if (to && !to.refusal && agree(from.value, to.value, tolerance)) return undefined;
  return { tensors, from, to };
}

/** Inputs outside the domains: what they violate, and where the calls differ. */
function domainConditions(
  source: Source,
  assignment: Assignment,
  candidate: Candidate,
  evaluator: Evaluator,
): Condition[] {
  return Object.entries(assignment).flatMap(([name, domain]) => {
    if (domain.rank === 0 || domain.name === "labels" || source.fixed[name] !== undefined) return [];
    const axis = source.form.classAxis[name] ?? 0;
    for (let seed = 1; seed <= requests; seed++) {
      const { tensors } = awkwardSample(source, { ...assignment, [name]: looser(domain, seed) }, seed, false);
      if (domain.holds(tensors[name] as Tensors[string], axis)) continue;
      const violation = compare(source, candidate, tensors, evaluator);
      if (violation) return [{ text: domain.text(name), violation }];
    }
    return []; // the source refuses all else, or it makes no difference
  });
}
const looser = (domain: Domain, seed: number): Domain => {
  const others = [domains.real, domains.unit, domains.positive].filter((d) => d.rank < domain.rank);
  return others[seed % others.length] ?? domains.real;
};

/**
 * One condition a literal, with an input that violates it. A literal whose violations the source all refuses says nothing;
 * one whose violations all agree is needed by the proof alone, which so rests on samples.
 */
function literalConditions(
  source: Source,
  { candidate, assignment, accepted: domainsOfSource, literals }: Proved,
  evaluator: Evaluator,
): { conditions: Condition[]; unproved: boolean } {
  const broken = (l: Literal, bases: Tensors): boolean => (observedSigns(l.of, bases) & ~l.signs) !== 0;
  const sampleFor = (seed: number) => {
    if (seed % 2) return awkwardSample(source, assignment, seed, false);
    const { tensors, bases } = awkwardSample(source, domainsOfSource, seed, false);
    const own = Object.entries(bases).map(([n, b]) => [n, assignment[n] === domainsOfSource[n] ? b : tensors[n]]);
    return { tensors, bases: Object.fromEntries(own) as Tensors };
  };
  const conditions: Condition[] = [];
  let unproved = false;
  for (const literal of literals) {
    let any: Example | undefined;
    let accepted = false;
    for (let seed = 1; seed <= requests; seed++) {
      const sample = sampleFor(seed);
      if (!broken(literal, sample.bases)) continue;
      const violation = compare(source, candidate, sample.tensors, evaluator);
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

/** A match without a proof: equal as far as samples say, or not. */
function sampled(source: Source, match: Match, probes: readonly Probe[], evaluator: Evaluator): Translation {
  const { candidate, matched } = match;
  const assignment = (matched[0] as Probe).assignment;
  for (let seed = 1; seed <= requests; seed++) {
    const { tensors } = awkwardSample(source, assignment, seed, false);
    const example = compare(source, candidate, tensors, evaluator);
    if (example) return different(source, candidate, probes, evaluator, example);
  }
  const conditions = [
    ...domainConditions(source, assignment, candidate, evaluator),
    ...shapeConditions(source, candidate, match.matched, evaluator),
  ];
  return {
    source,
    candidate,
    verdict: conditions.length ? "equal-if" : "equal",
    proof: "sampled",
    conditions,
    agreeing: agreeingInputs(source, assignment),
    counterexample: undefined,
    largest: undefined,
    samples: requests,
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
    samples: requests,
  };
}

/** The largest difference that awkward inputs show, in every domain that the source accepts. */
function largestDifference(
  source: Source,
  candidate: Candidate,
  probes: readonly Probe[],
  evaluator: Evaluator,
): Translation["largest"] {
  let worst: Translation["largest"];
  const assignments = probes.slice(0, 3).map((p) => p.assignment);
  for (let seed = 1; seed <= requests && assignments.length; seed++) {
    const assignment = assignments[seed % assignments.length] as Assignment;
    const { tensors } = awkwardSample(source, assignment, seed, false);
    const example = compare(source, candidate, tensors, evaluator);
    if (!example?.to || example.to.refusal || example.from.refusal) continue;
    const absolute = distanceOf(example.from.value, example.to.value)?.absolute ?? Infinity;
    if (!worst || absolute > worst.absolute) worst = { absolute, example };
  }
  return worst;
}
