/** The JavaScript engine's plan for one call's sizes: what each value's loop is, in scratch arrays that calls share. */
import { type Axis, type DType, type Node, type Program, round, type TypedArray, topological } from "@isoloss/core";
import { type Crossing, crossing } from "./js-crossings.ts";
import { elementwiseStep } from "./js-elementwise.ts";
import { isEncoded } from "./js-feeds.ts";
import { accumulateStep, pickStep, reduceStep } from "./js-reduce.ts";
import { readSlice, type Slice, sliceOf, startOf } from "./js-slices.ts";
import { type Cut, cut, rowElements, tiledAxes } from "./js-sweeps.ts";
import { type Allocate, type Layout, layoutOf, type Step, type Values, valuesOf } from "./js-values.ts";

/** What a call brings. */
export interface Call {
  readonly feeds: readonly TypedArray[];
  readonly parameters: Float64Array;
  readonly outputs: readonly TypedArray[];
}
/** The values of a node, for a whole call or for a tile at `indices`: `out`, filled, or a view of the caller's array. */
type Fill = (values: readonly Values[], call: Call, indices: readonly number[]) => Values;
export interface Value {
  readonly at: number;
  readonly out: Values;
  readonly fill: Fill;
}
/** The axes that a call is tiled along, and the sizes of all. */
interface Whole {
  readonly axes: readonly Axis[];
  sizeOf(axis: Axis): number;
}
/** Loops of one sweep for tiles of one size. */
export interface Frame {
  readonly values: readonly Value[];
  readonly layout: Layout;
  readonly outputs: readonly { readonly output: number; readonly at: number; readonly slice: Slice }[];
}
export interface SweepPlan {
  /** For a whole tile, and for the last one along the last tiled axis. */
  readonly frames: readonly [Frame, Frame];
  readonly crossings: readonly { readonly at: number; readonly from: number; readonly state: Crossing }[];
}
export interface Tiling {
  readonly whole: readonly (readonly Value[])[];
  readonly sweeps: readonly SweepPlan[];
  /** Extents of the tiled axes, and how much of the last one a tile holds. */
  readonly extents: readonly number[];
  readonly count: number;
  /** Elements of whole values, which this plan keeps. */
  readonly wholeElements: number;
  readonly layout: Layout;
  /** Outputs that are whole. */
  readonly outputs: readonly { readonly output: number; readonly at: number }[];
}

/** Arrays by type and axes, taken and given back while a frame is made; each grows to the largest tile that it held. */
export class Scratch {
  readonly #arrays = new Map<string, Values>();
  get bytes(): number {
    return [...this.#arrays.values()].reduce((n, a) => n + a.byteLength, 0);
  }
  /** Takes arrays that no value alive at the same time has. */
  frame(layout: Layout): { take(dtype: DType, axes: readonly Axis[]): Values; free(values: Values): void } {
    const free = new Map<string, string[]>();
    const owner = new Map<Values, [string, string]>();
    const made = new Map<string, number>();
    return {
      take: (dtype, axes) => {
        const kind = `${valuesOf(dtype, 0).constructor.name} ${axes}`;
        const n = layout.size(axes);
        let key = free.get(kind)?.pop();
        if (key === undefined) {
          const k = made.get(kind) ?? 0;
          made.set(kind, k + 1);
          key = `${kind} ${k}`;
        }
        let array = this.#arrays.get(key);
        if (array === undefined || array.length < n) {
          array = valuesOf(dtype, n);
          this.#arrays.set(key, array);
        }
        const view = array.subarray(0, n) as Values;
        owner.set(view, [kind, key]);
        return view;
      },
      free: (values) => {
        const [kind, key] = owner.get(values) ?? [];
        if (kind === undefined || key === undefined) return;
        free.set(kind, [...(free.get(kind) ?? []), key]);
        owner.delete(values);
      },
    };
  }
}

export class Tiler {
  readonly #program: Program;
  readonly #nodes: readonly Node[];
  readonly #at: ReadonlyMap<Node, number>;
  readonly #cuts = new Map<string, Cut>();
  readonly #scratch = new Scratch();
  readonly #elements: number;
  constructor(program: Program, elements: number) {
    this.#program = program;
    this.#elements = elements;
    this.#nodes = topological(program.outputs);
    this.#at = new Map(this.#nodes.map((n, i) => [n, i]));
  }

  /** Bytes of the arrays that hold a tile. */
  get scratchBytes(): number {
    return this.#scratch.bytes;
  }
  plan(extents: readonly number[]): Tiling {
    const sizes = new Map(this.#program.axes.map((a, i) => [a, extents[i] as number]));
    const sizeOf = (a: Axis): number => sizes.get(a) as number;
    const axes = tiledAxes(this.#program, sizeOf, this.#elements);
    const known = this.#cuts.get(String(axes));
    const parts = known ?? cut(this.#program, axes);
    this.#cuts.set(String(axes), parts);

    const last = axes.at(-1);
    const length = last === undefined ? 0 : sizeOf(last);
    const row = Math.max(1, rowElements(this.#nodes, axes, sizeOf));
    const fitting = Math.max(1, Math.floor(this.#elements / row));
    const count = Math.max(1, Math.min(length, fitting < 16 ? fitting : fitting & ~15)); // whole groups of a total
    const layout = layoutOf(sizes);
    const tile = (n: number): Layout =>
      layoutOf(new Map([...sizes, ...axes.map((a) => [a, a === last ? n : 1] as const)]));
    const layouts = length % count ? [tile(count), tile(length % count)] : [tile(count)];
    let wholeElements = 0;
    const keep: Allocate = (dtype, over) => {
      const n = layout.size(over);
      wholeElements += n;
      return valuesOf(dtype, n);
    };
    const whole = parts.whole.map((nodes) => nodes.map((n) => this.#value(n, layout, keep, { axes, sizeOf })));
    const sweeps = parts.sweeps.map((sweep): SweepPlan => {
      const [full, rest = full] = layouts.map((l) => this.#frame(sweep, l, parts, { axes, sizeOf }));
      const crossings = sweep.crossings.map((n) => {
        wholeElements += layout.size(n.axes);
        return { at: this.#index(n), from: this.#index(n.args[0] as Node), state: crossing(n, layout) };
      });
      return { frames: [full, rest] as [Frame, Frame], crossings };
    });
    const outputs = this.#program.outputs.flatMap((o, output) =>
      parts.tiled(o) ? [] : [{ output, at: this.#index(o) }],
    );
    return { whole, sweeps, extents: axes.map(sizeOf), count, wholeElements, layout, outputs };
  }

  #index(n: Node): number {
    return this.#at.get(n) as number;
  }
  #frame(sweep: Cut["sweeps"][number], layout: Layout, { tiled }: Cut, whole: Whole): Frame {
    const scratch = this.#scratch.frame(layout);
    const kept = new Set([...sweep.crossings.flatMap((n) => n.args), ...(sweep.writes ? this.#program.outputs : [])]);
    const lastUse = new Map<Node, number>();
    sweep.nodes.forEach((n, i) => {
      for (const a of n.args) lastUse.set(a, i);
    });
    const held = new Map<Node, Values>();
    const values = sweep.nodes.map((n, i) => {
      const taken: Values[] = [];
      const take: Allocate = (dtype, over) => {
        const array = scratch.take(dtype, over);
        taken.push(array);
        return array;
      };
      const value = this.#value(n, layout, take, whole);
      held.set(n, value.out);
      for (const t of taken) if (t !== value.out) scratch.free(t);
      for (const a of new Set(n.args))
        if (lastUse.get(a) === i && !kept.has(a) && held.has(a)) scratch.free(held.get(a) as Values);
      return value;
    });
    const tileOf = (a: Axis): number => layout.size([a]);
    const outputs = sweep.writes
      ? this.#program.outputs.flatMap((o, output) =>
          tiled(o) ? [{ output, at: this.#index(o), slice: sliceOf(o.axes, whole.axes, whole.sizeOf, tileOf) }] : [],
        )
      : [];
    return { values, layout, outputs };
  }

  #value(n: Node, layout: Layout, allocate: Allocate, whole: Whole): Value {
    const at = this.#index(n);
    if (n.op !== "input") {
      const out = allocate(n.dtype, n.axes);
      return { at, out, fill: this.#fill(n, layout, out, allocate, whole) };
    }
    const { axes, sizeOf } = whole;
    const isTiled = n.axes.some((a) => axes.includes(a));
    const slice = isTiled ? sliceOf(n.axes, axes, sizeOf, (a) => layout.size([a])) : undefined;
    const isView = !isEncoded(n.dtype) && (slice === undefined || slice.at.length === 1);
    const out = isView ? valuesOf(n.dtype, 0) : allocate(n.dtype, n.axes);
    const slot = this.#program.inputs.findIndex((p) => p.name === n.attribute);
    const fill: Fill = (_, { feeds }, indices) =>
      readSlice(feeds[slot] as TypedArray, n.dtype, slice, slice ? startOf(slice, indices) : 0, out);
    return { at, out, fill };
  }
  #fill(n: Node, layout: Layout, out: Values, allocate: Allocate, { axes, sizeOf }: Whole): Fill {
    const r = round[n.dtype];
    switch (n.op) {
      case "constant":
        out.fill(r(n.attribute));
        return () => out;
      case "extent":
        out.fill(r(sizeOf(n.attribute)));
        return () => out;
      case "parameter":
        return (_, { parameters }) => out.fill(r(parameters[n.attribute] as number));
      case "iota": {
        const axis = axes.indexOf(n.attribute);
        return (_, __, indices) => {
          const first = indices[axis] ?? 0;
          for (let i = 0; i < out.length; i++) out[i] = first + i;
          return out;
        };
      }
      default: {
        const step = stepOf(n, layout, out, allocate);
        const [x = 0, y = x, z = x] = n.args.map((a) => this.#index(a));
        return (values) => {
          step(values[x] as Values, values[y] as Values, values[z] as Values);
          return out;
        };
      }
    }
  }
}

function stepOf(n: Node, layout: Layout, out: Values, allocate: Allocate): Step {
  switch (n.op) {
    case "sum":
    case "max":
      return reduceStep(n, layout, out);
    case "accumulate":
      return accumulateStep(n.attribute, round[n.dtype], out);
    case "pick":
      return pickStep(n, layout, out);
    default:
      return elementwiseStep(n, layout, out, allocate);
  }
}
