/** The report of `parity --all` as rows, Markdown and JSON. */
import { parityJson } from "../parity-report.ts";
import type { AllReport, AllRow } from "./run-all.ts";

export const allHeading = ["release", "call", "against", "result", "value", "gradient", "inputs"] as const;

const short = (x: number): string => (x === 0 ? "0" : Number.isFinite(x) ? `${Number(x.toPrecision(3))}` : "∞");

/** What a pair says in one word or two. */
export function resultOf(pair: AllRow["pairs"][number]): string {
  if (pair.agree) return "agrees";
  const parts = pair.parts.filter((p) => p.what !== "unreduced" && p.disagreements > 0);
  const said = parts.map((p) => `${p.what} differs on ${p.disagreements}`);
  return [...said, ...(pair.refusals ? [`refusals differ on ${pair.refusals}`] : [])].join(", ");
}
const ulps = (pair: AllRow["pairs"][number], gradient: boolean): string => {
  const parts = pair.parts.filter((p) => p.what !== "unreduced" && p.what.startsWith("gradient") === gradient);
  if (parts.length === 0) return "";
  const worst = Math.max(...parts.map((p) => p.largest.ulp));
  const relative = Math.max(...parts.map((p) => p.largest.relative));
  return `${short(worst)} ulp (${short(relative)})`;
};
const where = (name: string): string => name.replace(/^.*\((.*)\)$/, "$1");

/** One row a call and opponent. */
export const allRows = (r: AllReport): string[][] =>
  r.rows.flatMap((row) =>
    row.skipped
      ? [[row.profile, row.call, "", row.skipped, "", "", ""]]
      : row.pairs.map((p) => [
          row.profile,
          row.call,
          where(p.other),
          resultOf(p),
          ulps(p, false),
          ulps(p, true),
          String(row.inputs),
        ]),
  );

/** How many comparisons agree. */
export function summaryOf(r: AllReport): string {
  const pairs = r.rows.flatMap((row) => row.pairs);
  return `${pairs.filter((p) => p.agree).length} of ${pairs.length} comparisons agree; ${r.date}; ${r.profiles.join(", ")} on ${r.against.join(", ")}`;
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
export const allMarkdown = (r: AllReport): string =>
  [
    `# Parity`,
    "",
    `${summaryOf(r)}. Differences are the largest found: in units in the last place of float32, and relatively.`,
    "",
    `| ${allHeading.join(" | ")} |`,
    `| ${allHeading.map(() => "---").join(" | ")} |`,
    ...allRows(r).map((row) => `| ${row.map(cell).join(" | ")} |`),
    "",
  ].join("\n");

export const allJson = (r: AllReport) => ({
  date: r.date,
  profiles: r.profiles,
  against: r.against,
  rows: r.rows.map((row) => ({
    profile: row.profile,
    call: row.call,
    inputs: row.inputs,
    ...(row.skipped && { skipped: row.skipped }),
    pairs: parityJson({ systems: [], inputs: row.inputs, pairs: row.pairs }).pairs,
    ...(row.curve && { curve: row.curve }),
  })),
});
