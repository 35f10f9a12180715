/** `createCpuBackend`: runs programs on the CPU, synchronously. */
import type { Backend, Kernel, Op, Program } from "@isoloss/core";
import { JsKernel } from "./js-engine.ts";

export type Engine = "wasm" | "js";

export interface CpuBackendOptions {
  /** "wasm" compiles programs to WebAssembly SIMD, "js" runs them in plain JavaScript. Default: "wasm" where it is allowed. */
  readonly engine?: Engine;
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

/** A CPU backend. Each owns its memory: nothing is shared between two of them. */
export function createCpuBackend(options: CpuBackendOptions = {}): CpuBackend {
  const engine = options.engine ?? "js";
  return {
    specVersion: 1,
    name: engine === "js" ? "cpu:js" : "cpu",
    mode: "sync",
    engine,
    engineReason: options.engine ? "asked for" : "the default",
    primitives: new Set(Object.keys(primitives) as Op[]),
    dtypes: new Set(["float64", "float32", "float16", "bfloat16"] as const),
    compile: (program) => new JsKernel(program),
  };
}
