/** The contract of a backend: what runs programs. It knows primitives and has never heard of a loss. */
import type { DType, FloatDType, TypedArray } from "./dtype.ts";
import type { Axis, Op } from "./node.ts";
import type { Program } from "./program.ts";

/** Whether a backend answers at once or with promises. */
export type Mode = "sync" | "async";
export type Eventually<M extends Mode, T> = M extends "sync" ? T : Promise<T>;

/** Data that a backend holds where its kernels run: WASM memory, a GPU buffer. Made by `Backend.alloc`. */
export interface BackendBuffer {
  readonly backend: string;
  readonly dtype: DType;
  readonly length: number;
  /** The data where it is readable from JavaScript without a copy; undefined elsewhere. */
  readonly data: TypedArray | undefined;
  read(): Promise<TypedArray>;
  write(data: TypedArray): void | Promise<void>;
  dispose(): void;
}
/** A tensor of another library whose data JavaScript cannot read, until a backend adopts it. */
export interface Elsewhere extends BackendBuffer {
  readonly tensor: object;
}
export type Feed = TypedArray | BackendBuffer;
/** The array of a feed, where JavaScript can read it. */
export const arrayOf = (feed: Feed): TypedArray | undefined => (ArrayBuffer.isView(feed) ? feed : feed.data);
export const isElsewhere = (feed: Feed): feed is Elsewhere => !ArrayBuffer.isView(feed) && "tensor" in feed;
/** One feed for each of `program.inputs`, row-major over its axes, in the storage of its dtype. Never written. */
export type Feeds = readonly Feed[];
/** Sizes of `program.axes`, in that order. */
export type Extents = readonly number[];
/** One result for each of `program.outputs`, row-major over its axes, in the storage of its dtype. */
export type Outputs = readonly Feed[];

/** A compiled program. */
export interface Kernel<M extends Mode = Mode> {
  /** `outputs`: arrays to write to; where one is undefined the kernel makes it. Returns the results in order. */
  run(
    feeds: Feeds,
    extents: Extents,
    parameters: Float64Array,
    outputs?: readonly (Feed | undefined)[],
  ): Eventually<M, Outputs>;
  dispose(): void;
}

/** Runs programs. */
export interface Backend<M extends Mode = Mode> {
  readonly specVersion: 1;
  /** "cpu", "cpu:js", "onnx:webgpu": for errors, tests and benchmarks. */
  readonly name: string;
  readonly mode: M;
  /** The primitives that it has. What it lacks it writes with them, by `decompose`, when it compiles, or it refuses. */
  readonly primitives: ReadonlySet<Op>;
  /** The floating point types in which it computes. */
  readonly dtypes: ReadonlySet<FloatDType>;
  /** The most elements of a tensor that it computes, unless an argument has more; 2³⁰ unless given. */
  readonly mostElements?: number;
  compile(program: Program): Eventually<M, Kernel<M>>;
  alloc?(dtype: DType, shape: readonly number[]): BackendBuffer;
  /** Takes a tensor of the library that it runs on, which lies where its kernels run, without a copy. */
  adopt?(tensor: object): { readonly data: BackendBuffer };
  /** Class indices that JavaScript cannot read are read back before a call, and refused like others. */
  readonly validate?: "read" | undefined;
  dispose?(): void | Promise<void>;
}

/** The number of elements over some of a program's axes. */
export function volume(axes: readonly Axis[], program: Program, extents: Extents): number {
  let n = 1;
  for (const a of axes) n *= extents[program.axes.indexOf(a)] as number;
  return n;
}
