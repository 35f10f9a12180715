/**
 * Finds calls of another release that may equal a given one: every entry, its options with the source's numbers, and
 * expressions for its tensors, nearest first. Candidates are told apart by numbers; proofs come later.
 */
import { isLossError, type Parameter, program, type TensorType } from "@isoloss/core";
import { type Candidate, runCandidate, type Scale, unscaled } from "./candidate.ts";
import { agrees } from "./differ.ts";
import { classIndices, constantly, type Domain, domains, sampleDomain } from "./domain.ts";
import type { Outcome, Tensors } from "./evaluate.ts";
import { type Form, planTypes } from "./forms.ts";
import { frameworkOf } from "./frameworks.ts";
import { createRandom } from "./random.ts";
import { type LossCall, lossCall } from "./system.ts";
import {
  complexityOf,
  sourcesOf,
  type TensorExpression,
  type Types,
  typeOf,
  type Values,
} from "./tensor-expression.ts";

export interface Evaluator {
  run(call: LossCall, tensors: Tensors): Outcome;
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

const SAMPLES = 3;
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

function* assignments({ call, form, fixed }: Source): Generator<Assignment> {
  const names = Object.keys(form.types);
  const choices = names.map((name): readonly Domain[] => {
    if (form.labels.includes(name)) return [classIndices(form.classes)];
    const value = fixed[name];
    if (value !== undefined) return [constantly(value)];
    if (!call.contract.inputs[name] || call.contract.inputs[name]?.optional)
      return [domains.positive, ...((form.types[name]?.shape.length ?? 0) > 1 ? [domains.rows] : [])];
    return floatDomains;
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
function sieve(probes: readonly Probe[]): Probe[] {
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

// What a tensor of the target may be.

const source = (name: string): TensorExpression => ({ kind: "source", name });

/** Numbers of the source's options, from which the target's may follow. */
export function numbersOf(call: LossCall): number[] {
  const own = Object.values(call.options).filter((v): v is number => typeof v === "number" && Number.isFinite(v));
  return [...new Set(own.flatMap((v) => [v, ...(v > 0 && v !== 1 ? [1 / v] : [])]))];
}
const fractions = (call: LossCall): number[] => [
  ...new Set(Object.values(call.options).filter((v): v is number => typeof v === "number" && v > 0 && v < 1)),
];

function unary(call: LossCall, form: Form, name: string): TensorExpression[] {
  const of = source(name);
  const type = form.types[name];
  if (!type) return [];
  if (form.labels.includes(name))
    return [of, ...[1, -1].map((axis): TensorExpression => ({ kind: "one-hot", of, classes: form.classes, axis }))];
  const moves: TensorExpression[] =
    type.shape.length > 2
      ? [
          { kind: "moved", of, from: 1, to: -1 },
          { kind: "moved", of, from: -1, to: 1 },
        ]
      : [];
  const smoothed = fractions(call).flatMap((s): TensorExpression[] => [
    { kind: "affine", of, factor: 1 - s, offset: s / 2 },
    { kind: "smoothed", of, by: s, axis: form.classAxis[name] ?? -1 },
  ]);
  const plain: TensorExpression[] = [
    of,
    { kind: "exp", of },
    { kind: "log", of },
    { kind: "affine", of, factor: 2, offset: -1 },
    { kind: "affine", of, factor: 0.5, offset: 0.5 },
    { kind: "affine", of, factor: -1, offset: 0 },
    { kind: "new-axis", of },
    { kind: "first", of },
    { kind: "argmax", of, axis: form.classAxis[name] ?? -1 },
    ...smoothed,
  ];
  return [...plain, ...moves];
}

function combined(call: LossCall, form: Form, names: readonly string[]): TensorExpression[] {
  const weights = names.filter((n) => form.types[n]?.shape.length === 1 && !call.contract.inputs[n]);
  const others = names.filter((n) => !weights.includes(n));
  const taken = weights.flatMap((w) =>
    others.flatMap((t): TensorExpression[] =>
      form.labels.includes(t)
        ? [{ kind: "take", from: source(w), at: source(t) }]
        : [{ kind: "dot", weight: source(w), of: source(t), axis: form.classAxis[t] ?? -1 }],
    ),
  );
  const floats = others.filter((n) => !form.labels.includes(n) && call.contract.inputs[n]);
  const products = floats.flatMap((a, i) =>
    floats.slice(i + 1).map((b): TensorExpression => ({ kind: "product", left: source(a), right: source(b) })),
  );
  const filled = floats
    .slice(0, 1)
    .flatMap((n) => [1, -1, 0].map((value): TensorExpression => ({ kind: "filled", like: source(n), value })));
  return [...taken, ...products, ...filled];
}

const fits = (e: TensorExpression, types: Types, takes: { labels: boolean; floats: boolean }): boolean => {
  const type = typeOf(e, types);
  return type !== undefined && (type.dtype === "int64" ? takes.labels : takes.floats);
};

/** The words that a reduction may be, in any framework. */
const WORDS = ["mean", "sum", "none", "sum_over_batch_size", "mean_with_sample_weight", "batchmean"];

/** Values to try for an option, its default first. */
function valuesFor(parameter: Parameter, name: string, source: Source): unknown[] {
  const { default: standard } = parameter;
  const own: unknown[] = [];
  if (typeof standard === "boolean") own.push(!standard);
  else if (typeof standard === "string") own.push(...WORDS);
  else if (typeof standard === "number" || standard === null) own.push(...numbersOf(source.call));
  const readable = own.filter((value) => {
    try {
      return !Object.is(parameter.read(value, name), standard);
    } catch (e) {
      if (isLossError(e)) return false;
      throw e;
    }
  });
  return [undefined, ...new Set(readable)];
}

interface Target {
  readonly profile: string;
  readonly name: string;
  readonly call: LossCall;
}

/** One name for every record of the target, classes and functions apart; the kind of the source first. */
function targetsOf(source: Source, profile: string): Target[] {
  const { framework, profile: exact } = frameworkOf(profile);
  const seen = new Set<string>();
  const all = framework.namesOf(exact).flatMap((name): Target[] => {
    const call = lossCall(exact, name, {});
    const key = `${call.entry.entry} ${call.as}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ profile: exact, name, call }];
  });
  const alike = all.filter((t) => t.call.as === source.call.as);
  // a function has no weights of samples: a class may
  return alike.length && extrasOf(source).length === 0 ? alike : [...alike, ...all.filter((t) => !alike.includes(t))];
}

/** Tensors beside the required inputs: weights. */
const extrasOf = ({ call, form }: Source): string[] =>
  Object.keys(form.types).filter((n) => !call.contract.inputs[n] || call.contract.inputs[n]?.optional);

/** Every way to fill the target's tensors from the source's, of one complexity or less. */
function* fillings(source: Source, target: Target, limit: number): Generator<Record<string, TensorExpression>> {
  const { call, form } = source;
  const names = Object.keys(form.types);
  const singles = names.flatMap((n) => unary(call, form, n));
  const pairs = combined(call, form, names);
  const required = Object.entries(target.call.contract.inputs).flatMap(([n, i]) => (i.optional ? [] : [n]));
  const extras = extrasOf(source);
  const spare = extras.length
    ? [
        ...Object.entries(target.call.contract.inputs).flatMap(([n, i]) =>
          i.optional && n !== "mask" && (i.only ?? target.call.as) === target.call.as ? [n] : [],
        ),
        ...Object.entries(target.call.contract.options).flatMap(([n, p]) =>
          p?.default === null && /weight/.test(n) && (p.only ?? target.call.as) === target.call.as ? [n] : [],
        ),
      ]
    : [];
  const every = [...singles, ...pairs];
  const go = function* (
    i: number,
    so: Record<string, TensorExpression>,
    left: number,
  ): Generator<Record<string, TensorExpression>> {
    const name = required[i];
    if (name === undefined) {
      yield so;
      for (const s of spare)
        for (const e of every) if (complexityOf(e) <= left && weighs(e) && readsAny(e, extras)) yield { ...so, [s]: e };
      return;
    }
    const takes = taken(target.call, name);
    for (const e of every)
      if (complexityOf(e) <= left && fits(e, form.types, takes) && !Object.values(so).some((x) => sameRoot(x, e)))
        yield* go(i + 1, { ...so, [name]: e }, left - complexityOf(e));
  };
  yield* go(0, {}, limit);
}
/** What a weight may be: itself, the weight of each label, or one number a row. */
const weighs = (e: TensorExpression): boolean => ["source", "take", "dot", "first", "new-axis"].includes(e.kind);
const readsAny = (e: TensorExpression, names: readonly string[]): boolean =>
  sourcesOf(e).some((name) => names.includes(name));
/** Two arguments are seldom made of the same tensor alone. */
const sameRoot = (a: TensorExpression, b: TensorExpression): boolean => {
  const root = (e: TensorExpression): string | undefined =>
    e.kind === "source"
      ? e.name
      : e.kind === "filled" || e.kind === "product" || e.kind === "take"
        ? undefined
        : root("of" in e ? e.of : e);
  const r = root(a);
  return r !== undefined && r === root(b);
};

/** Whether an argument of the target may hold class indices, and whether it may hold numbers. */
function taken(call: LossCall, name: string): { labels: boolean; floats: boolean } {
  const kind = (type: TensorType): string | undefined => {
    const others: TensorType = { dtype: "float32", shape: [5, 3] };
    const inputs = Object.fromEntries(
      Object.entries(call.contract.inputs).flatMap(([n, i]) =>
        i.optional ? [] : [[n, n === name ? type : others] as const],
      ),
    );
    try {
      const { loss } = call.contract.define({ inputs, options: call.options, gradients: [], as: call.as });
      return (loss.inputs as Record<string, { kind: string }>)[call.contract.inputs[name]?.port ?? name]?.kind;
    } catch (e) {
      if (isLossError(e)) return undefined;
      throw e;
    }
  };
  return {
    labels: kind({ dtype: "int64", shape: [5] }) === "labels",
    floats: kind({ dtype: "float32", shape: [5, 3] }) !== "labels",
  };
}

/** The target with every combination of its options that changes its graph for these types. */
function callsOf(source: Source, target: Target, types: Types, open: readonly string[]): LossCall[] {
  const { contract, as } = target.call;
  const parameters = Object.entries(contract.options).flatMap(([n, p]) =>
    p && (p.only ?? as) === as && !open.includes(n) ? [[n, p] as const] : [],
  );
  const made = (given: Record<string, unknown>): { call: LossCall; key: string } | undefined => {
    const call = lossCall(target.profile, target.name, given, open);
    const plan = planTypes(call, types);
    if (!plan) return undefined;
    const { key, parameters: numbers } = program(plan.outputs, plan.axes);
    return { call, key: `${key} ${numbers} ${plan.value?.shape}` };
  };
  const standard = made({})?.key;
  const choices = parameters.map(([n, p]) => {
    const seen = new Set([standard]);
    const values = valuesFor(p, n, source).filter((v) => {
      if (v === undefined || standard === undefined) return true;
      const key = made({ [n]: v })?.key;
      if (key === undefined || seen.has(key)) return false;
      seen.add(key);
      return true;
    });
    return [n, values] as const;
  });
  const calls = new Map<string, LossCall>();
  const go = (i: number, given: Record<string, unknown>): void => {
    const choice = choices[i];
    if (choice) for (const v of choice[1]) go(i + 1, v === undefined ? given : { ...given, [choice[0]]: v });
    else {
      const found = made(given);
      const known = found && calls.get(found.key);
      if (found && (!known || Object.keys(given).length < Object.keys(known.given).length))
        calls.set(found.key, found.call);
    }
  };
  go(0, {});
  return [...calls.values()];
}

/** The calls of which none is another times a number: seen on samples. */
function unproportional(calls: readonly LossCall[], types: Types, evaluator: Evaluator): LossCall[] {
  const random = createRandom(7);
  const samples = Array.from({ length: SAMPLES }, () =>
    Object.fromEntries(
      Object.entries(types).map(([n, t]) => {
        const length = t.shape.reduce((a, b) => a * b, 1);
        const data = Array.from({ length }, () =>
          t.dtype === "int64" ? random.below(3) : 0.05 + 0.9 * random.uniform(),
        );
        return [n, { ...t, data }];
      }),
    ),
  );
  const kept: { call: LossCall; numbers: number[] | undefined }[] = [];
  for (const call of [...calls].sort((a, b) => Object.keys(a.given).length - Object.keys(b.given).length)) {
    const outcomes = samples.map((s) => evaluator.run(call, s));
    const numbers = outcomes.every((o) => !o.refusal) ? outcomes.flatMap((o) => o.value?.data ?? []) : undefined;
    const old =
      numbers && kept.find((k) => k.numbers?.length === numbers.length && affine(numbers, k.numbers)?.c === 0);
    if (!old) kept.push({ call, numbers });
  }
  return kept.map((k) => k.call);
}

// Matching by numbers.

/** k and c such that a = k·b + c in every element, if there are; c = 0 preferred. */
function affine(a: readonly number[], b: readonly number[]): { k: number; c: number } | undefined {
  const i = b.findIndex((x) => Math.abs(x) > 1e-6);
  if (i < 0) return undefined;
  const ratio = (a[i] as number) / (b[i] as number);
  const holds = (k: number, c: number): boolean => a.every((x, j) => agrees(x, k * (b[j] as number) + c));
  if (ratio !== 0 && holds(ratio, 0)) return { k: ratio, c: 0 };
  const j = b.findIndex((x) => Math.abs(x - (b[i] as number)) > 1e-3);
  if (j < 0) return undefined;
  const k = ((a[j] as number) - (a[i] as number)) / ((b[j] as number) - (b[i] as number));
  const c = (a[i] as number) - k * (b[i] as number);
  const round = Math.round(c);
  return k !== 0 && Math.abs(c - round) < 1e-3 && holds(Math.round(k * 1e4) / 1e4, round)
    ? { k: Math.round(k * 1e4) / 1e4, c: round }
    : undefined;
}

/** How a probe's values follow from a candidate's, if they do. */
function matchProbe(candidate: Candidate, probe: Probe, evaluator: Evaluator): { k: number; c: number } | undefined {
  const own: number[] = [];
  const other: number[] = [];
  let found: { k: number; c: number } | undefined;
  for (const s of probe.samples) {
    const outcome = runCandidate(evaluator, candidate, s.tensors);
    if (!outcome || outcome.refusal || String(outcome.value.shape) !== String(s.value.shape)) return undefined;
    if (!outcome.value.data.every(Number.isFinite)) return undefined;
    own.push(...s.value.data);
    other.push(...outcome.value.data);
    found = affine(own, other);
    if (!found && own.length > 2) return undefined;
  }
  return found;
}

/** Factors that a number may be: numbers of the options, sizes of the first tensor, and their products. */
export function scalesFor(k: number, source: Source): Scale[] {
  const near = (x: number): boolean => Math.abs(x - k) <= 1e-4 * Math.abs(k);
  const [name, type] = Object.entries(source.form.types)[0] as [string, Values];
  const rank = type.shape.length;
  const extents = type.shape.flatMap((_, i) =>
    ([1, -1] as const).map((power) => ({ tensor: name, axis: i === 0 && rank > 1 ? 0 : i - rank, power })),
  );
  const values = [1, 2, 0.5, -1, ...numbersOf(source.call)];
  const all: Scale[] = [
    ...values.map((n) => ({ number: n, extents: [] })),
    ...values.flatMap((n) => extents.map((e) => ({ number: n, extents: [e] }))),
    ...extents.flatMap((e, i) => extents.slice(i + 1).map((f) => ({ number: 1, extents: [e, f] }))),
  ];
  return all.filter((s) =>
    near(s.extents.reduce((x, e) => x * (type.shape.at(e.axis) as number) ** e.power, s.number)),
  );
}

/** A candidate, and the probes on which it gives the source's numbers. */
export interface Match {
  readonly candidate: Candidate;
  readonly matched: readonly Probe[];
}

export interface SearchOptions {
  readonly profile: string;
  readonly evaluator: Evaluator;
  /** How complex a candidate may be. */
  readonly limit?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** The nearest candidates that give the source's numbers, those that demand the least of the tensors first. */
export function search(source: Source, probes: readonly Probe[], options: SearchOptions): Match[] {
  const { profile, evaluator, onProgress } = options;
  const { limit = extrasOf(source).length ? 2 : 4 } = options;
  const targets = targetsOf(source, profile);
  const tests = sieve(probes);
  const matches: Match[] = [];
  const levels = Array.from({ length: limit + 1 }, (_, l) => l);
  const tried = new Set<string>();
  const pools = targets.map((target) => poolOf(source, target, evaluator));
  let step = 0;
  for (const level of levels) {
    for (const [i, target] of targets.entries()) {
      onProgress?.(++step, levels.length * targets.length);
      for (const tensors of fillings(source, target, level)) {
        const id = `${target.name} ${JSON.stringify(tensors)}`;
        if (tried.has(id)) continue;
        tried.add(id);
        matches.push(
          ...matchesOf(
            source,
            tensors,
            pools[i] as Pool,
            (n) => n in target.call.contract.inputs,
            { probes, tests, evaluator },
            level,
          ),
        );
      }
    }
    if (matches.some((m) => m.matched[0] === probes[0])) break;
  }
  const least = (m: Match): number => demand((m.matched[0] as Probe).assignment);
  return matches.sort(
    (a, b) =>
      least(a) - least(b) ||
      a.candidate.complexity - b.candidate.complexity ||
      b.matched.length - a.matched.length ||
      inOrder(b.candidate) - inOrder(a.candidate),
  );
}
/** Predictions for predictions: where the order of arguments is of no matter, names that are alike go together. */
const inOrder = (c: Candidate): number =>
  Object.entries(c.tensors).filter(([name, e]) => sourcesOf(e).every((s) => isTarget(s) === isTarget(name))).length;
const isTarget = (name: string): boolean => name === "target" || name === "y_true";

/** The calls of a target for tensors of given types: all, or one of each family of multiples. */
type Pool = (types: Types, open: readonly string[], all: boolean) => readonly LossCall[];
function poolOf(source: Source, target: Target, evaluator: Evaluator): Pool {
  const known = new Map<string, { all: LossCall[]; few: LossCall[] }>();
  return (types, open, all) => {
    const key = JSON.stringify(types);
    let found = known.get(key);
    if (!found) {
      const calls = callsOf(source, target, types, open);
      found = { all: calls, few: unproportional(calls, types, evaluator) };
      known.set(key, found);
    }
    return all ? found.all : found.few;
  };
}

interface Trial {
  readonly probes: readonly Probe[];
  readonly tests: readonly Probe[];
  readonly evaluator: Evaluator;
}

function* matchesOf(
  source: Source,
  tensors: Record<string, TensorExpression>,
  pool: Pool,
  isInput: (name: string) => boolean,
  { probes, tests, evaluator }: Trial,
  level: number,
): Generator<Match> {
  const types: Record<string, Types[string]> = {};
  for (const [name, e] of Object.entries(tensors)) {
    const type = typeOf(e, source.form.types);
    if (!type) return;
    types[name] = { dtype: type.dtype, shape: type.shape };
  }
  const open = Object.keys(tensors).filter((n) => !isInput(n));
  for (const call of pool(types, open, level === 0)) {
    const own = Object.values(tensors).reduce((n, e) => n + complexityOf(e), 0) + Object.keys(call.given).length;
    const plain: Candidate = { call, tensors, scale: unscaled, offset: 0, complexity: own };
    for (const test of tests) {
      const found = matchProbe(plain, test, evaluator);
      if (!found) continue;
      const [scale] = scalesFor(found.k, source);
      if (!scale) continue;
      const candidate = {
        ...plain,
        scale,
        offset: found.c,
        complexity: own + 1.5 * scale.extents.length + (scale.number === 1 ? 0 : 1) + (found.c === 0 ? 0 : 1),
      };
      const matched = probes.filter((p) => {
        const again = matchProbe(candidate, p, evaluator);
        return again !== undefined && Math.abs(again.k - 1) < 1e-4 && again.c === 0;
      });
      if (matched.length) yield { candidate, matched };
      break;
    }
  }
}

/** Of the plainest candidates the one whose numbers are nearest to the source's. */
export function nearestCandidate(
  source: Source,
  probes: readonly Probe[],
  profile: string,
  evaluator: Evaluator,
): Candidate | undefined {
  let best: { candidate: Candidate; error: number } | undefined;
  const tests = [...new Set([...probes.slice(0, 2), ...sieve(probes)])];
  for (const target of targetsOf(source, profile)) {
    const pool = poolOf(source, target, evaluator);
    for (const tensors of fillings(source, target, 1)) {
      const types = Object.fromEntries(
        Object.entries(tensors).flatMap(([n, e]) => {
          const type = typeOf(e, source.form.types);
          return type ? [[n, { dtype: type.dtype, shape: type.shape }] as const] : [];
        }),
      );
      const complexity = Object.values(tensors).reduce((n, e) => n + complexityOf(e), 0);
      for (const call of pool(
        types,
        Object.keys(tensors).filter((n) => !target.call.contract.inputs[n]),
        true,
      )) {
        const candidate: Candidate = { call, tensors, scale: unscaled, offset: 0, complexity };
        const error = errorOf(candidate, tests, evaluator) + 0.02 * complexity + 0.01 * Object.keys(call.given).length;
        if (error < (best?.error ?? Infinity)) best = { candidate, error };
      }
    }
  }
  return best?.candidate;
}

/** The mean relative difference on some probes; where the candidate refuses, or gives another shape, it is 1. */
function errorOf(candidate: Candidate, probes: readonly Probe[], evaluator: Evaluator): number {
  const errors = probes.map((p) => {
    const [sample] = p.samples;
    const outcome = sample && runCandidate(evaluator, candidate, sample.tensors);
    if (!sample || !outcome || outcome.refusal || String(outcome.value.shape) !== String(sample.value.shape)) return 1;
    const each = outcome.value.data.map((x, i) => {
      const y = sample.value.data[i] as number;
      return Number.isFinite(x) ? Math.abs(x - y) / Math.max(Math.abs(x), Math.abs(y), 1e-6) : 1;
    });
    return each.reduce((a, b) => a + b, 0) / Math.max(each.length, 1);
  });
  return errors.reduce((a, b) => a + b, 0) / Math.max(errors.length, 1);
}
