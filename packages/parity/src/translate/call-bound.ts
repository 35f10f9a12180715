/** How far the float32 answers of a call and of its translation may lie apart. */
import { type Candidate, candidateTensors, scaleValue } from "../candidate.ts";
import type { Tensors } from "../evaluate.ts";
import { planTypes } from "../forms.ts";
import type { Source } from "../probes.ts";
import { boundedValue } from "./float32-bound.ts";
import type { Translation } from "./translation.ts";

/** How far the float32 answers of two calls that are equal over the reals may lie apart, on some inputs. */
export function boundOn(
  source: Source,
  candidate: Candidate,
  inputs: readonly Tensors[],
): { float32: NonNullable<Translation["float32"]> } | undefined {
  let worst = 0;
  for (const tensors of inputs) {
    const own = planTypes(source.call, tensors);
    const given = candidateTensors(candidate, tensors);
    const other = given && planTypes(candidate.call, given);
    if (!own || !given || !other) return undefined;
    const [a, b] = [boundedValue(own, tensors), boundedValue(other, given)];
    const k = Math.abs(scaleValue(candidate.scale, tensors));
    a.value.forEach((x, i) => {
      const error = (a.error[i] as number) + k * (b.error[i] as number) + 2 ** -23 * Math.abs(x);
      worst = Math.max(worst, error / Math.max(Math.abs(x), 2 ** -126));
    });
  }
  const over = `the largest by error analysis on ${inputs.length} typical inputs`;
  return Number.isFinite(worst) ? { float32: { relative: worst, over } } : undefined;
}
