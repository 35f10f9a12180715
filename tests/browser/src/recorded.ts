/** The recorded answers of the frameworks on a GPU: which can be compared there, by rules, and what differs. */
import type { Backend } from "@isoloss/core";
import { createEvaluator } from "../../../packages/cli/src/evaluator.ts";
import { readRequest } from "../../../packages/cli/src/request.ts";
import { compare } from "../../src/replay-compare.ts";
import type { RecordedAnswer, RecordedRequest, RecordedTensor } from "../../src/replay-fixtures.ts";

export interface Recording {
  readonly profile: string;
  readonly requests: readonly RecordedRequest[];
  readonly answers: ReadonlyMap<string, RecordedAnswer>;
}
export interface Replayed {
  readonly compared: number;
  /** What the GPU refuses, by its reason. */
  readonly refused: ReadonlyMap<string, number>;
  readonly failures: readonly string[];
}

const SMALLEST = 2 ** -126; // of the normal numbers of float32
const isOrdinary = (x: number): boolean => x === 0 || (Number.isFinite(x) && Math.abs(x) >= SMALLEST);
/** WGSL promises to keep neither NaN and infinities nor subnormal numbers: true where there is none, in the words of a recording. */
function areOrdinary(json: unknown): boolean {
  if (typeof json === "number") return isOrdinary(json);
  if (typeof json === "string") return !/^-?(NaN|Infinity)$/.test(json);
  return typeof json !== "object" || json === null || Object.values(json).every(areOrdinary);
}

/** Terms around 1 that cancel leave some roundings of them, and every one that computes leaves its own: no gradient to compare. */
const ROUNDING = 5e-6;
function isRounding({ dtype, data }: RecordedTensor): boolean {
  const largest = data.reduce((m: number, x) => Math.max(m, Math.abs(Number(x))), 0);
  return dtype === "float32" && largest > 0 && largest < ROUNDING;
}

/** The GPU lacks these types, or their arithmetic; whatever else it refuses is a failure. */
const lacking = /^onnx:webgpu (has no|cannot round to) (float64|float16|bfloat16|int64|int16|int8|uint8)$/;

/** Every `each`th recorded request of a release whose numbers, and whose answer's, are ordinary. */
export async function replayOnGpu(backend: Backend, recording: Recording, each: number): Promise<Replayed> {
  const { profile, requests, answers } = recording;
  const evaluator = createEvaluator({ profile, backend });
  const refused = new Map<string, number>();
  const failures: string[] = [];
  let compared = 0;
  for (const request of requests.filter((_, i) => i % each === 0)) {
    const expected = answers.get(request.id);
    const { inputs, options, upstream } = request;
    if (!expected || !areOrdinary([inputs, options, upstream, expected.value, expected.grads])) continue;
    if (Object.values(expected.grads ?? {}).some(isRounding)) continue;
    const answer = await evaluator.answer(readRequest(request));
    if ("error" in answer && answer.error.code === "unsupported") {
      const reason = answer.error.message.replace(/ \(in .*/, "");
      if (lacking.test(reason)) refused.set(reason, (refused.get(reason) ?? 0) + 1);
      else failures.push(`${request.id}: ${answer.error.message}`);
      continue;
    }
    compared++;
    const off = compare(answer, expected, request);
    if (off) failures.push(`${request.id}: ${off.kind}: ${off.detail}`);
  }
  return { compared, refused, failures };
}
