/** An explanation as JSON and as lines. */
import type { Explanation } from "./explanation.ts";

const number = (x: number): number | string => (Number.isFinite(x) ? x : String(x));

export const explanationJson = (e: Explanation) => ({
  first: e.first,
  other: e.other,
  inputs: e.inputs,
  meanDifference: number(e.mean),
  largestDifference: number(e.largest),
  differences: e.differences.map((d) => ({ ...d, share: d.share === undefined ? null : Number(d.share.toFixed(4)) })),
});

const percent = (share: number | undefined): string =>
  share === undefined ? "" : `${Math.round(share * 100)} % of the difference`;

export function explanationText(e: Explanation): string {
  const short = (x: number): string => (Number.isFinite(x) ? String(Number(x.toPrecision(4))) : String(x));
  const head = `${e.first}  against  ${e.other}: on ${e.inputs} inputs the values differ by ${short(e.mean)} in the mean, ${short(e.largest)} at most`;
  if (e.differences.length === 0) return `${head}\nno rule differs`;
  return [
    head,
    ...e.differences.flatMap((d) => [
      `${d.aspect}: ${d.text}`,
      `    ${[percent(d.share), d.where].filter(Boolean).join("; ")}`,
    ]),
  ].join("\n");
}
