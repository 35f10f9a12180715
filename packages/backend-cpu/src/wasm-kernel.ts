/** The WebAssembly engine: a program's schedule, its modules, and the plans for the sizes that were seen last. */
import {
  type Axis,
  type BackendBuffer,
  type Feeds,
  fromNumbers,
  type Kernel,
  type Node,
  type Outputs,
  type Program,
  storage,
  type TypedArray,
  UnsupportedError,
} from "@isoloss/core";
import { moduleBytes } from "./assembler.ts";
import type { CpuKernel } from "./cpu-backend.ts";
import { type Emitted, emit } from "./emit.ts";
import type { Form } from "./emitter.ts";
import { dataOf } from "./feeds.ts";
import type { Tuning } from "./geometry.ts";
import { shapes } from "./lanes.ts";
import type { Memory } from "./memory.ts";
import type { Result, Schedule } from "./schedule.ts";
import { type Call, type Compiled, type Sizes, type SweepFunction, SweepPlan } from "./sweep-plan.ts";
import { type Transposes, transposesFor } from "./transpose.ts";
import { type UniformStep, uniformStep } from "./uniforms.ts";
import type { Value } from "./value.ts";

/** What kernels of one backend share. */
export interface Machine {
  readonly memory: Memory;
  readonly tuning: Tuning;
  readonly transposes: Readonly<Record<string, (...args: number[]) => void>>;
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
  readonly sweeps: readonly SweepPlan[];
  /** The call at hand: written anew for each, so that a call allocates nothing. */
  readonly call: Call;
  readonly isEmpty: boolean;
  generation: number;
}
/** Plans kept for one program. */
const PLANS = 8;
/** What stands for a call's arrays when it is over: a kernel keeps none of its callers'. */
const NONE = new Uint8Array(0);

export class WasmKernel implements Kernel<"sync"> {
  readonly engine = "wasm";
  readonly #machine: Machine;
  readonly program: Program;
  readonly schedule: Schedule;
  readonly #compiled = new Map<Form, Compiled>();
  readonly #steps: readonly (readonly UniformStep[])[];
  readonly #constants: readonly Value[];
  readonly #ids: number;
  #plans: Plan[] = [];

  constructor(machine: Machine, program: Program, schedule: Schedule, values: readonly Value[]) {
    this.#machine = machine;
    this.program = program;
    this.schedule = schedule;
    this.#steps = schedule.uniforms.map((list) => list.flatMap((v) => uniformStep(v) ?? []));
    this.#constants = values.filter((v) => v.op === "constant");
    this.#ids = Math.max(0, ...values.map((v) => v.id)) + 1;
  }

  /** The code for one form. */
  emit(form: Form): Emitted {
    return emit(this.schedule, form);
  }
  #compile(form: Form): Compiled {
    let compiled = this.#compiled.get(form);
    if (!compiled) {
      const emitted = this.emit(form);
      const module = new WebAssembly.Module(moduleBytes(emitted.functions));
      const { exports } = new WebAssembly.Instance(module, { env: { memory: this.#machine.memory.memory } });
      const functions = this.schedule.sweeps.map((_, i) => exports[`sweep${i}`] as SweepFunction);
      compiled = { emitted, functions };
      this.#compiled.set(form, compiled);
    }
    return compiled;
  }

  #plan(extents: readonly number[]): Plan {
    const known = this.#plans[0];
    if (known && same(known.extents, extents)) return known;
    let plan = this.#plans.find((p) => same(p.extents, extents));
    if (plan) this.#plans.splice(this.#plans.indexOf(plan), 1);
    else plan = this.#newPlan([...extents]);
    this.#plans.unshift(plan);
    if (this.#plans.length > PLANS) for (const s of (this.#plans.pop() as Plan).sweeps) s.dispose();
    return plan;
  }
  #newPlan(extents: readonly number[]): Plan {
    const { memory, tuning, transposes } = this.#machine;
    const { axes } = this.program;
    const scalars = new Float64Array(this.#ids);
    for (const v of this.#constants) scalars[v.id] = v.attribute as number;
    const sizeNow = (axis: Axis): number => extents[axes.indexOf(axis)] ?? 1;
    const names = this.program.inputs.map((p) => p.name);
    const call: Call = {
      id: 0,
      feeds: [],
      outputs: [],
      scalars,
      partials: new Map(),
      parameters: this.program.parameters,
      input: (name) => call.feeds[names.indexOf(name)] as TypedArray,
      extent: (axis) => extents[axes.indexOf(axis)] as number,
    };
    const isEmpty = extents.includes(0);
    const { type, classAxis } = this.schedule;
    const sizes: Sizes = { program: this.program, type, classAxis, tuning, size: sizeNow };
    const sweeps = isEmpty
      ? []
      : this.schedule.sweeps.map(
          (sweep, i) =>
            new SweepPlan(
              memory,
              sweep,
              i,
              sizes,
              (form) => this.#compile(form),
              (classes): Transposes => transposesFor(transposes, shapes[type].bytes, classes),
            ),
        );
    return { extents, sweeps, call, isEmpty, generation: -1 };
  }
  #place(plan: Plan): void {
    const { memory } = this.#machine;
    memory.reserve(plan.sweeps.reduce((n, s) => n + s.bytes + 64, 0));
    let at = memory.scratchAddress;
    for (const s of plan.sweeps) {
      s.place(at);
      at += Math.ceil(s.bytes / 64) * 64;
    }
    plan.generation = memory.generation;
  }

  run(
    feeds: Feeds,
    extents: readonly number[],
    parameters: Float64Array,
    outputs: Parameters<Kernel<"sync">["run"]>[3] = [],
  ): Outputs {
    const plan = this.#plan(extents);
    if (plan.isEmpty)
      return onFallback(this.#machine, this.program, "a call of nothing").run(feeds, extents, parameters, outputs);
    if (plan.generation !== this.#machine.memory.generation) this.#place(plan);
    const { inputs, outputs: results } = this.program;
    const { call } = plan;
    call.id++;
    call.parameters = parameters;
    for (let i = 0; i < inputs.length; i++) call.feeds[i] = dataOf(feeds[i]);
    let given = outputs as (TypedArray | BackendBuffer)[];
    for (let i = 0; i < results.length; i++) {
      if (outputs[i] === undefined) {
        if (given === outputs) given = [...given];
        const node = results[i] as Node;
        given[i] = new storage[node.dtype](sizeOf(node, this.program.axes, extents));
      }
      call.outputs[i] = dataOf(given[i]);
    }
    let next = 0;
    for (let turn = 0; turn < this.#steps.length; turn++) {
      const steps = this.#steps[turn] as readonly UniformStep[];
      for (let i = 0; i < steps.length; i++) (steps[i] as UniformStep)(call.scalars, call);
      for (let s = plan.sweeps[next]; s && s.sweep.turn === turn; s = plan.sweeps[++next]) s.run(call);
    }
    for (let i = 0; i < results.length; i++) this.#result(i, call);
    call.feeds.fill(NONE);
    call.outputs.fill(NONE);
    return given;
  }
  /** Outputs that no sweep has written. */
  #result(i: number, call: Call): void {
    const result = this.schedule.results[i] as Result;
    if (result.is === "stored") return;
    const output = call.outputs[i] as Float64Array;
    const { dtype, axes } = this.program.outputs[i] as Node;
    if (result.is === "partial")
      output.set(fromNumbers(call.partials.get(result.value) as Float64Array, dtype) as Float64Array);
    else {
      const x = call.scalars[result.value.id] as number;
      const encoded = dtype === "float32" || dtype === "float64" ? x : (fromNumbers([x], dtype)[0] as number);
      if (axes.length === 0) output[0] = encoded;
      else output.fill(encoded);
    }
  }
  dispose(): void {
    for (const p of this.#plans) for (const s of p.sweeps) s.dispose();
    this.#plans = [];
    this.#compiled.clear();
  }
}

const sizeOf = (o: Node, axes: readonly Axis[], extents: readonly number[]): number =>
  o.axes.reduce((n, a) => n * (extents[axes.indexOf(a)] as number), 1);
function same(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
