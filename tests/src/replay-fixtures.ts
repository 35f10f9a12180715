/** The recorded answers of the real frameworks: requests, and what each release said to them. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type EvalRequest, readRequest } from "isoloss";

const folder = new URL("../fixtures/", import.meta.url);

/** A tensor as it is recorded. */
export interface RecordedTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly (number | string | boolean)[];
}
/** A request as it is recorded: EVAL.md's, without a profile. */
export interface RecordedRequest {
  readonly id: string;
  readonly loss: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly grad?: readonly string[];
  readonly upstream?: unknown;
  /** The line that it was read from, which tells 1 from 1.0. */
  readonly line?: string;
}
/** What a framework answered. */
export interface RecordedAnswer {
  readonly id: string;
  readonly value?: RecordedTensor;
  readonly grads?: Readonly<Record<string, RecordedTensor>>;
  readonly warnings?: readonly string[];
  readonly error?: { readonly code: string; readonly message: string };
  /** In a delta: the release gave no stable answer. */
  readonly dropped?: true;
}

interface Manifest {
  readonly requests: Readonly<Record<string, { readonly count: number; readonly sha256: string }>>;
  readonly profiles: Readonly<
    Record<
      string,
      { readonly file: string; readonly since?: string; readonly requests: string; readonly answers: number }
    >
  >;
}

/** What is recorded: which releases, where, and against which release a delta is told. */
export const manifest = JSON.parse(readFileSync(new URL("manifest.json", folder), "utf8")) as Manifest;
/** Every recorded release, oldest first within a framework. */
export const recordedProfiles: readonly string[] = Object.keys(manifest.profiles);

function textLines(path: string | URL): string[] {
  const bytes = readFileSync(path);
  const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString("utf8");
  return text.split("\n").filter((line) => line !== "");
}
/** The JSON lines of a file. */
export const readLines = <T>(path: string | URL): T[] => textLines(path).map((line) => JSON.parse(line) as T);
/** The requests of a file. */
export const readRequests = (path: string | URL): RecordedRequest[] =>
  textLines(path).map((line) => ({ ...(JSON.parse(line) as RecordedRequest), line }));
/** A request as `isoloss eval` reads it. */
export const asked = (request: RecordedRequest): EvalRequest =>
  readRequest(request, request.line ?? JSON.stringify(request));

const lines = <T>(file: string): T[] => readLines<T>(new URL(file, folder));

const requests = new Map<string, readonly RecordedRequest[]>();
/** The requests that a profile's framework was asked: Keras' list for everything but PyTorch. */
export function requestsOf(profile: string): readonly RecordedRequest[] {
  const framework = profile.startsWith("torch@") ? "torch" : "keras";
  const known = requests.get(framework) ?? readRequests(new URL(`${framework}.requests.jsonl.gz`, folder));
  requests.set(framework, known);
  return known;
}

/** A release's answers by id: its own recording, or its changes over those of the release before it. */
export function answersOf(profile: string): Map<string, RecordedAnswer> {
  const entry = manifest.profiles[profile];
  if (!entry) throw new Error(`no recording of ${profile}; there are ${recordedProfiles.join(", ")}`);
  const answers = entry.since === undefined ? new Map<string, RecordedAnswer>() : answersOf(entry.since);
  for (const answer of lines<RecordedAnswer>(entry.file))
    if (answer.dropped) answers.delete(answer.id);
    else answers.set(answer.id, answer);
  return answers;
}

/** The requests of a profile's framework that some release answers differently from the one before it. */
export function changingIds(profile: string): ReadonlySet<string> {
  const framework = requestsOf(profile);
  const deltas = Object.entries(manifest.profiles).filter(
    ([name, entry]) => entry.since !== undefined && requestsOf(name) === framework,
  );
  return new Set(deltas.flatMap(([, { file }]) => lines<RecordedAnswer>(file).map((a) => a.id)));
}
/** Whether a profile is recorded whole, and not as its changes over another. */
export const isWhole = (profile: string): boolean => manifest.profiles[profile]?.since === undefined;
