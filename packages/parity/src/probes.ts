/** Samples of what a source's tensors may hold, and what the source gives for them: by these numbers candidates are told apart. */
import { roleOf } from "./contestants/contestant.ts";
import { classIndices, constantly, type Domain, domains, sampleDomain } from "./domain.ts";
import type { Outcome, Tensors } from "./evaluate.ts";
import type { Form } from "./forms.ts";
import { createRandom } from "./random.ts";
import type { LossCall } from "./system.ts";
import type { Values } from "./tensor-expression.ts";
import { usualDomains } from "./usual-domains.ts";

export interface Evaluator {
  run(call: LossCall, tensors: Tensors, gradients?: readonly string[]): Outcome;
}

/** The source with its tensors in one form. */
export interface Source {
  readonly call: LossCall;
  readonly form: Form;
  /** Tensors that the text fixes to a number. */
  readonly fixed: Readonly<Record<string, number>>;
}

/** A domain for every tensor of a source. */
export type Assignment = Readonly<Record<string, Domain>>;

/** Samples of an assignment, and what the source gives for each. */
export interface Probe {
  readonly assignment: Assignment;
  readonly samples: readonly { readonly tensors: Tensors; readonly bases: Tensors; readonly value: Values }[];
}

/** Samples of each domain. */
export const SAMPLES = 3;
const floatDomains = [
  domains.real,
  domains.unit,
  domains.simplex,
  domains.logSimplex,
  domains.binary,
  domains.sign,
  domains.oneHot,
];

/** The rank of an assignment: how much it demands altogether. */
export const demand = (a: Assignment): number => Object.values(a).reduce((n, d) => n + d.rank, 0);

function* assignments(source: Source): Generator<Assignment> {
  const { call, form, fixed } = source;
  const names = Object.keys(form.types);
  const choices = names.map((name): readonly Domain[] => {
    if (form.labels.includes(name)) return [classIndices(form.classes)];
    const value = fixed[name];
    if (value !== undefined) return [constantly(value)];
    if (!call.contract.inputs[name] || call.contract.inputs[name]?.optional)
      return [domains.positive, ...((form.types[name]?.shape.length ?? 0) > 1 ? [domains.rows] : [])];
    return roleOf(name) === "target" ? floatDomains : usualDomains(source, name);
  });
  const go = function* (i: number, so: Assignment): Generator<Assignment> {
    const name = names[i];
    if (name === undefined) yield so;
    else for (const d of choices[i] as readonly Domain[]) yield* go(i + 1, { ...so, [name]: d });
  };
  yield* go(0, {});
}

export function sampleSources(form: Form, assignment: Assignment, seed: number): { tensors: Tensors; bases: Tensors } {
  const random = createRandom(seed);
  const both = Object.entries(form.types).map(
    ([name, type]) =>
      [name, sampleDomain(assignment[name] as Domain, type, form.classAxis[name] ?? 0, random)] as const,
  );
  return {
    tensors: Object.fromEntries(both.map(([n, s]) => [n, s.values])),
    bases: Object.fromEntries(both.map(([n, s]) => [n, s.base])),
  };
}

/** The assignments that the source accepts with finite values that vary, least demanding first. */
export function probesOf(source: Source, evaluator: Evaluator): Probe[] {
  const probes: Probe[] = [];
  for (const assignment of assignments(source)) {
    const samples = [];
    for (let seed = 1; seed <= SAMPLES; seed++) {
      const sample = sampleSources(source.form, assignment, seed);
      const outcome = evaluator.run(source.call, sample.tensors);
      if (outcome.refusal || !outcome.value.data.every(Number.isFinite)) break;
      samples.push({ ...sample, value: outcome.value });
    }
    // where the value never changes the domain says nothing: a target that is neither 1 nor -1
    const values = new Set(samples.flatMap((s) => s.value.data));
    if (samples.length === SAMPLES && values.size > 1) probes.push({ assignment, samples });
  }
  return probes.sort((a, b) => demand(a.assignment) - demand(b.assignment));
}

/** A few probes that demand much: what fails on all of them is no candidate. */
export function sieve(probes: readonly Probe[]): Probe[] {
  const names = (p: Probe) => Object.values(p.assignment).map((d) => d.name);
  const wanted = [
    ["simplex", "one-hot"],
    ["log-simplex", "one-hot"],
    ["log-simplex", "simplex"],
    ["log-simplex", "log-simplex"],
    ["real", "sign"],
    ["real", "real"],
  ];
  const floats = (p: Probe) => names(p).filter((n) => floatDomains.some((d) => d.name === n));
  const chosen = probes.filter((p) => {
    const f = floats(p);
    if (f.length < 2) return true;
    const key = [...f].sort().join();
    return f.length > 2 ? demand(p.assignment) <= 4 : wanted.some((w) => [...w].sort().join() === key);
  });
  return chosen.length ? chosen : [...probes];
}
