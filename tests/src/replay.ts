/** Replays the recordings of a release through the function that `isoloss eval` calls. */
import { createCpuBackend } from "@isoloss/backend-cpu";
import { type Answer, createEvaluator } from "isoloss";
import { compareNoisy, type Mismatch } from "./replay-compare.ts";
import { answersOf, asked, type RecordedAnswer, type RecordedRequest, requestsOf } from "./replay-fixtures.ts";
import { createNoise } from "./rounding-noise.ts";

export interface Replayed extends Mismatch {
  readonly request: RecordedRequest;
  readonly expected: RecordedAnswer;
  readonly answer: Answer;
}
export interface Replay {
  /** The number of requests that were compared. */
  readonly compared: number;
  readonly mismatches: readonly Replayed[];
}
export interface ReplayOptions {
  /** Which requests; all of them unless given. */
  readonly only?: (request: RecordedRequest) => boolean;
  /** What is replayed; the release's fixtures unless given. */
  readonly recording?: Recording;
}
/** Requests, and what a framework said to them. */
export interface Recording {
  readonly requests: readonly RecordedRequest[];
  readonly answers: ReadonlyMap<string, RecordedAnswer>;
}

/** Every recorded answer of `profile` against what `backend` gives. */
export async function replay(profile: string, backend: string, options: ReplayOptions = {}): Promise<Replay> {
  const { only = () => true, recording = { requests: requestsOf(profile), answers: answersOf(profile) } } = options;
  let broke = "";
  const onError = (e: unknown): void => {
    broke = e instanceof Error ? `\n${e.stack?.split("\n").slice(0, 4).join("\n")}` : "";
  };
  const own = backend === "cpu" ? createCpuBackend({ engine: "wasm" }) : backend; // first calls are what is compared
  const evaluator = createEvaluator({ profile, backend: own, onError });
  const noiseOf = createNoise(profile);
  const mismatches: Replayed[] = [];
  let compared = 0;
  for (const request of recording.requests) {
    const expected = recording.answers.get(request.id);
    if (!expected || !only(request)) continue;
    broke = "";
    const given = evaluator.answer(asked(request));
    const answer = given instanceof Promise ? await given : given;
    const off = await compareNoisy(answer, expected, request, noiseOf);
    compared++;
    if (off) mismatches.push({ ...off, detail: off.detail + broke, request, expected, answer });
  }
  return { compared, mismatches };
}
