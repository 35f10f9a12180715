/** Whether the gradients of a call and of its translation agree where their values do: compared on samples, kinks among them. */
import { type Candidate, candidateTensors, scaleValue } from "../candidate.ts";
import { agree } from "../differ.ts";
import type { Tensors } from "../evaluate.ts";
import type { Evaluator, Probe, Source } from "../probes.ts";
import { pullBack } from "../pull-back.ts";
import { conditionsOf } from "../symbolic/cases.ts";
import { observedSigns } from "../symbolic/evaluate-term.ts";
import { ANY, NEGATIVE, POSITIVE, type Signs, ZERO } from "../symbolic/facts.ts";
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

type Where = Pick<Proved, "assignment" | "accepted" | "literals">;

interface Compared {
  readonly samples: number;
  /** Where gradients differ, by the tensor that they are of. */
  readonly differing: ReadonlyMap<string, readonly Seen[]>;
  /** Some inputs on which they all agree. */
  readonly agreeing: readonly Tensors[];
}

/** Compares on inputs on which the literals hold and the values agree. */
function compareOn(
  source: Source,
  candidate: Candidate,
  proved: Where,
  evaluator: Evaluator,
  attempts: number,
): Compared {
  const names = differentiated(source);
  const differing = new Map<string, Seen[]>();
  const agreeing: Tensors[] = [];
  let samples = 0;
  for (let seed = 1; seed <= attempts; seed++) {
    const { tensors, bases } = sampleOf(source, proved, seed);
    if (proved.literals.some((l) => broken(l, bases))) continue;
    const own = evaluator.run(source.call, tensors, names);
    if (own.refusal || !own.value.data.every(Number.isFinite)) continue;
    if (contradiction(source, candidate, tensors, evaluator)) continue;
    samples++;
    const others = candidateGradients(candidate, tensors, evaluator);
    const different = names.filter((name) => {
      const [from, to] = [own.grads[name], others?.[name]];
      return from && !(to && agree(from, to, TOLERANCE));
    });
    if (different.length === 0 && agreeing.length < 100) agreeing.push(bases);
    for (const name of different) {
      const seen = { tensors, bases, from: own.grads[name] as Values, to: others?.[name] };
      differing.set(name, [...(differing.get(name) ?? []), seen]);
    }
  }
  return { samples, differing, agreeing };
}

/** Compares gradients where a proof, or a match, says that the values agree. `probes`: the domains in which they do, least demanding first. */
export function compareGradients(
  source: Source,
  candidate: Candidate,
  proved: Where,
  probes: readonly Probe[],
  evaluator: Evaluator,
): GradientComparison {
  const { samples, differing, agreeing } = compareOn(source, candidate, proved, evaluator, ATTEMPTS);
  const terms = differing.size ? termsOf(source, candidate, proved.assignment) : [];
  const conditions = terms.flatMap((t) => [...conditionsOf(t).values()]);
  const differences = [...differing].map(([of, list]): GradientDifference => {
    const [{ tensors, from, to }] = list as [Seen];
    const unless =
      to && (parting(conditions, list, agreeing) ?? narrower(source, candidate, proved, probes, of, evaluator));
    return { of, inputs: list.length, unless, example: { tensors, from, to } };
  });
  return { of: differentiated(source), samples, differences };
}

/** The least demanding domains in which a gradient does agree: probabilities, where a kernel takes them for granted. */
function narrower(
  source: Source,
  candidate: Candidate,
  { assignment }: Where,
  probes: readonly Probe[],
  of: string,
  evaluator: Evaluator,
): string | undefined {
  for (const probe of probes) {
    const more = Object.entries(probe.assignment).filter(([n, d]) => d !== assignment[n] && d.rank > 0);
    if (more.length === 0) continue;
    const where = { assignment: probe.assignment, accepted: probe.assignment, literals: [] };
    const { samples, differing } = compareOn(source, candidate, where, evaluator, ATTEMPTS / 4);
    if (samples > 10 && !differing.has(of)) return more.map(([n, d]) => d.text(n)).join(" and ");
  }
  return undefined;
}

/** A sign of one condition of the graphs that all inputs with a difference show, and none without; or the kink on which all of them lie. */
function parting(
  conditions: readonly Term[],
  differing: readonly Seen[],
  agreeing: readonly Tensors[],
): string | undefined {
  const shows = (c: Term, sign: Signs, bases: Tensors): boolean => (observedSigns(c, bases) & sign) !== 0;
  const candidates = conditions.flatMap((c) =>
    [ZERO, NEGATIVE, POSITIVE].flatMap((sign) =>
      differing.every((d) => shows(c, sign, d.bases)) ? [{ c, sign }] : [],
    ),
  );
  const strict = candidates.find(({ c, sign }) => agreeing.length && !agreeing.some((bases) => shows(c, sign, bases)));
  const found = strict ?? candidates.find(({ sign }) => sign === ZERO);
  return found && printCondition(found.c, ANY & ~found.sign);
}
