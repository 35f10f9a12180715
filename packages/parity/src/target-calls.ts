/** The calls of another release that may stand for a source's: every entry, with the options that change its graph. */
import { isLossError, type Parameter, program, topological } from "@isoloss/core";
import { agrees } from "./differ.ts";
import { extrasOf, ownNumbers } from "./fillings.ts";
import { planTypes } from "./forms.ts";
import { frameworkOf } from "./frameworks.ts";
import { type Evaluator, SAMPLES, type Source } from "./probes.ts";
import { createRandom } from "./random.ts";
import { written } from "./symbolic/read.ts";
import { type LossCall, lossCall } from "./system.ts";
import type { Types } from "./tensor-expression.ts";

/** The words that a reduction may be, in any framework. */
const WORDS = ["mean", "sum", "none", "sum_over_batch_size", "mean_with_sample_weight", "batchmean"];

/** The tiny numbers of a source's graph: its epsilons, which an option over there may be. */
function epsilonsOf({ call, form }: Source): number[] {
  const constants = topological(planTypes(call, form.types)?.outputs ?? []).flatMap((n) =>
    n.op === "constant" && n.attribute > 0 && n.attribute < TINY ? [written(n.attribute, n.dtype)] : [],
  );
  return [...new Set(constants)];
}
const TINY = 1e-4;

/** Values to try for an option, its default first. */
function valuesFor(parameter: Parameter, name: string, source: Source): unknown[] {
  const { default: standard } = parameter;
  const own: unknown[] = [];
  const alike = source.call.options[name];
  if (typeof standard === "number" && typeof alike === "number") own.push(alike);
  else if (typeof standard === "boolean") own.push(!standard);
  else if (typeof standard === "string") own.push(...WORDS);
  else if (typeof standard === "number" && standard > 0 && standard < TINY) own.push(...epsilonsOf(source));
  else if (typeof standard === "number" || standard === null)
    own.push(...ownNumbers(source.call).filter((v) => Math.abs(v) >= TINY && Math.abs(v) <= 1 / TINY));
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

/** A loss of the other release. */
export interface Target {
  readonly profile: string;
  readonly name: string;
  readonly call: LossCall;
}

/** Which losses of a release are tried: the handbook's, or those that it lacks. */
export type Shelf = "handbook" | "further";

/** One name for every record of the target, classes and functions apart; the kind of the source first. */
export function targetsOf(source: Source, profile: string, shelf: Shelf): Target[] {
  const { framework, profile: exact } = frameworkOf(profile);
  const seen = new Set<string>();
  const names = shelf === "further" ? framework.furtherOf(exact) : framework.namesOf(exact);
  const all = names.flatMap((name): Target[] => {
    const call = lossCall(exact, name, {});
    const key = `${call.entry.entry} ${call.as}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ profile: exact, name, call }];
  });
  if (shelf === "further") return all; // there may be a function only, in a library beside the framework
  const alike = all.filter((t) => t.call.as === source.call.as);
  // a function has no weights of samples: a class may
  return alike.length && extrasOf(source).length === 0 ? alike : [...alike, ...all.filter((t) => !alike.includes(t))];
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
  // an option may matter only beside a flag: ε of a logarithm, where the argument is no logarithm
  const flags = parameters.flatMap(([n, p]) => (typeof p.default === "boolean" ? [{ [n]: !p.default }] : []));
  const bases = [{}, ...flags].map((given) => ({ given, seen: new Set([made(given)?.key]) }));
  const isNew = (n: string, v: unknown): boolean =>
    bases
      .filter(({ given }) => !(n in given))
      .map(({ given, seen }) => {
        const key = made({ ...given, [n]: v })?.key;
        const fresh = key !== undefined && !seen.has(key);
        seen.add(key);
        return fresh;
      })
      .some(Boolean);
  const standard = made({})?.key;
  const choices = parameters.map(([n, p]) => {
    const values = valuesFor(p, n, source).filter((v) => v === undefined || standard === undefined || isNew(n, v));
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

/** k and c such that a = k·b + c in every element, if there are; c = 0 preferred. */
export function affine(a: readonly number[], b: readonly number[]): { k: number; c: number } | undefined {
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

/** The calls of a target for tensors of given types: all, or one of each family of multiples. */
export type Pool = (types: Types, open: readonly string[], all: boolean) => readonly LossCall[];
export function poolOf(source: Source, target: Target, evaluator: Evaluator): Pool {
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
