/** The WebAssembly engine: a program's schedule, its modules, and the plans for the sizes that were seen last. */
import {
  type Axis,
  type BackendBuffer,
  type Feeds,
  fromNumbers,
  type Kernel,
  Lru,
  type Node,
  type Outputs,
  type Program,
  round,
  storage,
  type TypedArray,
  UnsupportedError,
} from "@isoloss/core";
import { moduleBytes } from "./assembler.ts";
import type { CpuKernel } from "./cpu-backend.ts";
import { emit } from "./emit.ts";
import type { Form } from "./emitter.ts";
import { dataOf } from "./feeds.ts";
import type { Sizes, Tuning } from "./geometry.ts";
import type { Memory } from "./memory.ts";
import type { Result, Schedule } from "./schedule.ts";
import { type Call, type Compiled, type Functions, sweepPlan } from "./sweep-plan.ts";
import { uniformStep } from "./uniforms.ts";
import { crosses, type Value } from "./value.ts";

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
  /** What a call does: uniform values and sweeps in turn. */
  readonly steps: readonly ((call: Call) => void)[];
  /** The call at hand: written anew for each, so that a call allocates nothing. */
  readonly call: Call;
}
/** Plans kept for one program. */
const PLANS = 8;
/** What stands for a call's arrays when it is over: a kernel keeps none of its callers'. */
const NONE = new Uint8Array(0);

export class WasmKernel implements Kernel<"sync"> {
  readonly engine = "wasm";
  readonly #machine: Machine;
  readonly #program: Program;
  readonly #schedule: Schedule;
  readonly #compiled = new Map<Form, Compiled>();
  readonly #values: readonly Value[];
  readonly #plans = new Lru<string, Plan>(PLANS);
  #last: Plan | undefined;

  constructor(machine: Machine, program: Program, schedule: Schedule, values: readonly Value[]) {
    this.#machine = machine;
    this.#program = program;
    this.#schedule = schedule;
    this.#values = values;
  }

  #compile(form: Form): Compiled {
    const known = this.#compiled.get(form);
    if (known) return known;
    const { frames, functions } = emit(this.#schedule, form);
    const module = new WebAssembly.Module(moduleBytes(functions));
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.#machine.memory.memory } });
    const compiled = { frames, functions: exports as Functions };
    this.#compiled.set(form, compiled);
    return compiled;
  }

  /** None where an axis has no elements. */
  #plan(extents: readonly number[]): Plan | undefined {
    if (this.#last && same(this.#last.extents, extents)) return this.#last;
    if (extents.includes(0)) return undefined;
    const key = String(extents);
    this.#last = this.#plans.get(key) ?? this.#plans.set(key, this.#newPlan([...extents]));
    return this.#last;
  }
  #newPlan(extents: readonly number[]): Plan {
    const program = this.#program;
    const schedule = this.#schedule;
    const sizes: Sizes = { program, schedule, size: (axis) => extents[program.axes.indexOf(axis as string)] ?? 1 };
    const scalars = new Float64Array(Math.max(0, ...this.#values.map((v) => v.id)) + 1);
    for (const { id, op, dtype, attribute } of this.#values)
      if (op === "constant") scalars[id] = attribute as number;
      else if (op === "extent") scalars[id] = round[dtype](sizes.size(attribute as Axis));
    const sweeps = schedule.sweeps.map((sweep, i) => ({
      ...sweepPlan(this.#machine, sweep, i, sizes, (form) => this.#compile(form)),
      turn: sweep.turn,
    }));
    for (const { bytes } of sweeps) this.#machine.memory.reserve(bytes);
    const steps = schedule.uniforms.flatMap((list, turn) => [
      ...list.filter((v) => !crosses(v) && v.op !== "extent").map((v) => uniformStep(v, program)),
      ...sweeps.filter((s) => s.turn === turn).map((s) => s.run),
    ]);
    return { extents, steps, call: { feeds: [], outputs: [], scalars, parameters: program.parameters } };
  }

  run(
    feeds: Feeds,
    extents: readonly number[],
    parameters: Float64Array,
    outputs: Parameters<Kernel<"sync">["run"]>[3] = [],
  ): Outputs {
    const plan = this.#plan(extents);
    if (!plan)
      return onFallback(this.#machine, this.#program, "a call of nothing").run(feeds, extents, parameters, outputs);
    const { call, steps } = plan;
    const { inputs, outputs: results, axes } = this.#program;
    call.parameters = parameters;
    for (let i = 0; i < inputs.length; i++) call.feeds[i] = dataOf(feeds[i]);
    let given = outputs as (TypedArray | BackendBuffer)[];
    for (let i = 0; i < results.length; i++) {
      if (outputs[i] === undefined) {
        if (given === outputs) given = [...given];
        const node = results[i] as Node;
        const length = node.axes.reduce((n, a) => n * (extents[axes.indexOf(a)] as number), 1);
        given[i] = new storage[node.dtype](length);
      }
      call.outputs[i] = dataOf(given[i]);
    }
    for (const step of steps) step(call);
    for (let i = 0; i < results.length; i++) {
      this.#result(i, call);
      call.outputs[i] = NONE;
    }
    for (let i = 0; i < call.feeds.length; i++) call.feeds[i] = NONE;
    return given;
  }
  /** Outputs that no sweep has written. */
  #result(i: number, call: Call): void {
    const result = this.#schedule.results[i] as Result;
    if (result.is === "stored") return;
    const output = call.outputs[i] as Float64Array;
    const { dtype, axes } = this.#program.outputs[i] as Node;
    const { id } = result.value;
    if (result.is === "partial") {
      const sums = call.feeds[this.#program.inputs.length + id] as Float64Array;
      output.set(fromNumbers(sums, dtype) as Float64Array);
      return;
    }
    const x = call.scalars[id] as number;
    const encoded = dtype === "float32" || dtype === "float64" ? x : (fromNumbers([x], dtype)[0] as number);
    if (axes.length === 0) output[0] = encoded;
    else output.fill(encoded);
  }
  dispose(): void {
    this.#plans.clear();
    this.#compiled.clear();
    this.#last = undefined;
  }
}

function same(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
