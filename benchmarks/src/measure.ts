/** One workload, all contenders: values and gradients checked first, then rounds in which each has its turn on fresh inputs. */
import type { Answer, Contender, DataSet, Runner } from "./contender.ts";
import { makeData } from "./data.ts";
import { memoryFloor } from "./floor.ts";
import type { Measured, Workload } from "./workload.ts";

export interface Timing {
  readonly contender: string;
  readonly median: number;
  readonly minimum: number;
  /** Largest difference from the judge: of the value, relative; of the gradients, relative to the largest one. */
  readonly valueError: number;
  readonly gradientError: number;
}
export interface Measurement {
  readonly workload: string;
  readonly large: boolean;
  readonly measured: Measured;
  /** Whose numbers the others were held against. */
  readonly judge: string;
  readonly floor: number;
  readonly rounds: number;
  readonly timings: readonly Timing[];
  /** Contenders whose numbers were too far off to be timed. */
  readonly wrong: readonly Timing[];
}

/** A contender that is so many times over its budget with one call is timed once, and not warmed but by the call that is checked. */
const FAR = 2;

/** Beyond this a contender computes something else. float32 sums in the peers are naive, so this is wide. */
export const TOLERANCE = 2e-3;

/** The middle one, or the mean of the two in the middle. */
export const median = (list: readonly number[]): number => {
  const sorted = [...list].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
};

function differences(a: Answer, judge: Answer): { valueError: number; gradientError: number } {
  let gradientError = 0;
  for (const [key, wanted] of Object.entries(judge.grads)) {
    const got = a.grads[key];
    if (got?.length !== wanted.length) return { valueError: Number.NaN, gradientError: Number.NaN };
    let largest = 0;
    let off = 0;
    for (let i = 0; i < wanted.length; i++) {
      largest = Math.max(largest, Math.abs(wanted[i] as number));
      off = Math.max(off, Math.abs((wanted[i] as number) - (got[i] as number)));
    }
    gradientError = Math.max(gradientError, off / largest);
  }
  return { valueError: Math.abs(a.value - judge.value) / Math.abs(judge.value), gradientError };
}

export interface MeasureOptions {
  readonly rounds: number;
  readonly sets: number;
  /** Budget of one contender on one workload in milliseconds: a slow one gets fewer rounds, three, or one if it is very slow. */
  readonly budget: number;
}

/** Just-in-time compilers, ours and theirs, need calls and time: at least one call, then more for a quarter of the budget. */
async function warm(runner: Runner, sets: number, repeat: number, budget: number): Promise<void> {
  let spent = 0;
  for (let i = 0; i < 20 && spent < budget / 4; i++) spent += repeat * (await runner.run(i % sets, repeat));
}

/** `contenders[0]` is the judge. */
export async function measure(
  workload: Workload,
  contenders: readonly Contender[],
  measured: Measured,
  { rounds, sets: count, budget }: MeasureOptions,
): Promise<Measurement> {
  const sets = Array.from(
    { length: count },
    (_, k): DataSet =>
      Object.fromEntries(
        Object.entries(workload.arrays).map(([name, spec], i) => [name, makeData(spec, 1000 * k + 17 * i + 1)]),
      ),
  );
  const repeat = workload.repeat ?? 1;
  const entered: {
    name: string;
    runner: Runner;
    isSlow: boolean;
    times: number[];
    errors: ReturnType<typeof differences>;
  }[] = [];
  let judge: Answer | undefined;
  for (const c of contenders) {
    const runner = await c.prepare(workload, sets, measured);
    if (!runner) continue;
    const start = performance.now();
    const answer = await runner.answer(0);
    const isSlow = performance.now() - start > FAR * budget;
    judge ??= answer;
    entered.push({ name: c.name, runner, isSlow, times: [], errors: differences(answer, judge) });
  }
  const right = entered.filter(({ errors }) => errors.valueError < TOLERANCE && errors.gradientError < TOLERANCE);
  for (const e of right) if (!e.isSlow) await warm(e.runner, count, repeat, budget);
  for (let round = 0; round < rounds; round++)
    for (const e of right) {
      const spent = e.times.reduce((a, b) => a + b, 0) * repeat;
      const least = spent > FAR * budget ? 1 : 3;
      if (round >= least && spent > budget) continue;
      e.times.push(await e.runner.run(round % count, repeat));
    }
  const floor = memoryFloor(workload, sets[0] as DataSet, measured);
  for (const { runner } of entered) await runner.dispose();
  const timing = ({ name, times, errors }: (typeof entered)[number]): Timing => ({
    contender: name,
    median: median(times),
    minimum: Math.min(...times),
    ...errors,
  });
  return {
    workload: workload.name,
    large: workload.large === true,
    measured,
    judge: entered[0]?.name ?? "",
    floor,
    rounds,
    timings: right.map(timing),
    wrong: entered.filter((e) => !right.includes(e)).map(timing),
  };
}
