/** Which shapes a translation is for: other ranks, shapes that broadcast, no elements; each tried on both sides. */
import { type Candidate, runCandidate } from "../candidate.ts";
import { agree } from "../differ.ts";
import { sampleDomain } from "../domain.ts";
import type { Tensors } from "../evaluate.ts";
import type { Evaluator, Probe, Source } from "../probes.ts";
import { createRandom } from "../random.ts";
import type { Types } from "../tensor-expression.ts";
import type { Condition } from "./translation.ts";

interface ShapeProbe {
  readonly text: string;
  readonly types: Types;
}

/** The shapes to try beside a form's own. */
function* shapeProbes({ form, call }: Source): Generator<ShapeProbe> {
  const names = Object.keys(form.types).filter((n) => call.contract.inputs[n]);
  const ranks = names.map((n) => form.types[n]?.shape.length ?? 0);
  const alike = names.every((n) => String(form.types[n]?.shape) === String(form.types[names[0] as string]?.shape));
  const reshaped = (shapes: Readonly<Record<string, readonly number[]>>): Types =>
    Object.fromEntries(
      Object.entries(form.types).map(([n, t]) => [n, { dtype: t.dtype, shape: shapes[n] ?? t.shape }]),
    );
  const all = (shape: readonly number[]): Types => reshaped(Object.fromEntries(names.map((n) => [n, shape])));
  const [first, second] = names as [string, string];
  if (alike) {
    if (ranks[0] !== 0) yield { text: "rank >= 1", types: all([]) };
    for (const [a, b] of [
      [[4, 1], [4]],
      [[4], [4, 1]],
      [[2, 3], [3]],
      [[3], [2, 3]],
      [
        [2, 1],
        [2, 3],
      ],
    ] as const)
      yield { text: "equal shapes", types: reshaped({ [first]: a, [second]: b }) };
    for (const shape of [[4], [2, 3], [2, 3, 4], [2, 3, 4, 2]])
      if (shape.length !== ranks[0]) yield { text: `rank ${ranks[0]}`, types: all(shape) };
  }
  if (alike) yield { text: `rank ${ranks[0]}`, types: all([4, ...(form.types[first]?.shape ?? [])]) };
  const empty = Object.fromEntries(
    names.map((n) => [n, (form.types[n]?.shape ?? []).map((d, i) => (i === 0 ? 0 : d))]),
  );
  yield { text: "at least one element", types: reshaped(empty) };
}

/** Other forms of a call with class indices: more dimensions behind the classes. */
function* labelProbes({ form }: Source): Generator<ShapeProbe> {
  const [label] = form.labels;
  const floating = Object.keys(form.types).find((n) => (form.types[n]?.shape.length ?? 0) === 2);
  if (label === undefined || floating === undefined) return;
  const types = {
    ...form.types,
    [floating]: { dtype: "float32", shape: [2, form.classes, 4] },
    [label]: { dtype: form.types[label]?.dtype ?? "int64", shape: [2, 4] },
  } as Types;
  yield { text: `${floating} has shape (N, C)`, types };
}

function sampleTypes(source: Source, probe: Probe | undefined, types: Types, seed: number): Tensors {
  const random = createRandom(seed);
  return Object.fromEntries(
    Object.entries(types).map(([n, type]) => {
      const domain = probe?.assignment[n];
      if (!domain) throw new TypeError(`no domain of ${n}`);
      const axis = Math.min(source.form.classAxis[n] ?? 0, Math.max(0, type.shape.length - 1));
      return [n, sampleDomain(domain, type, axis, random).values];
    }),
  );
}
/** The shapes that the source accepts and the candidate refuses, or answers otherwise. */
export function shapeConditions(
  source: Source,
  candidate: Candidate,
  probes: readonly Probe[],
  evaluator: Evaluator,
): Condition[] {
  const found = new Map<string, Condition>();
  for (const { text, types } of [...shapeProbes(source), ...labelProbes(source)]) {
    if (found.has(text)) continue;
    const tensors = sampleTypes(source, probes[0], types, 3);
    const from = evaluator.run(source.call, tensors);
    if (from.refusal) continue;
    const to = runCandidate(evaluator, candidate, tensors);
    if (to && !to.refusal && agree(from.value, to.value)) continue;
    found.set(text, { text, violation: { tensors, from, to } });
  }
  return [...found.values()];
}
