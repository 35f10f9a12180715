/** A whole comparison by texts: opens the systems, makes or reads the inputs, compares, and closes what it opened. */
import { LossError } from "@isoloss/core";
import { roleOf, sameRole } from "./contestants/contestant.ts";
import { openContestants, type Surroundings } from "./contestants/open.ts";
import { createReferenceEvaluator, type Tensors } from "./evaluate.ts";
import { compareSystems, generatedInputs, type ParityResult, type Tolerance } from "./parity.ts";
import { type Assignment, demand, probesOf, type Source } from "./probes.ts";
import { readTensorJson } from "./requests.ts";
import { sourcesOfSystem } from "./sources.ts";
import type { System } from "./system.ts";

export interface RunParityOptions extends Surroundings {
  /** Lines of `eval` requests whose inputs are used; without them inputs are generated. */
  readonly requests?: readonly string[];
  readonly samples: number;
  readonly tolerance: Tolerance;
  readonly onProgress?: (done: number, total: number) => void;
}

/** The tensors of a file of requests. */
export function tensorsOfRequests(lines: readonly string[]): Tensors[] {
  return lines.flatMap((line, i) => {
    if (line.trim() === "") return [];
    let json: { inputs?: Record<string, unknown> } | null;
    try {
      json = JSON.parse(line) as typeof json;
    } catch {
      throw new LossError("request", `line ${i + 1} of the input is no JSON`);
    }
    if (typeof json?.inputs !== "object" || json.inputs === null)
      throw new LossError("request", `line ${i + 1} of the input is no eval request: it has no "inputs"`);
    return [Object.fromEntries(Object.entries(json.inputs).map(([n, t]) => [n, readTensorJson(t, n)]))];
  });
}

/** A form that every system takes, with the domains that the first accepts in it. */
export function commonSource(systems: readonly System[]): { source: Source; assignments: Assignment[] } {
  const [first, ...others] = systems;
  if (!first) throw new LossError("missing", "inputs cannot be made up for these systems: give some with --input");
  const evaluator = createReferenceEvaluator();
  const shapes = (s: Source): string =>
    JSON.stringify(
      Object.entries(s.form.types)
        .filter(([n]) => s.call.contract.inputs[n])
        .map(([n, t]) => [roleOf(n), t.dtype, t.shape])
        .sort(),
    );
  const others_ = others.map((s) => (Object.keys(s.inputs).length ? undefined : sourcesOfSystem(s).map(shapes)));
  const sources = sourcesOfSystem(first);
  const source = sources.find((s) => others_.every((o) => !o || o.includes(shapes(s)))) ?? sources[0];
  if (!source)
    throw new LossError("shape", `${first.call.name}: no shapes are known that it takes; give some with --input`);
  const probes = probesOf(source, evaluator).sort((a, b) => demand(a.assignment) - demand(b.assignment));
  const assignments = spread(probes, 5).map((p) => p.assignment);
  if (assignments.length === 0)
    throw new LossError("value", `${first.call.name}: no values are known that it takes; give some with --input`);
  return { source: named(source, first), assignments: assignments.map((a) => renamed(a, first)) };
}
/** A few of a list: the first, the last, and some between. */
const spread = <T>(list: readonly T[], count: number): T[] =>
  list.length <= count
    ? [...list]
    : Array.from({ length: count }, (_, i) => list[Math.round((i * (list.length - 1)) / (count - 1))] as T);

/** The text's own names for the tensors, where it gives some. */
const nameIn = (system: System, argument: string): string => {
  const written = system.inputs[argument];
  return written?.kind === "name" ? written.name : argument;
};
const renamed = <T>(record: Readonly<Record<string, T>>, system: System): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([n, x]) => [nameIn(system, n), x]));
const named = (source: Source, system: System): Source => ({
  ...source,
  form: {
    ...source.form,
    types: renamed(source.form.types, system),
    labels: source.form.labels.map((n) => nameIn(system, n)),
    classAxis: renamed(source.form.classAxis, system),
  },
  fixed: renamed(source.fixed, system),
});

/** Compares systems by their texts. */
export async function runParity(
  texts: readonly string[],
  options: RunParityOptions,
): Promise<ParityResult & { titles: readonly string[] }> {
  const opened = await openContestants(texts, options);
  try {
    if (opened.contestants.length < 2)
      throw new LossError("missing", "two systems are needed, or one with --python or several --backend");
    const given = options.requests && tensorsOfRequests(options.requests);
    const made = given ? undefined : commonSource(opened.systems);
    const inputs =
      given ??
      generatedInputs(
        (made as { source: Source }).source,
        (made as { assignments: Assignment[] }).assignments,
        options.samples,
      );
    const names = Object.keys(inputs[0] ?? {});
    const gradients = gradientsOf(opened.systems, names);
    const result = await compareSystems(opened.contestants, inputs, {
      tolerance: options.tolerance,
      gradients,
      ...(made?.assignments[0] && { shrink: { source: made.source, assignment: made.assignments[0] } }),
      ...(options.onProgress && { onProgress: options.onProgress }),
    });
    return { ...result, titles: opened.titles };
  } finally {
    await opened.dispose();
  }
}
/** The predictions: what frameworks differentiate. */
const gradientsOf = (systems: readonly System[], names: readonly string[]): string[] => {
  const targets = new Set(["target"]);
  const wanted = systems.flatMap((s) =>
    s.call.contract.gradient.of.flatMap((n) => {
      const own = sameRole(nameIn(s, n), names);
      return own !== undefined && !targets.has(roleOf(own)) && roleOf(n) !== "target" ? [own] : [];
    }),
  );
  return [...new Set(wanted)];
};
