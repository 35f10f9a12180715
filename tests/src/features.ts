/** FEATURES.md, counted from the recordings: loss × option × release × backend. `pnpm features` writes it. */
import { writeFileSync } from "node:fs";
import { replayedBackends } from "./replay-backends.ts";
import {
  answersOf,
  type RecordedAnswer,
  type RecordedRequest,
  recordedProfiles,
  requestsOf,
} from "./replay-fixtures.ts";

/** Where it lies. */
export const featuresFile = new URL("../../FEATURES.md", import.meta.url);

interface Framework {
  readonly title: string;
  readonly profiles: readonly string[];
  readonly requests: readonly RecordedRequest[];
}
const framework = (title: string, own: (profile: string) => boolean): Framework => {
  const profiles = recordedProfiles.filter(own);
  return { title, profiles, requests: requestsOf(profiles[0] as string) };
};
const isTorch = (profile: string): boolean => profile.startsWith("torch@");
const frameworks: readonly Framework[] = [
  framework("PyTorch", isTorch),
  framework("Keras and TensorFlow", (p) => !isTorch(p)),
];

/** Answered with a number, and refused. */
interface Count {
  readonly answered: number;
  readonly refused: number;
}
const text = ({ answered, refused }: Count): string =>
  answered + refused === 0
    ? ""
    : refused === 0
      ? `${answered}`
      : answered === 0
        ? `(${refused})`
        : `${answered} (${refused})`;

function count(requests: readonly RecordedRequest[], answers: ReadonlyMap<string, RecordedAnswer>): Count {
  const own = requests.flatMap((r) => answers.get(r.id) ?? []);
  const refused = own.filter((a) => a.error).length;
  return { answered: own.length - refused, refused };
}

/** "torch@1.7 – 1.9", "tf@2.15", "tf@2.15 – keras@3.2". */
function range(profiles: readonly string[]): string {
  const first = profiles[0] as string;
  const last = profiles.at(-1) as string;
  if (first === last) return first;
  return `${first} – ${first.split("@")[0] === last.split("@")[0] ? last.split("@")[1] : last}`;
}

/** What is counted of a loss: all of it, gradients, inputs that not every call has, each option that some release knows. */
function rowsOf(
  requests: readonly RecordedRequest[],
  answered: ReadonlySet<string>,
): [string, readonly RecordedRequest[]][] {
  const group = (of: (r: RecordedRequest) => object | undefined): [string, RecordedRequest[]][] =>
    [...new Set(requests.flatMap((r) => Object.keys(of(r) ?? {})))]
      .sort()
      .map((name) => [`\`${name}\``, requests.filter((r) => Object.hasOwn(of(r) ?? {}, name))]);
  const options = group((r) => r.options);
  const known = options.filter(([, own]) => own.some((r) => answered.has(r.id)));
  return [
    ["all calls", requests],
    ["with gradients", requests.filter((r) => r.grad?.length)],
    ["`upstream`", requests.filter((r) => r.upstream !== undefined)],
    ...group((r) => r.inputs).filter(([, own]) => own.length < 0.9 * requests.length),
    ...known,
    ["options that it has not", options.filter((o) => !known.includes(o)).flatMap(([, own]) => own)],
  ];
}

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");

/** The table of a public name: neighbouring releases with the same numbers share a column. */
function lossTable(requests: readonly RecordedRequest[], profiles: readonly string[], answers: Answers): string {
  const given = profiles.flatMap((p) => requests.filter((r) => answers.get(p)?.get(r.id)?.value));
  const rows = rowsOf(requests, new Set(given.map((r) => r.id))).filter(([, own]) => own.length > 0);
  const columns: { profiles: string[]; cells: string[] }[] = [];
  for (const profile of profiles) {
    const cells = rows.map(([, own]) => text(count(own, answers.get(profile) as Map<string, RecordedAnswer>)));
    const last = columns.at(-1);
    if (last && last.cells.join("|") === cells.join("|")) last.profiles.push(profile);
    else columns.push({ profiles: [profile], cells });
  }
  return table(
    ["", ...columns.map((c) => range(c.profiles))],
    rows.map(([name], i) => [name, ...columns.map((c) => c.cells[i] as string)]),
  );
}
type Answers = ReadonlyMap<string, ReadonlyMap<string, RecordedAnswer>>;

/** How many recorded answers each backend is compared with, by loss. */
function backendTable(losses: readonly string[], { profiles, requests }: Framework, answers: Answers): string {
  const of = (loss: string): string[] =>
    replayedBackends.map((backend) => {
      const own = requests.filter((r) => r.loss === loss);
      const compared = profiles
        .filter((p) => backend.profiles.includes(p))
        .map((p) => {
          const only = choices.get(`${backend.name} ${p}`);
          return own.filter((r) => answers.get(p)?.has(r.id) && (!only || only(r))).length;
        });
      return `${compared.reduce((a, b) => a + b, 0)}`;
    });
  return table(
    ["", ...replayedBackends.map((b) => b.name)],
    losses.map((loss) => [`\`${loss}\``, ...of(loss)]),
  );
}
const choices = new Map(replayedBackends.flatMap((b) => b.profiles.map((p) => [`${b.name} ${p}`, b.only(p)] as const)));

/** Names that some release answers; the others are recorded for being refused. */
function lossesOf({ requests, profiles }: Framework, answers: Answers): string[] {
  const known = (loss: string): boolean =>
    requests.some(
      (r) =>
        r.loss === loss &&
        profiles.some((p) => {
          const code = answers.get(p)?.get(r.id)?.error?.code;
          return code !== "unknown-loss" && answers.get(p)?.has(r.id);
        }),
    );
  return [...new Set(requests.map((r) => r.loss))].filter(known).sort((a, b) => a.localeCompare(b, "en"));
}

function section(own: Framework): string {
  const answers: Answers = new Map(own.profiles.map((p) => [p, answersOf(p)]));
  const losses = lossesOf(own, answers);
  const byLoss = losses.map(
    (loss) =>
      `### \`${loss}\`\n\n${lossTable(
        own.requests.filter((r) => r.loss === loss),
        own.profiles,
        answers,
      )}`,
  );
  return [`## ${own.title}`, "Compared by backend:", backendTable(losses, own, answers), ...byLoss].join("\n\n");
}

/** The whole file. */
export function features(): string {
  const backends = replayedBackends.map(({ name, what }) => `- \`${name}\`: ${what}.`).join("\n");
  return `# Features

Written by \`pnpm features\` from the recordings in \`tests/fixtures\`; a test fails where it is out of date.

A cell is the number of calls that the real framework was asked in that release, with that option or input, and answered
with a number; in brackets, those that it refused. Every one of them is an answer that isoloss has to give too, within
the tolerances of \`tests/src/replay-compare.ts\`. Neighbouring releases with equal numbers share a column. What the tests
replay on which backend:

${backends}

${frameworks.map(section).join("\n\n")}
`;
}

/** Writes it. */
export function writeFeatures(): boolean {
  writeFileSync(featuresFile, features());
  return true;
}
