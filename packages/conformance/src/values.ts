/** What data a port is tested with: ordinary values of its domain, and those that break implementations. */
import type { Random } from "./random.ts";

/** What a port's numbers mean. */
export type Domain =
  | "any"
  | "probability"
  | "log-probability"
  | "positive"
  | "sign"
  | "binary"
  | "weight"
  | "distribution"
  | "label";

/**
 * ordinary: inside the domain, off the kinks. awkward: every other element is one of the domain's special values.
 * tied: all elements are equal. ignored: labels are exempt and floats are NaN there, weights are 0.
 */
export type Values = "ordinary" | "awkward" | "tied" | "ignored";

const inexact = [0, -0, 1e-40, -3e-45, Number.NaN];
const special: Readonly<Record<Exclude<Domain, "label">, readonly number[]>> = {
  any: [...inexact, 1, -1, 0.5, Infinity, -Infinity, 88.5, -87.5, -95, 3e38, 1e-3, 100, -100],
  probability: [...inexact, 1, 0.5, 1e-7, 1 - 1e-7, 1e-12, 1 - 6e-8],
  "log-probability": [...inexact, -100, -Infinity, -1e-7],
  positive: [...inexact, 1, Infinity, 1e-7, 3e38, 100],
  sign: [0, -0, 1, -1, 2, Number.NaN],
  binary: [0, -0, 1, 0.5, Number.NaN],
  weight: [0, -0, 1, -1, 0.5, Infinity, Number.NaN],
  distribution: [...inexact, 1, 0.5, 2],
};

const ordinary: Readonly<Record<Exclude<Domain, "label">, (r: Random) => number>> = {
  any: (r) => r.unit() * 8 - 4,
  probability: (r) => 0.05 + 0.9 * r.unit(),
  "log-probability": (r) => -0.05 - 3 * r.unit(),
  positive: (r) => 0.1 + 4 * r.unit(),
  sign: (r) => r.of([-1, 1]),
  binary: (r) => r.of([0, 1]),
  weight: (r) => 0.25 + r.unit(),
  distribution: (r) => 0.05 + r.unit(),
};

/** `n` floats of a domain. */
export function floatValues(r: Random, n: number, domain: Exclude<Domain, "label">, values: Values): Float64Array {
  const draw = ordinary[domain];
  const one = draw(r);
  return Float64Array.from({ length: n }, (_, i) => {
    if (values === "tied") return one;
    if (values === "ignored" && domain === "weight") return 0;
    if (values === "ignored" && i % 2 === 0) return Number.NaN;
    return values === "awkward" && r.below(2) === 0 ? r.of(special[domain]) : draw(r);
  });
}

/** `n` class indices below `classes`, or the exempt index where there is one. */
export function labelValues(
  r: Random,
  n: number,
  classes: number,
  exempt: number | undefined,
  values: Values,
): Int32Array {
  const first = r.below(classes);
  return Int32Array.from({ length: n }, () => {
    if (exempt !== undefined && (values === "ignored" || (values === "awkward" && r.below(3) === 0))) return exempt;
    return values === "tied" ? first : r.below(classes);
  });
}
