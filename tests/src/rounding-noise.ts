/**
 * How far rounding alone may move an answer: the same program is run with every inexact result rounded up or down at random
 * (Monte Carlo arithmetic, Parker 1997), sums step by step in their own type. What such runs differ by is the error that the
 * order and the number of a framework's roundings is free to make; it grows with the condition of what is computed.
 */
import { type DType, isFloat, round, type Tensor, type TypedArray, toNumbers } from "@isoloss/core";
import { type Arithmetic, createReferenceBackend } from "@isoloss/core/reference";
import { type Answer, createEvaluator } from "isoloss";
import { asked, type RecordedRequest } from "./replay-fixtures.ts";

/** Numbers of random runs, and how many times their largest deviation is allowed. */
const RUNS = 24;
const FACTOR = 2;

/** What may be, element by element: a deviation from our answer, or what a run gave that is no finite number. */
export interface Spread {
  readonly deviation: Float64Array;
  readonly runs: readonly Float64Array[];
}
export interface Noise {
  readonly value: Spread;
  readonly grads: Readonly<Record<string, Spread>>;
}

/** Digits of a fraction, and the exponent of the smallest normal number. */
const formats: Readonly<Record<string, readonly [digits: number, least: number]>> = {
  float32: [23, -126],
  float16: [10, -14],
  bfloat16: [7, -126],
};

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
/** A number from 0 to 1 that looks random and depends on x and the run alone, so that a run can be repeated. */
function randomOf(x: number, run: number): number {
  float[0] = x;
  let h = Math.imul((words[0] as number) ^ Math.imul(run + 1, 0x9e3779b1), 0x85ebca6b) ^ (words[1] as number);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return ((h ^ (h >>> 13)) >>> 0) / 2 ** 32;
}

/** A kernel holds an int64 as a float64: beyond 2^53 its last digits are any, and beyond 2^116 all that do not wrap around. */
function int64(x: number, run: number): number {
  const near = round.int64(x);
  if (Math.abs(x) < 2 ** 53) return near;
  return round.int64(near + (randomOf(x, run) - 0.5) * Math.min(2 ** 64, Math.abs(x) * 2 ** -52));
}

function randomRounding(run: number): Arithmetic {
  /** The nearest number of the type, or the one on the other side of x. */
  const either =
    (dtype: DType) =>
    (x: number): number => {
      const near = round[dtype](x);
      if (dtype === "int64") return int64(x, run);
      // Nothing wider tells whether a float64 was rounded; an integer most often was not.
      if (dtype === "float64")
        return Number.isInteger(x) ? x : x * (1 + (randomOf(x, run) < 0.5 ? -1 : 1) * Number.EPSILON);
      const format = formats[dtype];
      if (!format || near === x || !Number.isFinite(near) || randomOf(x, run) < 0.5) return near;
      const [digits, least] = format;
      const step = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(x))), least) - digits);
      return round[dtype](near + (x > near ? step : -step));
    };
  const names = Object.keys(round) as DType[];
  const rounded = Object.fromEntries(names.map((dtype) => [dtype, either(dtype)])) as Arithmetic["round"];
  return {
    round: rounded,
    // In whatever order, which decides whether a partial sum overflows; it may be rounded by as much as any of its terms.
    sum(given, dtype) {
      const place = new Map(given.map((_, i) => [i, randomOf(i + 1, run)]));
      const order = [...place.keys()].sort((a, b) => (place.get(a) as number) - (place.get(b) as number));
      const terms = run % 2 ? order.map((i) => given[i] as number) : given;
      const digits = terms.length > 1 ? formats[dtype]?.[0] : undefined;
      const off = (x: number, i: number): number =>
        digits === undefined ? x : x * (1 + (randomOf(x + i, run) < 0.5 ? 1 : -1) * 2 ** (-1 - digits));
      return terms.reduce((s, x, i) => rounded[dtype](s + off(x, i)), 0);
    },
    accumulates: (dtype) => (isFloat(dtype) ? dtype : "float64"),
  };
}

const numbersOf = ({ data, dtype }: Tensor): Float64Array => toNumbers(data as TypedArray, dtype);
const spread = (from: Float64Array, runs: readonly Float64Array[]): Spread => ({
  deviation: from.map((x, i) =>
    Math.max(...runs.map((r) => Math.abs((r[i] as number) - x)).map((d) => (d >= 0 ? FACTOR * d : 0))),
  ),
  runs,
});

/** The noise of requests of a profile. */
export function createNoise(profile: string): (request: RecordedRequest) => Promise<Noise | undefined> {
  const evaluators = Array.from({ length: RUNS }, (_, i) =>
    createEvaluator({
      profile,
      backend: { ...createReferenceBackend(randomRounding(i)), name: `random rounding ${i}` },
    }),
  );
  const middle = createEvaluator({ profile, backend: "reference" });
  return async (request) => {
    const read = asked(request);
    const ours: Answer = await middle.answer(read);
    const answers = await Promise.all(evaluators.map((e) => e.answer(read)));
    const values = answers.filter((a) => "value" in a);
    if (!("value" in ours) || values.length < RUNS) return undefined;
    return {
      value: spread(
        numbersOf(ours.value),
        values.map((a) => numbersOf(a.value)),
      ),
      grads: Object.fromEntries(
        Object.entries(ours.grads).map(([name, g]) => [
          name,
          spread(
            numbersOf(g),
            values.map((a) => numbersOf(a.grads[name] as Tensor)),
          ),
        ]),
      ),
    };
  };
}
