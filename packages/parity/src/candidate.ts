/** A call that may stand for another: which loss, what its tensors are, and the factor in front. */
import type { Outcome, Tensors } from "./evaluate.ts";
import { algebraOf } from "./symbolic/algebra.ts";
import { createCalculus } from "./symbolic/calculus.ts";
import type { Facts } from "./symbolic/facts.ts";
import { number, plus, type Term, times } from "./symbolic/term.ts";
import type { LossCall } from "./system.ts";
import { evaluateExpression, type TensorExpression, type Types, type Values } from "./tensor-expression.ts";

/** Numbers and sizes that multiply or divide. */
export interface Scale {
  readonly number: number;
  /** Sizes of dimensions, as `input.shape[1]`, and whether they multiply (1) or divide (−1). */
  readonly extents: readonly { readonly tensor: string; readonly axis: number; readonly power: 1 | -1 }[];
}
export const unscaled: Scale = { number: 1, extents: [] };

export interface Candidate {
  readonly call: LossCall;
  /** Every tensor of the call in terms of the source's. */
  readonly tensors: Readonly<Record<string, TensorExpression>>;
  readonly scale: Scale;
  readonly offset: number;
  readonly complexity: number;
}

/** The factor as a number, for tensors of these types. */
export const scaleValue = (scale: Scale, types: Types): number =>
  scale.extents.reduce((x, e) => x * (types[e.tensor]?.shape.at(e.axis) as number) ** e.power, scale.number);

/** scale·value + offset, of a term. */
export function scaledTerm(t: Term, { scale, offset }: Candidate, types: Types, facts: Facts): Term {
  const calculus = createCalculus(facts);
  const algebra = algebraOf(calculus);
  const factors = scale.extents.map((e) =>
    calculus.power(algebra.extent(types[e.tensor]?.shape.at(e.axis) as number), e.power),
  );
  return plus(times(number(scale.number), ...factors, t), number(offset));
}

/** The tensors of a candidate's call, of given source tensors; undefined: an expression does not apply. */
export function candidateTensors(candidate: Candidate, sources: Tensors): Tensors | undefined {
  const out: Record<string, Values> = {};
  for (const [name, e] of Object.entries(candidate.tensors)) {
    const values = evaluateExpression(e, sources);
    if (!values) return undefined;
    out[name] = values;
  }
  return out;
}

/** What a candidate gives for given source tensors. */
export function runCandidate(
  evaluator: { run(call: LossCall, tensors: Tensors): Outcome },
  candidate: Candidate,
  sources: Tensors,
): Outcome | undefined {
  const tensors = candidateTensors(candidate, sources);
  if (!tensors) return undefined;
  const outcome = evaluator.run(candidate.call, tensors);
  if (outcome.refusal) return outcome;
  const k = scaleValue(candidate.scale, sources);
  const data = outcome.value.data.map((x) => k * x + candidate.offset);
  return { ...outcome, value: { ...outcome.value, data } };
}
