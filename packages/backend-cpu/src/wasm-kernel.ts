/** The WebAssembly engine: a program's schedule, its modules, and the plans for the sizes that were seen last. */
import { type Axis, fromNumbers, Lru, type Node, type Program, round, storage, UnsupportedError } from "@isoloss/core";
import { moduleBytes } from "./assembler.ts";
import type { CpuKernel } from "./cpu-backend.ts";
import { emit } from "./emit.ts";
import type { Form } from "./emitter.ts";
import { dataOf } from "./feeds.ts";
import type { Sizes, Tuning } from "./geometry.ts";
import type { Functions, Memory } from "./memory.ts";
import type { Schedule } from "./schedule.ts";
import { type Call, type Compiled, sweepPlan } from "./sweep-plan.ts";
import { uniformStep } from "./uniforms.ts";
import { crosses, isUniform, type Value } from "./value.ts";

/** What kernels of one backend share. */
export interface Machine {
  readonly memory: Memory;
  readonly tuning: Tuning;
  readonly transposes: Functions;
  /** Runs what this engine does not. */
  readonly fallback: ((program: Program) => CpuKernel) | undefined;
}

/** A program that the compiler refuses, on the engine that was handed in. */
export function onFallback({ fallback }: Machine, program: Program, reason: string): CpuKernel {
  if (fallback) return Object.assign(fallback(program), { engineReason: reason });
  throw new UnsupportedError(
    `cpu: ${reason}, which takes the JavaScript engine: use createCpuBackend(), or createWasmBackend({ fallback: jsEngine })`,
  );
}

interface Plan {
  readonly extents: readonly number[];
  /** Of the outputs. */
  readonly lengths: readonly number[];
  /** What a call does: uniform values and sweeps in turn. */
  readonly steps: readonly ((call: Call) => void)[];
  /** The call at hand: written anew for each, so that a call allocates nothing. */
  readonly call: Call;
}
/** Plans kept for one program. */
const PLANS = 8;
/** What stands for a call's arrays when it is over: a kernel keeps none of its callers'. */
const NONE = new Uint8Array(0);

export function wasmKernel(machine: Machine, program: Program, schedule: Schedule): CpuKernel {
  const { memory } = machine;
  const { inputs, outputs: results, axes } = program;
  const compiled = new Map<Form, Compiled>();
  const plans = new Lru<string, Plan>(PLANS);
  let last: Plan | undefined;

  function compile(form: Form): Compiled {
    const known = compiled.get(form);
    if (known) return known;
    const { frames, functions } = emit(schedule, form);
    const fresh = { frames, functions: memory.link(moduleBytes(functions)) };
    compiled.set(form, fresh);
    return fresh;
  }

  /** None where an axis has no elements. */
  function planOf(extents: readonly number[]): Plan | undefined {
    if (last && same(last.extents, extents)) return last;
    if (extents.includes(0)) return undefined;
    const key = String(extents);
    last = plans.get(key) ?? plans.set(key, newPlan([...extents]));
    return last;
  }
  function newPlan(extents: readonly number[]): Plan {
    const sizes: Sizes = { program, schedule, size: (axis) => extents[axes.indexOf(axis as Axis)] ?? 1 };
    const scalars = new Float64Array(Math.max(0, ...schedule.values.map((v) => v.id)) + 1);
    for (const { id, op, dtype, attribute } of schedule.values)
      if (op === "constant") scalars[id] = attribute as number;
      else if (op === "extent") scalars[id] = round[dtype](sizes.size(attribute as Axis));
    const sweeps = schedule.sweeps.map((sweep, i) => ({
      ...sweepPlan(machine, sweep, i, sizes, compile),
      turn: sweep.turn,
    }));
    for (const { bytes } of sweeps) memory.reserve(bytes);
    const steps = schedule.uniforms.flatMap((list, turn) => [
      ...list.filter((v) => !crosses(v) && v.op !== "extent").map((v) => uniformStep(v, program)),
      ...sweeps.filter((s) => s.turn === turn).map((s) => s.run),
    ]);
    const lengths = results.map((o) => o.axes.reduce((n, a) => n * sizes.size(a), 1));
    return { extents, lengths, steps, call: { feeds: [], outputs: [], scalars, parameters: program.parameters } };
  }
  /** Writes an output that no sweep has written. */
  function write(value: Value, i: number, call: Call): void {
    const output = call.outputs[i] as Float64Array;
    const { dtype } = results[i] as Node;
    if (!isUniform(value)) {
      const sums = fromNumbers(call.feeds[inputs.length + value.id] as Float64Array, value.dtype);
      output.set(fromNumbers(sums, dtype) as Float64Array);
      return;
    }
    const x = call.scalars[value.id] as number;
    const encoded = dtype === "float32" || dtype === "float64" ? x : (fromNumbers([x], dtype)[0] as number);
    if (results[i]?.axes.length) output.fill(encoded);
    else output[0] = encoded;
  }

  return {
    engine: "wasm",
    run(feeds, extents, parameters, outputs = []) {
      const plan = planOf(extents);
      if (!plan) return onFallback(machine, program, "a call of nothing").run(feeds, extents, parameters, outputs);
      const { call, steps } = plan;
      call.parameters = parameters;
      for (let i = 0; i < inputs.length; i++) call.feeds[i] = dataOf(feeds[i]);
      const given = results.map((o, i) => outputs[i] ?? new storage[o.dtype](plan.lengths[i] as number));
      for (let i = 0; i < results.length; i++) call.outputs[i] = dataOf(given[i]);
      for (const step of steps) step(call);
      for (let i = 0; i < results.length; i++) {
        const value = schedule.results[i];
        if (value) write(value, i, call);
        call.outputs[i] = NONE;
      }
      for (let i = 0; i < call.feeds.length; i++) call.feeds[i] = NONE;
      return given;
    },
    dispose() {
      plans.clear();
      compiled.clear();
      last = undefined;
    },
  };
}

function same(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
