/** `pnpm oracle:live`: arbitrary calls against a living framework; what differs is shrunk to its smallest case. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { createEvaluator } from "isoloss";
import { kerasRequests } from "./live-keras.ts";
import { type Oracle, startOracle } from "./live-oracle.ts";
import { torchRequests } from "./live-torch.ts";
import { compareNoisy, type Mismatch } from "./replay-compare.ts";
import { asked, type RecordedAnswer, type RecordedRequest } from "./replay-fixtures.ts";
import { createNoise } from "./rounding-noise.ts";

const usage = `pnpm oracle:live --profile P [--python PATH] [--calls N] [--loss L]... [--seed S] [--backend B] [--out FILE]
  --profile  a release whose framework is installed, as torch@2.13
  --python   its interpreter (default: $ORACLE_ENVS/<environment>/bin/python)
  --calls    how many calls, shared by the losses (20000)
  --codes    a refusal has to have the framework's code too (where two faults meet, either may be told)
  --seed     of the first loss's generator (the time)
  --out      writes the disagreements there as Markdown`;

type Request = Omit<RecordedRequest, "id">;
/** A call that the framework and we answer differently. */
export interface Disagreement extends Mismatch {
  readonly request: RecordedRequest;
  readonly theirs: RecordedAnswer;
}

/** Disagreements are one where loss, kind, option names and wording are: numbers do not count. */
const signature = ({ kind, detail, request }: Disagreement): string => {
  const types = Object.values(request.inputs ?? {}).map((t) => (t as { dtype?: string }).dtype);
  const words = kind === "value" || kind === "gradient" ? types.join() : detail.replace(/[-\d.e+]+|\[[^\]]*\]/g, "#");
  return `${kind} ${Object.keys(request.options ?? {}).sort()} ${words}`;
};

interface Session {
  readonly oracle: Oracle;
  differs(request: RecordedRequest): Promise<Disagreement | undefined>;
  /** Calls that were made. */
  readonly calls: { count: number };
}

const numeric: ReadonlySet<string> = new Set(["value", "gradient"]);
/** Calls that are on their way at once. */
const WINDOW = 50;

/** Makes `budget` calls of one loss. Each disagreement of a new kind is shrunk; the search then goes on past all like it. */
async function explore(arbitrary: fc.Arbitrary<Request>, budget: number, seed: number, session: Session) {
  const found: Disagreement[] = [];
  const seen = new Set<string>();
  let last: Disagreement | undefined;
  const isNew = async (request: Request): Promise<Disagreement | undefined> => {
    const off = await session.differs({ id: "live", ...request });
    return off && !seen.has(signature(off)) ? off : undefined;
  };
  let pass = 0; // the next calls that are not made: they were, when the disagreement was found
  const property = fc.asyncProperty(arbitrary, async (request) => {
    if (pass-- > 0) return;
    const off = await isNew(request);
    if (!off) return;
    last = off;
    throw new Error(off.detail);
  });
  const requests: Request[] = [];
  fc.check(
    fc.property(arbitrary, (request) => {
      requests.push(request);
    }),
    { seed, numRuns: budget },
  );
  for (let first = 0; first < requests.length && found.length < MOST; first += WINDOW) {
    const window = requests.slice(first, first + WINDOW);
    const off = await Promise.all(window.map(isNew));
    for (const i of off.keys()) {
      if (!off[i] || seen.has(signature(off[i]))) continue;
      last = off[i];
      pass = first + i;
      await fc.check(property, { seed, numRuns: pass + 1 });
      seen.add(signature(last)).add(signature(off[i]));
      found.push(last);
    }
  }
  return found;
}
/** Whoever finds this many kinds in one loss has enough to do. */
const MOST = 25;

const markdown = (profile: string, calls: number, found: readonly Disagreement[]): string =>
  [
    `# ${profile}: ${found.length} kinds of disagreement in ${calls} calls\n`,
    ...found.map(
      ({ kind, detail, request, theirs }) =>
        `## ${request.loss}: ${kind}\n\n${detail}\n\n\`\`\`json\n${JSON.stringify(request)}\n${JSON.stringify(theirs)}\n\`\`\`\n`,
    ),
  ].join("\n");

/** Runs the command; resolves to whether every call was answered alike. */
export async function live(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: args.filter((a) => a !== "--"),
    options: {
      profile: { type: "string" },
      python: { type: "string" },
      calls: { type: "string", default: "20000" },
      loss: { type: "string", multiple: true },
      seed: { type: "string" },
      backend: { type: "string", default: "reference" },
      out: { type: "string" },
      codes: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  const { profile, backend } = values;
  if (values.help || profile === undefined) {
    console.log(usage);
    return profile !== undefined;
  }
  const requests = profile.startsWith("torch@") ? torchRequests : kerasRequests;
  const names = values.loss ?? Object.keys(requests);
  const seed = Number(values.seed ?? Date.now() % 1e9);
  const evaluator = createEvaluator({ profile, backend, onError: (e) => console.error(e) });
  const oracle = startOracle(profile, values.python);
  // PyTorch without vector instructions. Where it answers otherwise than with them, the processor decides and not the release:
  // 1.7 takes the sign of bfloat16 as ±2⁻¹²⁶ in blocks of 32 numbers on AVX2, and as ±1 elsewhere.
  let scalar: Oracle | undefined;
  const plainly = (request: RecordedRequest): Promise<RecordedAnswer> => {
    scalar ??= startOracle(profile, values.python, { ATEN_CPU_CAPABILITY: "default" });
    return scalar.ask(request);
  };
  const calls = { count: 0 };
  const noiseOf = createNoise(profile);
  const differs = async (request: RecordedRequest): Promise<Disagreement | undefined> => {
    calls.count++;
    const [theirs, ours] = await Promise.all([oracle.ask(request), evaluator.answer(asked(request))]);
    if (theirs.dropped) return undefined;
    let off = await compareNoisy(ours, theirs, request, noiseOf);
    if (off && numeric.has(off.kind) && profile.startsWith("torch@"))
      off = await compareNoisy(ours, await plainly(request), request, noiseOf);
    return off && (off.kind !== "code" || values.codes) ? { ...off, request, theirs } : undefined;
  };
  const start = performance.now();
  const found: Disagreement[] = [];
  try {
    for (const [i, name] of names.entries()) {
      const arbitrary = requests[name];
      if (!arbitrary) throw new Error(`no requests are made for ${name}`);
      const before = calls.count;
      const off = await explore(arbitrary, Math.ceil(Number(values.calls) / names.length), seed + 1000 * i, {
        oracle,
        differs,
        calls,
      });
      found.push(...off);
      console.log(`${profile} ${name}: ${off.length} kinds of disagreement in ${calls.count - before} calls`);
    }
  } finally {
    oracle.close();
    scalar?.close();
  }
  const rate = Math.round((calls.count / (performance.now() - start)) * 60_000);
  console.log(
    `${profile} on ${backend}: ${found.length} kinds of disagreement in ${calls.count} calls, ${rate} a minute (seed ${seed})`,
  );
  const text = markdown(profile, calls.count, found);
  if (values.out) writeFileSync(values.out, text);
  else if (found.length) console.log(text);
  return found.length === 0;
}
