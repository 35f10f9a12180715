/** The measurements as Markdown: a table of medians, the ratios that the targets speak of, and what ran where. */
import type { Cold } from "./cold.ts";
import type { Missing } from "./contender.ts";
import { type Measurement, median, type Timing, TOLERANCE } from "./measure.ts";

export interface Run {
  readonly date: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly missing: readonly Missing[];
  readonly measurements: readonly Measurement[];
  /** Of several processes. */
  readonly cold: readonly Cold[];
}

const digits = (ms: number): string => (ms >= 100 ? ms.toFixed(0) : ms >= 1 ? ms.toFixed(2) : ms.toPrecision(3));
const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");

const names = (list: readonly Measurement[]): string[] => [
  ...new Set(list.flatMap((m) => [...m.timings, ...m.wrong].map((t) => t.contender))),
];
const timingOf = (m: Measurement, contender: string): Timing | undefined =>
  m.timings.find((t) => t.contender === contender);
const medianOf = (m: Measurement, contender: string): number | undefined => timingOf(m, contender)?.median;

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

/** Whom this project is held against: of several builds of one peer, the fastest on each workload. */
const peers: readonly (readonly [string, RegExp])[] = [
  ["PyTorch eager (the better allocator)", /eager/],
  ["torch.compile", /compile/],
  ["onnxruntime-web", /onnxruntime-web/],
  ["onnxruntime-node", /onnxruntime-node/],
  ["tfjs (the better backend)", /tfjs/],
  ["scalar JavaScript", /scalar/],
];
const matching = (list: readonly Measurement[], pattern: RegExp): string[] =>
  names(list).filter((n) => pattern.test(n));

function ratios(list: readonly Measurement[]): string {
  const rows = matching(list, /^isoloss/).flatMap((ours) =>
    peers.flatMap(([title, pattern]) => {
      const s = speedups(list, ours, matching(list, pattern));
      return s.length
        ? [[ours, title, `${geometric(s).toFixed(2)}×`, `${Math.min(...s).toFixed(2)}×`, `${s.length}`]]
        : [];
    }),
  );
  return table(["contender", "against", "geometric mean", "worst", "workloads"], rows);
}

/** Each workload's ratios; for the resident contender also the share of the memory floor. */
function ratiosByWorkload(list: readonly Measurement[]): string {
  const there = peers.filter(([, pattern]) => matching(list, pattern).length);
  const rows = list.flatMap((m) =>
    matching(list, /^isoloss (streamed|resident)/).flatMap((ours) => {
      const own = medianOf(m, ours);
      if (own === undefined) return [];
      const cells = there.map(([, pattern]) => {
        const other = best(m, matching(list, pattern));
        return other === undefined ? "–" : `${(other / own).toFixed(2)}×`;
      });
      return [[m.workload, ours, ...cells, (m.floor / own).toFixed(2)]];
    }),
  );
  return table(["workload", "contender", ...there.map(([title]) => title), "of the memory floor"], rows);
}

/** One column a contender, medians and minima in milliseconds; the memory floor last. */
function times(list: readonly Measurement[]): string {
  const all = names(list);
  const rows = list.map((m) => [
    m.workload,
    ...all.map((c) => {
      const t = timingOf(m, c);
      if (t) return `${digits(t.median)} (${digits(t.minimum)})`;
      return m.wrong.some((w) => w.contender === c) ? "wrong" : "–";
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

const legend =
  "Medians in milliseconds, minima in brackets. `wrong`: not timed, for its value or gradient is off by more than " +
  `${TOLERANCE} (last table); \`–\`: this contender does not have this workload.`;
const section = (title: string, list: readonly Measurement[]): string =>
  list.length
    ? `## ${title}\n\n${legend}\n\n${times(list)}\n\nOver the large workloads, how many times faster, by medians:\n\n${ratios(list)}\n\nOn each:\n\n${ratiosByWorkload(list)}\n`
    : "";

/** What a process pays once for each loss. */
function firstCalls(cold: readonly Cold[]): string {
  const [one] = cold;
  if (!one) return "";
  const both = (list: readonly number[]): string => `${digits(median(list))} (${digits(Math.min(...list))})`;
  const cells = (of: (c: Cold) => { readonly call: number; readonly kernel: number }): string[] => [
    both(cold.map((c) => of(c).call)),
    both(cold.map((c) => of(c).kernel)),
  ];
  const rows = [
    [`${one.first.loss}, the first of the process`, ...cells((c) => c.first)],
    ...one.after.map((f, i) => [`then ${f.loss}`, ...cells((c) => c.after[i] as Cold["first"])]),
    [`${one.first.loss} again, as a new object`, ...cells((c) => ({ call: c.known, kernel: 0 }))],
    [`the call in which ${one.first.loss} is compiled`, ...cells((c) => ({ call: c.compiling, kernel: c.compiling }))],
  ];
  const head = ["loss and gradient, 32×10", "first call", "of it compiling and first running the kernel"];
  return `## First calls\n\nMilliseconds, medians and minima of ${cold.length} processes.\n\n${table(head, rows)}\n`;
}

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
    firstCalls(run.cold),
    `## Differences from the first contender\n\nRelative; of a gradient relative to its largest element.\n\n${errors(both)}\n`,
  ]
    .filter(Boolean)
    .join("\n\n");
}
