/** `pnpm replay`: lists where a release's recordings and our answers differ, by loss. */
import { parseArgs } from "node:util";
import { type Replayed, replay } from "./replay.ts";
import { type RecordedAnswer, readLines, readRequests, recordedProfiles } from "./replay-fixtures.ts";

const usage = `pnpm replay [--profile P]... [--loss L]... [--backend B] [--show N] [--kind K] [--id ID]
  --profile  a recorded release, or the beginning of several (torch@, keras@3); all of them unless given
  --loss     only this public name
  --backend  reference (the default), cpu, cpu:js, onnx:wasm, …
  --show     how many examples of each kind of difference to print (3)
  --kind     only this kind of difference
  --id       only this request, printed whole
  --requests, --answers  files to replay in place of the fixtures, as oracle/harvest.py and the evaluators write them`;

const short = (x: unknown, length = 300): string => {
  const text = JSON.stringify(x) ?? "";
  return text.length <= length ? text : `${text.slice(0, length)}…`;
};

/** The call in the framework's words, without most of its numbers. */
function call({ loss, options = {}, inputs = {}, grad, upstream }: Replayed["request"]): string {
  const tensor = (x: unknown): string => {
    const t = x as { dtype?: string; shape?: number[]; data?: unknown[] } | null;
    return t?.shape ? `${t.dtype}[${t.shape}]${short(t.data, 60)}` : short(x);
  };
  const list = (o: Readonly<Record<string, unknown>>): string =>
    Object.entries(o)
      .map(([k, v]) => `${k}=${tensor(v)}`)
      .join(", ");
  const more = [grad && `grad ${grad}`, upstream !== undefined && `upstream ${tensor(upstream)}`].filter(Boolean);
  return `${loss}(${list(options)})(${list(inputs)}) ${more.join(" ")}`;
}

const by = <T>(items: readonly T[], key: (item: T) => string): [string, T[]][] => {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups].sort((a, b) => b[1].length - a[1].length);
};

function print(mismatches: readonly Replayed[], show: number): void {
  for (const [loss, ofLoss] of by(mismatches, (m) => m.request.loss)) {
    console.log(`\n  ${loss}: ${ofLoss.length}`);
    for (const [kind, ofKind] of by(ofLoss, (m) => m.kind)) {
      console.log(`    ${kind}: ${ofKind.length}`);
      for (const m of ofKind.slice(0, show))
        console.log(`      ${m.request.id}\n        ${call(m.request)}\n        ${m.detail}`);
    }
  }
}

/** Runs the command; resolves to whether there was no difference. */
export async function report(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: args.filter((a) => a !== "--"),
    options: {
      profile: { type: "string", multiple: true },
      loss: { type: "string", multiple: true },
      backend: { type: "string", default: "reference" },
      show: { type: "string", default: "3" },
      kind: { type: "string" },
      id: { type: "string" },
      requests: { type: "string" },
      answers: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(usage);
    return true;
  }
  const { profile: wanted = [""], loss: losses, backend, id, kind, requests, answers } = values;
  const recording = requests !== undefined &&
    answers !== undefined && {
      requests: readRequests(requests),
      answers: new Map(readLines<RecordedAnswer>(answers).map((a) => [a.id, a])),
    };
  const exact = recordedProfiles.filter((p) => wanted.includes(p));
  const profiles = exact.length ? exact : recordedProfiles.filter((p) => wanted.some((w) => p.startsWith(w)));
  let all = 0;
  for (const profile of profiles) {
    const start = performance.now();
    const { compared, mismatches } = await replay(profile, backend, {
      only: (r) => (!losses || losses.includes(r.loss)) && (id === undefined || r.id === id),
      ...(recording && { recording }),
    });
    const chosen = mismatches.filter((m) => kind === undefined || m.kind === kind);
    all += chosen.length;
    const kinds = by(chosen, (m) => m.kind).map(([k, l]) => `${l.length} ${k}`);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(
      `${profile} on ${backend}: ${compared} compared, ${chosen.length} differ in ${seconds} s; ${kinds.join(", ")}`,
    );
    if (id !== undefined) for (const m of mismatches) console.log(JSON.stringify(m, null, 1));
    print(chosen, Number(values.show));
  }
  return all === 0;
}
