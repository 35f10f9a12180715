/** Finds calls of another release that give a source's numbers. Candidates are told apart by samples; proofs come later. */
import { type Candidate, runCandidate, type Scale, unscaled } from "./candidate.ts";
import { roleOf } from "./contestants/contestant.ts";
import { extrasOf, fillings, numbersOf } from "./fillings.ts";
import { demand, type Evaluator, type Probe, type Source, sieve } from "./probes.ts";
import { affine, type Pool, poolOf, type Shelf, type Target, targetsOf } from "./target-calls.ts";
import {
  complexityOf,
  sourcesOf,
  type TensorExpression,
  type Types,
  typeOf,
  type Values,
} from "./tensor-expression.ts";

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
    if (!found && own.length > 1) return undefined;
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
  readonly shelf: Shelf;
  readonly evaluator: Evaluator;
  /** How complex a candidate may be. */
  readonly limit?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** The nearest candidates that give the source's numbers, those that demand the least of the tensors first. */
export function search(source: Source, probes: readonly Probe[], options: SearchOptions): Match[] {
  const { profile, shelf, evaluator, onProgress } = options;
  const { limit = extrasOf(source).length || Object.keys(source.form.types).length > 2 ? 2 : 4 } = options;
  const targets = targetsOf(source, profile, shelf);
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
      inOrder(b.candidate) - inOrder(a.candidate) ||
      b.matched.length - a.matched.length,
  );
}
/** Predictions for predictions: where the order of arguments is of no matter, names that are alike go together. */
const ownRoles = (tensors: Candidate["tensors"]): number =>
  Object.entries(tensors).filter(([name, e]) => sourcesOf(e).every((s) => isTarget(s) === isTarget(name))).length;
const inOrder = (c: Candidate): number => ownRoles(c.tensors);
const keepsRoles = (tensors: Candidate["tensors"]): boolean => ownRoles(tensors) === Object.keys(tensors).length;
const isTarget = (name: string): boolean => roleOf(name) === "target";

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

/** Of the plainest candidates the one whose numbers are nearest to the source's; those that read all of its arguments, targets for targets, first. */
export function nearestCandidate(
  source: Source,
  probes: readonly Probe[],
  profile: string,
  evaluator: Evaluator,
): Candidate | undefined {
  const tests = [...new Set([...probes.slice(0, 2), ...sieve(probes)])];
  const { inputs } = source.call.contract;
  const read = Object.keys(source.form.types).filter(
    (n) => inputs[n] && !inputs[n].optional && source.fixed[n] === undefined,
  );
  const hasTarget = read.some(isTarget);
  let plain: Near | undefined;
  let any: Near | undefined;
  for (const target of targetsOf(source, profile, "handbook")) {
    const pool = poolOf(source, target, evaluator);
    for (const tensors of fillings(source, target, 2)) {
      const used = Object.values(tensors).flatMap((e) => (e.kind === "filled" ? [] : sourcesOf(e)));
      const isPlain = read.every((n) => used.includes(n)) && (!hasTarget || keepsRoles(tensors));
      const complexity = Object.values(tensors).reduce((n, e) => n + complexityOf(e), 0);
      if (!isPlain && complexity > 1) continue;
      for (const candidate of candidatesOf(source, target, tensors, complexity, pool)) {
        const error = errorOf(candidate, tests, evaluator) + 0.1 * candidate.complexity;
        if (isPlain && error < (plain?.error ?? Infinity)) plain = { candidate, error };
        if (error < (any?.error ?? Infinity)) any = { candidate, error };
      }
    }
  }
  return (plain ?? any)?.candidate;
}
interface Near {
  readonly candidate: Candidate;
  readonly error: number;
}

function candidatesOf(
  source: Source,
  target: Target,
  tensors: Record<string, TensorExpression>,
  complexity: number,
  pool: Pool,
): Candidate[] {
  const types = Object.fromEntries(
    Object.entries(tensors).flatMap(([n, e]) => {
      const type = typeOf(e, source.form.types);
      return type ? [[n, { dtype: type.dtype, shape: type.shape }] as const] : [];
    }),
  );
  const open = Object.keys(tensors).filter((n) => !target.call.contract.inputs[n]);
  return pool(types, open, complexity === 0).map((call) => ({
    call,
    tensors,
    scale: unscaled,
    offset: 0,
    complexity: complexity + 0.5 * Object.keys(call.given).length,
  }));
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
