/** A comparison as JSON and as rows of a table. */
import type { Outcome } from "./evaluate.ts";
import type { Disagreement, Pair, ParityResult, Part } from "./parity.ts";
import { type JsonTensor, tensorJson } from "./requests.ts";

const finite = (x: number): number | string => (Number.isFinite(x) ? x : String(x));
const answerJson = (o: Outcome) =>
  o.refusal
    ? { error: { code: o.refusal.code ?? "request", message: o.refusal.message } }
    : {
        value: tensorJson(o.value),
        grads: Object.fromEntries(Object.entries(o.grads).map(([n, g]) => [n, tensorJson(g)])),
      };

const disagreementJson = (pair: Pair, d: Disagreement) => ({
  on: d.what,
  inputs: Object.fromEntries(Object.entries(d.tensors).map(([n, t]): [string, JsonTensor] => [n, tensorJson(t)])),
  answers: { [pair.first]: answerJson(d.first), [pair.other]: answerJson(d.other) },
});
const partJson = (p: Part) => ({
  what: p.what,
  absolute: finite(p.largest.absolute),
  relative: finite(p.largest.relative),
  ulp: finite(p.largest.ulp),
  compared: p.compared,
  disagreements: p.disagreements,
  ...(p.shapes && { shapes: p.shapes }),
});

/** A comparison as JSON. */
export const parityJson = (r: ParityResult) => ({
  systems: r.systems,
  inputs: r.inputs,
  pairs: r.pairs.map((p) => ({
    first: p.first,
    other: p.other,
    agree: p.agree,
    parts: p.parts.map(partJson),
    refusals: p.refusals,
    ...(p.smallest && { smallest: disagreementJson(p, p.smallest) }),
  })),
});

const short = (x: number): string => (x === 0 ? "0" : Number.isFinite(x) ? x.toPrecision(3) : String(x));
const verdictOf = (p: Part): string => {
  if (p.shapes) return `other shapes: ${p.shapes}`;
  return p.disagreements ? `differs on ${p.disagreements} of ${p.compared}` : "agrees";
};
/** The heading of the table, and its rows: one a part of a pair. */
export const parityHeading = ["against", "what", "", "max abs", "max rel", "max ulp"] as const;
export const parityRows = (r: ParityResult): string[][] =>
  r.pairs.flatMap((pair) => [
    ...pair.parts.map((p, i) => [
      i === 0 ? pair.other : "",
      p.what,
      verdictOf(p),
      ...(p.shapes ? ["", "", ""] : [p.largest.absolute, p.largest.relative, p.largest.ulp].map(short)),
    ]),
    ...(pair.refusals
      ? [[pair.parts.length ? "" : pair.other, "refusals", `differ on ${pair.refusals}`, "", "", ""]]
      : []),
  ]);

const tensorText = (t: JsonTensor): string => {
  const data = t.data.slice(0, 12).map((x) => (typeof x === "number" ? Number(x.toPrecision(8)) : x));
  return `${t.dtype}[${t.shape.join(", ")}] ${JSON.stringify(data)}${t.data.length > 12 ? " …" : ""}`;
};
const outcomeText = (o: Outcome, what: string): string => {
  if (o.refusal) return `refused (${o.refusal.code ?? "shape"}): ${o.refusal.message}`;
  const of = what.startsWith("gradient of ") ? o.grads[what.slice("gradient of ".length)] : o.value;
  return of ? tensorText(tensorJson(of)) : "none";
};
/** The smallest disagreement of each pair, as lines. */
export const smallestLines = (r: ParityResult): string[] =>
  r.pairs.flatMap((p) =>
    p.smallest
      ? [
          `smallest input on which ${p.other} differs (${p.smallest.what}):`,
          ...Object.entries(p.smallest.tensors).map(([n, t]) => `  ${n} = ${tensorText(tensorJson(t))}`),
          `  ${p.first}: ${outcomeText(p.smallest.first, p.smallest.what)}`,
          `  ${p.other}: ${outcomeText(p.smallest.other, p.smallest.what)}`,
        ]
      : [],
  );
