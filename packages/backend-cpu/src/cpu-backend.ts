/** What the backends of this package are to their users. */
import type { Backend, BackendBuffer, DType, ElementwiseOp, Kernel, Op, Program } from "@isoloss/core";
import { ofArrays } from "./array-arithmetic.ts";
import type { Tuning } from "./geometry.ts";
import { loops } from "./js-loops.ts";

export type Engine = "wasm" | "js";

export interface EngineOptions {
  /** Sizes of tiles and blocks: results do not depend on them. */
  readonly tuning?: Partial<Tuning>;
}

/** A compiled program: which engine runs it, and why if it is not the backend's own. */
export interface CpuKernel extends Kernel<"sync"> {
  readonly engine: Engine;
  readonly engineReason?: string | undefined;
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
}

/** The primitives besides those that work element by element: a forgotten one does not compile. */
const others: Readonly<Record<Exclude<Op, ElementwiseOp>, true>> = {
  input: true,
  constant: true,
  parameter: true,
  extent: true,
  iota: true,
  expand: true,
  sum: true,
  max: true,
  accumulate: true,
  pick: true,
};

/** What both engines declare alike. */
export const common = {
  specVersion: 1,
  mode: "sync",
  primitives: new Set(Object.keys({ ...loops, ...ofArrays.float32, ...others }) as Op[]),
  dtypes: new Set(["float64", "float32", "float16", "bfloat16"]),
  engineReason: "asked for",
} as const satisfies Partial<CpuBackend>;
