/** `parity --all`: every loss of some releases, on backends and in the real frameworks: agreement, differences, and curves. */
import { type Backend, isLossError } from "@isoloss/core";
import { printCall } from "../call/print.ts";
import type { Contestant } from "../contestants/contestant.ts";
import { roleOf } from "../contestants/contestant.ts";
import { installedIn } from "../contestants/open.ts";
import { systemContestant } from "../contestants/own.ts";
import { type PythonProcess, startPython } from "../contestants/python.ts";
import { createEvaluator, type Tensors } from "../evaluate.ts";
import { frameworkOf } from "../frameworks.ts";
import { compareSystems, generatedInputs, type Pair, type Tolerance } from "../parity.ts";
import { type Assignment, type Source, sampleSources } from "../probes.ts";
import { commonSource } from "../run-parity.ts";
import { type LossCall, lossCall, readSystem, type System } from "../system.ts";
import type { Values } from "../tensor-expression.ts";

/** The value and the gradient along a line through the inputs, for each contestant. */
export interface Curve {
  readonly x: readonly number[];
  /** What moves: an element of the prediction. */
  readonly label: string;
  readonly series: readonly {
    readonly name: string;
    readonly loss: readonly (number | null)[];
    readonly gradient: readonly (number | null)[];
  }[];
}
export interface AllRow {
  readonly profile: string;
  /** The call, in Python. */
  readonly call: string;
  readonly name: string;
  readonly pairs: readonly Pair[];
  readonly inputs: number;
  readonly curve: Curve | undefined;
  /** Why there is no comparison. */
  readonly skipped?: string;
}
export interface AllReport {
  /** As 2026-11-23. */
  readonly date: string;
  readonly profiles: readonly string[];
  /** Backends, and full versions of the frameworks. */
  readonly against: readonly string[];
  readonly rows: readonly AllRow[];
}

export interface AllOptions {
  readonly profiles: readonly string[];
  readonly backends: readonly Backend[];
  readonly pythons: readonly string[];
  /** How many seconds an answer of an environment may take. */
  readonly patience?: number;
  readonly samples: number;
  readonly tolerance: Tolerance;
  readonly date: string;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Every loss of a release once as a class and once as a function, and again with each of its flags turned. */
export function callsOfRelease(profile: string): LossCall[] {
  const { framework, profile: exact } = frameworkOf(profile);
  const seen = new Set<string>();
  return framework.namesOf(exact).flatMap((name) => {
    const plain = lossCall(exact, name, {});
    const key = `${plain.entry.entry} ${plain.as}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const flags = Object.entries(plain.contract.options).flatMap(([n, p]) =>
      p && typeof p.default === "boolean" && (p.only ?? plain.as) === plain.as ? [[n, !p.default] as const] : [],
    );
    return [plain, ...flags.map(([n, v]) => lossCall(exact, name, { [n]: v }))];
  });
}

const systemOf = (call: LossCall): System => readSystem(`${call.profile} ${printCall(call, "python")}`);

/** Runs everything. */
export async function runAll(options: AllOptions): Promise<AllReport> {
  const installed = await installedIn(options.pythons);
  const evaluators = options.backends.map((b) => ({ name: b.name, run: createEvaluator(b).run }));
  const calls = options.profiles.flatMap(callsOfRelease);
  const processes = new Map<string, PythonProcess>();
  const rows: AllRow[] = [];
  try {
    for (const [i, call] of calls.entries()) {
      options.onProgress?.(i, calls.length);
      const system = systemOf(call);
      const real = installed
        .filter((f) => f.profile === call.profile)
        .map((f) => {
          const process = processes.get(f.title) ?? startPython(f.python, f, options.patience);
          processes.set(f.title, process);
          return systemContestant(system, process.run, f.title);
        });
      const own = evaluators.map((e) => systemContestant(system, e.run, e.name));
      rows.push(await rowOf(system, [...own, ...real], options));
    }
    options.onProgress?.(calls.length, calls.length);
  } finally {
    for (const p of processes.values()) p.dispose();
  }
  return {
    date: options.date,
    profiles: options.profiles.map((p) => frameworkOf(p).profile),
    against: [...options.backends.map((b) => b.name), ...[...processes.keys()]],
    rows,
  };
}

async function rowOf(system: System, contestants: readonly Contestant[], options: AllOptions): Promise<AllRow> {
  const row = {
    profile: system.call.profile,
    call: printCall(system.call, "python"),
    name: system.call.name,
  };
  let made: { source: Source; assignments: Assignment[] };
  try {
    made = commonSource([system]);
  } catch (e) {
    if (isLossError(e)) return { ...row, pairs: [], inputs: 0, curve: undefined, skipped: e.message };
    throw e;
  }
  const { source, assignments } = made;
  const [assignment] = assignments as [Assignment];
  const prediction = Object.keys(source.form.types).filter((n) => roleOf(n) === "prediction" || n === "input1");
  const inputs = generatedInputs(source, assignments, options.samples);
  const result = await compareSystems(contestants, inputs, {
    tolerance: options.tolerance,
    gradients: prediction,
    shrink: { source, assignment },
  });
  return {
    ...row,
    pairs: result.pairs,
    inputs: inputs.length,
    curve: await curveOf(contestants, source, assignment, prediction[0]),
  };
}

const POINTS = 61;

/** The element of the prediction that the loss depends on most: of rows of classes that of a label. */
async function steepest(first: Contestant, tensors: Tensors, prediction: string): Promise<number> {
  const outcome = await first.answer(tensors, [prediction]);
  const slopes = outcome.refusal ? [] : (outcome.grads[prediction]?.data.map(Math.abs) ?? []);
  return Math.max(0, slopes.indexOf(Math.max(...slopes)));
}

/** Moves one element of the prediction through its range; all else stays. */
async function curveOf(
  contestants: readonly Contestant[],
  source: Source,
  assignment: Assignment,
  prediction: string | undefined,
): Promise<Curve | undefined> {
  if (prediction === undefined) return undefined;
  const { tensors } = sampleSources(source.form, assignment, 5);
  // the ends of a closed range are where clips act: there one value would hide the curve
  const [lo, hi] = assignment[prediction]?.range ? [0.01, 0.99] : [-4, 4];
  const x = Array.from({ length: POINTS }, (_, i) => lo + ((hi - lo) * i) / (POINTS - 1));
  const moved = await steepest(contestants[0] as Contestant, tensors, prediction);
  const at = (v: number): Tensors => {
    const t = tensors[prediction] as Values;
    return { ...tensors, [prediction]: { ...t, data: t.data.map((old, i) => (i === moved ? Math.fround(v) : old)) } };
  };
  const series = [];
  for (const c of contestants) {
    const loss: (number | null)[] = [];
    const gradient: (number | null)[] = [];
    for (const v of x) {
      const outcome = await c.answer(at(v), [prediction]);
      loss.push(outcome.refusal ? null : finite(total(outcome.value.data)));
      gradient.push(outcome.refusal ? null : finite(outcome.grads[prediction]?.data[moved]));
    }
    series.push({ name: c.name.replace(/^.*\((.*)\)$/, "$1"), loss, gradient });
  }
  return { x, label: `${prediction}[${moved}]`, series };
}
const total = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
const finite = (x: number | undefined): number | null => (x !== undefined && Number.isFinite(x) ? x : null);
