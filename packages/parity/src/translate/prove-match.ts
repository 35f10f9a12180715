/** Proves that a match of the search is the same function, in the least demanding domains in which it can be proved. */
import { program } from "@isoloss/core";
import { type Candidate, scaledTerm } from "../candidate.ts";
import { roleOf } from "../contestants/contestant.ts";
import { domains } from "../domain.ts";
import type { Tensors } from "../evaluate.ts";
import { planTypes } from "../forms.ts";
import type { Assignment, Probe, Source } from "../probes.ts";
import { type Match, scalesFor } from "../search.ts";
import { proveWithConditions, type ReadPair } from "../symbolic/conditions.ts";
import { linear, ZERO } from "../symbolic/facts.ts";
import { factsOf, readCall, type Sources } from "../symbolic/model.ts";
import type { Literal } from "../symbolic/prove.ts";
import { withinReach } from "../symbolic/reach.ts";
import type { Term } from "../symbolic/term.ts";
import type { TensorExpression } from "../tensor-expression.ts";
import type { Proof } from "./translation.ts";

const identity = (names: readonly string[]): Record<string, TensorExpression> =>
  Object.fromEntries(names.map((name) => [name, { kind: "source", name }]));

/** How a term pair is read for a candidate, the tensors in given domains. */
function pairReader(
  source: Source,
  candidate: Candidate,
  assignment: Assignment,
): { read: ReadPair; sources: Sources } {
  const { form } = source;
  const sources: Sources = { types: form.types, domains: assignment, classAxis: form.classAxis };
  const own = identity(Object.keys(form.types));
  const read: ReadPair = (facts) =>
    withinReach(() => {
      const a = readCall(source.call, own, sources, facts)?.terms[0];
      const b = readCall(candidate.call, candidate.tensors, sources, facts)?.terms[0];
      return a && b && [a, scaledTerm(b, candidate, form.types, facts)];
    });
  return { read, sources };
}

/** The terms of both sides, without conditions; none where they cannot be read. */
export function termsOf(source: Source, candidate: Candidate, assignment: Assignment): readonly Term[] {
  const { read, sources } = pairReader(source, candidate, assignment);
  return read(factsOf(sources)) ?? [];
}

export interface Proved {
  readonly candidate: Candidate;
  readonly proof: Proof;
  /** What the proof takes for granted of the tensors. */
  readonly assignment: Assignment;
  readonly literals: readonly Literal[];
  /** Domains that the source accepts, to look for violations in. */
  readonly accepted: Assignment;
}

/** Proves a match in the least demanding domains in which it can be proved. */
export function prove(source: Source, { candidate, matched }: Match): Proved | undefined {
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
  if (!found || found.literals.some((l) => excludesLabel(source, l))) return undefined;
  const same = found.literals.length === 0 && found.proof === "normal-form" && sameDefinition(source, candidate);
  return { proof: same ? "same-definition" : found.proof, literals: found.literals };
}

/** A condition that denies 1 to a target of numbers: 1 is a label wherever there are two, and such a proof is about no use of the loss. */
function excludesLabel({ form }: Source, { of, signs }: Literal): boolean {
  const at = linear(of);
  if (!at || signs & ZERO || roleOf(at.tensor) !== "target" || form.labels.includes(at.tensor)) return false;
  return Math.abs(at.slope + at.offset) < 1e-9;
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
