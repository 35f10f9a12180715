/** Compares systems on inputs: where they agree and where not, how far apart they are, and the smallest input that shows it. */
import fc from "fast-check";
import { awkwardSample } from "./adversary.ts";
import type { Contestant } from "./contestants/contestant.ts";
import { type Distance, distance, further, none } from "./differ.ts";
import type { Outcome, Tensors } from "./evaluate.ts";
import { type Assignment, type Source, sampleSources } from "./probes.ts";
import type { Types, Values } from "./tensor-expression.ts";

export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}
export const standardTolerance: Tolerance = { relative: 1e-5, absolute: 1e-6 };

/** One of the things that are compared. */
export interface Part {
  /** "value", "unreduced", or "gradient of x". */
  readonly what: string;
  readonly largest: Distance;
  readonly compared: number;
  readonly disagreements: number;
  /** Why the two cannot be compared, where they cannot: their shapes. */
  readonly shapes?: string;
}
export interface Disagreement {
  readonly tensors: Tensors;
  readonly what: string;
  readonly first: Outcome;
  readonly other: Outcome;
}
/** The first system and one other. */
export interface Pair {
  readonly first: string;
  readonly other: string;
  readonly agree: boolean;
  readonly parts: readonly Part[];
  /** Inputs that one of the two refuses, and the other does not. */
  readonly refusals: number;
  readonly smallest: Disagreement | undefined;
}
export interface ParityResult {
  readonly systems: readonly string[];
  readonly inputs: number;
  readonly pairs: readonly Pair[];
}

const within = (a: number, b: number, t: Tolerance): boolean => {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  return Math.abs(a - b) <= t.absolute + t.relative * Math.max(Math.abs(a), Math.abs(b));
};

interface Comparison {
  readonly what: string;
  readonly distance: Distance;
  readonly agree: boolean;
  readonly shapes?: string;
}
function compareValues(what: string, a: Values, b: Values, t: Tolerance): Comparison {
  if (String(a.shape) !== String(b.shape))
    return { what, distance: none, agree: false, shapes: `[${a.shape.join(", ")}] and [${b.shape.join(", ")}]` };
  const dtype = a.dtype === "float64" && b.dtype === "float64" ? "float64" : a.dtype === "float64" ? b.dtype : a.dtype;
  const each = a.data.map((x, i) => distance(x, b.data[i] as number, dtype)).reduce(further, none);
  return { what, distance: each, agree: a.data.every((x, i) => within(x, b.data[i] as number, t)) };
}

function* compareOutcomes(a: Outcome, b: Outcome, t: Tolerance): Generator<Comparison> {
  if (a.refusal || b.refusal) return;
  yield compareValues("value", a.value, b.value, t);
  for (const [name, g] of Object.entries(a.grads))
    if (b.grads[name]) yield compareValues(`gradient of ${name}`, g, b.grads[name] as Values, t);
}

const refusalsDiffer = (a: Outcome, b: Outcome): boolean => (a.refusal === undefined) !== (b.refusal === undefined);

/** Inputs for a source: typical ones of the domains that it accepts, and awkward ones. */
export function generatedInputs(source: Source, assignments: readonly Assignment[], count: number): Tensors[] {
  return Array.from({ length: count }, (_, i) => {
    const assignment = assignments[i % assignments.length] as Assignment;
    return i % 2 === 0
      ? sampleSources(source.form, assignment, i + 1).tensors
      : awkwardSample(source, assignment, i + 1, false).tensors;
  });
}

export interface ParityOptions {
  readonly tolerance?: Tolerance;
  /** Names of tensors to differentiate. */
  readonly gradients: readonly string[];
  /** What inputs may be, for the search for the smallest. Without it nothing is shrunk. */
  readonly shrink?: { readonly source: Source; readonly assignment: Assignment };
  readonly onProgress?: (done: number, total: number) => void;
}

/** Compares the first contestant with each other on all inputs. */
export async function compareSystems(
  contestants: readonly Contestant[],
  inputs: readonly Tensors[],
  options: ParityOptions,
): Promise<ParityResult> {
  const [first, ...others] = contestants as [Contestant, ...Contestant[]];
  const pairs: Pair[] = [];
  let done = 0;
  for (const other of others) {
    const collected = new Map<string, Part>();
    let refusals = 0;
    let shown: Disagreement | undefined;
    for (const tensors of inputs) {
      options.onProgress?.(++done, inputs.length * others.length);
      const { comparisons, refused, a, b } = await answerBoth(first, other, tensors, options);
      if (refused) refusals++;
      for (const c of comparisons) collected.set(c.what, added(collected.get(c.what), c));
      const bad =
        comparisons.find((c) => !c.agree && c.what !== "unreduced")?.what ?? (refused ? "refusal" : undefined);
      if (bad && (!shown || importance(bad) < importance(shown.what)))
        shown = { tensors, what: bad, first: a, other: b };
    }
    const smallest = shown && (await shrunk(first, other, shown, options));
    const parts = [...collected.values()];
    const agree = refusals === 0 && parts.every((p) => p.what === "unreduced" || p.disagreements === 0);
    pairs.push({ first: first.name, other: other.name, agree, parts, refusals, smallest });
  }
  return { systems: contestants.map((c) => c.name), inputs: inputs.length, pairs };
}

/** Values are shown before gradients, these before refusals. */
const importance = (what: string): number => (what === "value" ? 0 : what === "refusal" ? 2 : 1);

function added(old: Part | undefined, c: Comparison): Part {
  return {
    what: c.what,
    largest: further(old?.largest ?? none, c.distance),
    compared: (old?.compared ?? 0) + 1,
    disagreements: (old?.disagreements ?? 0) + (c.agree ? 0 : 1),
    ...((c.shapes ?? old?.shapes) && { shapes: c.shapes ?? (old?.shapes as string) }),
  };
}

async function answerBoth(first: Contestant, other: Contestant, tensors: Tensors, options: ParityOptions) {
  const tolerance = options.tolerance ?? standardTolerance;
  const [a, b] = await Promise.all([
    first.answer(tensors, options.gradients),
    other.answer(tensors, options.gradients),
  ]);
  const comparisons = [...compareOutcomes(a, b, tolerance)];
  if (first.unreduced && other.unreduced && !a.refusal && !b.refusal) {
    const [u, v] = await Promise.all([first.unreduced.answer(tensors, []), other.unreduced.answer(tensors, [])]);
    if (!u.refusal && !v.refusal) comparisons.push(compareValues("unreduced", u.value, v.value, tolerance));
  }
  return { comparisons, refused: refusalsDiffer(a, b), a, b };
}

/** Whether two contestants disagree on the kind of thing that is to be shown. */
async function disagreeOn(
  first: Contestant,
  other: Contestant,
  tensors: Tensors,
  what: string,
  options: ParityOptions,
) {
  const { comparisons, refused, a, b } = await answerBoth(first, other, tensors, options);
  const bad = what === "refusal" ? refused : comparisons.some((c) => c.what === what && !c.agree);
  return bad ? { tensors, what, first: a, other: b } : undefined;
}

/** The shapes of a form with other sizes in the place of its own. */
const resized = (types: Types, sizes: ReadonlyMap<number, number>): Types =>
  Object.fromEntries(
    Object.entries(types).map(([n, t]) => [n, { dtype: t.dtype, shape: t.shape.map((d) => sizes.get(d) ?? d) }]),
  );

/** Inputs of a form, sizes included, as fast-check makes and shrinks them. */
function arbitraryTensors({ form }: Source, assignment: Assignment): fc.Arbitrary<Tensors> {
  const sizes = [...new Set(Object.values(form.types).flatMap((t) => t.shape))];
  const inRange = (name: string): fc.Arbitrary<number> => {
    const range = assignment[name]?.range ?? (assignment[name]?.name === "simplex" ? [0, 1] : undefined);
    const simple = [0, 1, 0.5, -1, 2, 0.25, 100, -100, 1e-8].filter((x) => !range || (x >= range[0] && x <= range[1]));
    const noise = fc
      .double({ min: range?.[0] ?? -8, max: range?.[1] ?? 8, noNaN: true })
      .map((x) => Number(x.toFixed(3)));
    return fc.oneof({ arbitrary: fc.constantFrom(...simple), weight: 2 }, { arbitrary: noise, weight: 3 });
  };
  return fc.tuple(...sizes.map(() => fc.integer({ min: 1, max: 3 }))).chain((chosen) => {
    const map = new Map(sizes.map((s, i) => [s, chosen[i] as number]));
    const types = resized(form.types, map);
    const classes = map.get(form.classes) ?? form.classes;
    const each = Object.entries(types).map(([name, t]) => {
      const length = t.shape.reduce((a, b) => a * b, 1);
      const element = form.labels.includes(name) ? fc.integer({ min: 0, max: classes - 1 }) : inRange(name);
      return fc
        .array(element, { minLength: length, maxLength: length })
        .map((data): [string, Values] => [
          name,
          { ...t, data: data.map((x) => (t.dtype === "float32" ? Math.fround(x) : x)) },
        ]);
    });
    return fc.tuple(...each).map((entries) => Object.fromEntries(entries));
  });
}

/** The smallest input that fast-check finds for a disagreement; the one at hand where it finds none. */
async function shrunk(
  first: Contestant,
  other: Contestant,
  shown: Disagreement,
  options: ParityOptions,
): Promise<Disagreement> {
  if (!options.shrink) return shown;
  const { source, assignment } = options.shrink;
  let last: Disagreement | undefined;
  const property = fc.asyncProperty(arbitraryTensors(source, assignment), async (tensors) => {
    const found = await disagreeOn(first, other, tensors, shown.what, options);
    if (found) last = found;
    return found === undefined;
  });
  const report = await fc.check(property, { numRuns: 200, seed: 1 });
  const [tensors] = report.counterexample ?? [];
  return (tensors && (await disagreeOn(first, other, tensors, shown.what, options))) ?? last ?? shown;
}
