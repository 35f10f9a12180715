/** Whether the gradients of a call and of its translation agree where their values do: compared on samples, kinks among them. */
import { type Candidate, candidateTensors, scaleValue } from "../candidate.ts";
import { agree } from "../differ.ts";
import type { Tensors } from "../evaluate.ts";
import type { Evaluator, Source } from "../probes.ts";
import { pullBack } from "../pull-back.ts";
import { conditionsOf } from "../symbolic/cases.ts";
import { observedSigns } from "../symbolic/evaluate-term.ts";
import { NEGATIVE, POSITIVE, ZERO } from "../symbolic/facts.ts";
import { printCondition } from "../symbolic/print-term.ts";
import type { Term } from "../symbolic/term.ts";
import type { Values } from "../tensor-expression.ts";
import { ATTEMPTS, contradiction } from "./counterexamples.ts";
import { type Proved, termsOf } from "./prove-match.ts";
import type { GradientComparison, GradientDifference } from "./translation.ts";
import { broken, sampleOf } from "./value-conditions.ts";

/** How near gradients must be, relatively: they are compared at kinks and where float32 cancels. */
const TOLERANCE = 1e-3;

/** The source's tensors that its framework differentiates, weights aside. */
const differentiated = ({ call, form, fixed }: Source): string[] =>
  call.contract.gradient.of.filter(
    (n) =>
      form.types[n] &&
      /float/.test(form.types[n].dtype) &&
      !call.contract.inputs[n]?.optional &&
      fixed[n] === undefined,
  );

/** The gradients of a candidate for the source's tensors; a tensor that nothing is passed back to is left out. */
function candidateGradients(candidate: Candidate, sources: Tensors, evaluator: Evaluator): Tensors | undefined {
  const { call } = candidate;
  const tensors = candidateTensors(candidate, sources);
  const names = call.contract.gradient.of.filter((n) => tensors?.[n] && /float/.test(tensors[n].dtype));
  const outcome = tensors && evaluator.run(call, tensors, names);
  if (!outcome || outcome.refusal) return undefined;
  const scale = scaleValue(candidate.scale, sources);
  const total: Record<string, Values> = {};
  for (const [name, g] of Object.entries(outcome.grads)) {
    const e = candidate.tensors[name];
    for (const [source, part] of Object.entries(e ? pullBack(e, sources, g) : {})) {
      const old = total[source]?.data;
      const data = part.map((x, i) => scale * x + (old?.[i] ?? 0));
      total[source] = { dtype: "float32", shape: (sources[source] as Values).shape, data };
    }
  }
  return total;
}

interface Seen {
  readonly tensors: Tensors;
  readonly bases: Tensors;
  readonly from: Values;
  readonly to: Values | undefined;
}

/** Compares gradients on inputs of an assignment on which the literals hold and the values agree. */
export function compareGradients(
  source: Source,
  candidate: Candidate,
  proved: Pick<Proved, "assignment" | "accepted" | "literals">,
  evaluator: Evaluator,
): GradientComparison {
  const names = differentiated(source);
  const seen = new Map<string, Seen[]>();
  let samples = 0;
  for (let seed = 1; seed <= ATTEMPTS; seed++) {
    const { tensors, bases } = sampleOf(source, proved, seed);
    if (proved.literals.some((l) => broken(l, bases))) continue;
    const own = evaluator.run(source.call, tensors, names);
    if (own.refusal || !own.value.data.every(Number.isFinite)) continue;
    if (contradiction(source, candidate, tensors, evaluator)) continue;
    samples++;
    const others = candidateGradients(candidate, tensors, evaluator);
    for (const name of names) {
      const from = own.grads[name];
      const to = others?.[name];
      if (!from || (to && agree(from, to, TOLERANCE))) continue;
      seen.set(name, [...(seen.get(name) ?? []), { tensors, bases, from, to }]);
    }
  }
  const conditions = seen.size
    ? termsOf(source, candidate, proved.assignment).flatMap((t) => [...conditionsOf(t).values()])
    : [];
  const differences = [...seen].map(([of, list]): GradientDifference => {
    const [{ tensors, from, to }] = list as [Seen];
    return {
      of,
      inputs: list.length,
      unless: to ? avoiding(conditions, list) : undefined,
      example: { tensors, from, to },
    };
  });
  return { of: names, samples, differences };
}

/** What all inputs that show a difference lie on: the boundary of one condition of the graphs. */
function avoiding(conditions: readonly Term[], seen: readonly Seen[]): string | undefined {
  const found = conditions.find((c) => seen.every(({ bases }) => (observedSigns(c, bases) & ZERO) !== 0));
  return found && printCondition(found, NEGATIVE | POSITIVE);
}
