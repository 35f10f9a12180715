/** `createCpuBackend`: runs programs on the CPU, synchronously. */
import {
  type Backend,
  type BackendBuffer,
  type DType,
  type Kernel,
  type Op,
  type Program,
  print,
  UnsupportedError,
} from "@isoloss/core";
import { tryWasm } from "./compile.ts";
import { defaultTuning, type Tuning } from "./geometry.ts";
import { inspectKernel } from "./inspect.ts";
import { JsKernel } from "./js-engine.ts";
import { Memory } from "./memory.ts";
import { plainBuffer, ResidentBuffer } from "./resident.ts";
import { transposeModule } from "./transpose.ts";
import type { Machine } from "./wasm-kernel.ts";

export type Engine = "wasm" | "js";

export interface CpuBackendOptions {
  /** "wasm" compiles programs to WebAssembly SIMD, "js" runs them in plain JavaScript. Default: "wasm" where it is allowed. */
  readonly engine?: Engine;
  /** Sizes of tiles and blocks: results do not depend on them. */
  readonly tuning?: Partial<Tuning>;
}

/** A compiled program: which engine runs it, and why if it is not the backend's own. */
export interface CpuKernel extends Kernel<"sync"> {
  readonly engine: Engine;
  readonly engineReason?: string;
}

export interface CpuBackend extends Backend<"sync"> {
  readonly engine: Engine;
  /** Why this engine runs. */
  readonly engineReason: string;
  compile(program: Program): CpuKernel;
  /** An array that kernels use in place. Its `data` must be asked for anew after anything that may grow the memory. */
  alloc(dtype: DType, shape: readonly number[]): BackendBuffer;
  /** The size of its memory: scratch tiles, code's tables and what `alloc` gave out. */
  readonly memoryBytes: number;
  /** The loops and the WebAssembly of a program, or the reason why the JavaScript engine runs it. */
  inspect(program: Program): string;
}

/** What becomes of each primitive: a forgotten one does not compile. */
const primitives = {
  input: "data",
  constant: "data",
  parameter: "data",
  extent: "data",
  iota: "data",
  expand: "data",
  sum: "reduce",
  max: "reduce",
  pick: "gather",
  neg: "lanes",
  abs: "lanes",
  sign: "lanes",
  exp: "lanes",
  log: "lanes",
  log1p: "lanes",
  sqrt: "lanes",
  trunc: "lanes",
  not: "lanes",
  cast: "lanes",
  add: "lanes",
  sub: "lanes",
  mul: "lanes",
  div: "lanes",
  lt: "lanes",
  le: "lanes",
  eq: "lanes",
  and: "lanes",
  or: "lanes",
  where: "lanes",
} as const satisfies Record<Op, "data" | "lanes" | "reduce" | "gather" | "decompose">;

/** Of `tileBytes`, where it is given, what an element takes in the JavaScript engine, which keeps a tile of every value that is alive. */
const ELEMENT_BYTES = 16;

/** WebAssembly, or why it is refused here. */
function start(options: CpuBackendOptions): { machine: Machine | undefined; reason: string } {
  try {
    const memory = new Memory();
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(transposeModule()), {
      env: { memory: memory.memory },
    });
    const tuning = { ...defaultTuning, ...options.tuning };
    const transposes = exports as Machine["transposes"]; // the DOM's types know less of exports
    return { machine: { memory, tuning, transposes }, reason: options.engine ? "asked for" : "the default" };
  } catch (error) {
    if (options.engine === "wasm") throw new UnsupportedError(`cpu: WebAssembly is refused here: ${String(error)}`);
    return { machine: undefined, reason: `WebAssembly is refused here: ${String(error)}` };
  }
}
function compileFor(machine: Machine, program: Program): CpuKernel {
  const { kernel, reason } = tryWasm(machine, program);
  return kernel ?? Object.assign(new JsKernel(program), { engineReason: reason });
}

/** A CPU backend. Each owns its memory: nothing is shared between two of them. */
export function createCpuBackend(options: CpuBackendOptions = {}): CpuBackend {
  const { machine, reason } = options.engine === "js" ? { machine: undefined, reason: "asked for" } : start(options);
  const engine: Engine = machine ? "wasm" : "js";
  const name = engine === "js" ? "cpu:js" : "cpu";
  const tileBytes = options.tuning?.tileBytes;
  return {
    specVersion: 1,
    name,
    mode: "sync",
    engine,
    engineReason: reason,
    primitives: new Set(Object.keys(primitives) as Op[]),
    dtypes: new Set(["float64", "float32", "float16", "bfloat16"] as const),
    alloc: (dtype, shape) =>
      machine ? new ResidentBuffer(machine.memory, name, dtype, shape) : plainBuffer(name, dtype, shape),
    get memoryBytes() {
      return machine?.memory.buffer.byteLength ?? 0;
    },
    inspect(program) {
      const { kernel, reason: why } = machine ? tryWasm(machine, program) : { kernel: undefined, reason };
      return kernel ? inspectKernel(kernel) : `JavaScript engine: ${why}\n${print(program.outputs)}`;
    },
    compile: (program) =>
      machine ? compileFor(machine, program) : new JsKernel(program, tileBytes && tileBytes / ELEMENT_BYTES),
  };
}
