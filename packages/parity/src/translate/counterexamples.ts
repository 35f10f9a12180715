/** Looks for inputs on which two calls differ, and for the largest difference. */
import { awkwardSample } from "../adversary.ts";
import { type Candidate, runCandidate } from "../candidate.ts";
import { agree, distanceOf } from "../differ.ts";
import type { Tensors } from "../evaluate.ts";
import type { Assignment, Evaluator, Probe, Source } from "../probes.ts";
import type { Example, Translation } from "./translation.ts";

/** How many inputs a search tries. */
export const ATTEMPTS = 400;
const tolerance = 1e-4;
/** Whether both sides say the same: they agree, or both refuse. Where the source refuses there is nothing to translate. */
export function contradiction(
  source: Source,
  candidate: Candidate,
  tensors: Tensors,
  evaluator: Evaluator,
): Example | undefined {
  const from = evaluator.run(source.call, tensors);
  if (from.refusal) return undefined;
  const to = runCandidate(evaluator, candidate, tensors);
  if (to && !to.refusal && agree(from.value, to.value, tolerance)) return undefined;
  return { tensors, from, to };
}

/** The largest difference that awkward inputs show, in every domain that the source accepts. */
export function largestDifference(
  source: Source,
  candidate: Candidate,
  probes: readonly Probe[],
  evaluator: Evaluator,
): Translation["largest"] {
  let worst: Translation["largest"];
  const assignments = probes.slice(0, 3).map((p) => p.assignment);
  for (let seed = 1; seed <= ATTEMPTS && assignments.length; seed++) {
    const assignment = assignments[seed % assignments.length] as Assignment;
    const { tensors } = awkwardSample(source, assignment, seed, false);
    const example = contradiction(source, candidate, tensors, evaluator);
    if (!example?.to || example.to.refusal || example.from.refusal) continue;
    const absolute = distanceOf(example.from.value, example.to.value)?.absolute ?? Infinity;
    if (!worst || absolute > worst.absolute) worst = { absolute, example };
  }
  return worst;
}
