/** The measurements as Markdown: a table of medians, the ratios that the targets speak of, and what ran where. */
import type { Missing } from "./contender.ts";
import type { Measurement } from "./measure.ts";

export interface Run {
  readonly date: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly missing: readonly Missing[];
  readonly measurements: readonly Measurement[];
}

const digits = (ms: number): string => (ms >= 100 ? ms.toFixed(0) : ms >= 1 ? ms.toFixed(2) : ms.toPrecision(3));
const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");

const names = (list: readonly Measurement[]): string[] => [
  ...new Set(list.flatMap((m) => [...m.timings, ...m.wrong].map((t) => t.contender))),
];
const medianOf = (m: Measurement, contender: string): number | undefined =>
  m.timings.find((t) => t.contender === contender)?.median;

/** The faster of several contenders on one workload. */
const best = (m: Measurement, those: readonly string[]): number | undefined => {
  const times = those.flatMap((c) => medianOf(m, c) ?? []);
  return times.length ? Math.min(...times) : undefined;
};
const geometric = (list: readonly number[]): number =>
  Math.exp(list.reduce((s, x) => s + Math.log(x), 0) / list.length);

/** How many times faster `ours` is than the better of `theirs`, over the large workloads. */
export function speedups(list: readonly Measurement[], ours: string, theirs: readonly string[]): number[] {
  return list
    .filter((m) => m.large)
    .flatMap((m) => {
      const [own, other] = [medianOf(m, ours), best(m, theirs)];
      return own === undefined || other === undefined ? [] : [other / own];
    });
}

function ratios(list: readonly Measurement[]): string {
  const all = names(list);
  const matching = (pattern: RegExp): string[] => all.filter((n) => pattern.test(n));
  const peers: readonly (readonly [string, readonly string[]])[] = [
    ["PyTorch eager (the better allocator)", matching(/eager/)],
    ["torch.compile", matching(/compile/)],
    ["onnxruntime-web", matching(/onnxruntime-web/)],
    ["onnxruntime-node", matching(/onnxruntime-node/)],
    ["tfjs (the better backend)", matching(/tfjs/)],
    ["scalar JavaScript", matching(/scalar/)],
  ];
  const rows = matching(/^isoloss/).flatMap((ours) =>
    peers.flatMap(([title, theirs]) => {
      const s = speedups(list, ours, theirs);
      return s.length
        ? [[ours, title, `${geometric(s).toFixed(2)}×`, `${Math.min(...s).toFixed(2)}×`, `${s.length}`]]
        : [];
    }),
  );
  return table(["contender", "against", "geometric mean", "worst", "workloads"], rows);
}

/** One column a contender, medians in milliseconds; the memory floor last. */
function times(list: readonly Measurement[]): string {
  const all = names(list);
  const rows = list.map((m) => [
    m.workload,
    ...all.map((c) => {
      const t = medianOf(m, c);
      return t === undefined ? (m.wrong.some((w) => w.contender === c) ? "wrong" : "–") : digits(t);
    }),
    digits(m.floor),
  ]);
  return table(["workload", ...all, "memory floor"], rows);
}

function errors(list: readonly Measurement[]): string {
  const rows = list.flatMap((m) =>
    [...m.timings, ...m.wrong].map((t) => [
      m.workload,
      t.contender,
      t.valueError.toExponential(1),
      m.measured === "both" ? t.gradientError.toExponential(1) : "–",
    ]),
  );
  return table(["workload", "contender", "value", "gradient"], rows);
}

const section = (title: string, list: readonly Measurement[]): string =>
  list.length
    ? `## ${title}\n\nMedians in milliseconds.\n\n${times(list)}\n\nOver the large workloads, how many times faster:\n\n${ratios(list)}\n`
    : "";

export function markdown(run: Run): string {
  const both = run.measurements.filter((m) => m.measured === "both");
  const value = run.measurements.filter((m) => m.measured === "value");
  const versions = Object.entries(run.versions).map(([k, v]) => `${k} ${v}`);
  return [
    "# Benchmarks",
    `Run on ${run.date}: ${run.machine}. ${versions.join(", ")}. One thread each; contenders take turns within each round, on inputs that change every round; numbers are checked before anything is timed. Only ratios within one run mean anything.`,
    run.missing.length ? `Not measured: ${run.missing.map((m) => `${m.name} (${m.reason})`).join("; ")}.` : "",
    section("Value and gradients", both),
    section("Value alone", value),
    `## Differences from the first contender\n\nRelative; of a gradient relative to its largest element.\n\n${errors(both)}\n`,
  ]
    .filter(Boolean)
    .join("\n\n");
}
