/** The JavaScript engine's plan for one call's sizes: steps, each a loop over arrays that it was made for. */
import {
  type Axis,
  type DType,
  fromNumbers,
  isFloat,
  isHalf,
  type Node,
  type Program,
  round,
  type TypedArray,
  toNumbers,
} from "@isoloss/core";
import { ofArrays } from "./array-arithmetic.ts";
import { type Loop, loops } from "./js-loops.ts";
import { accumulateStep, pickStep, type Reduction, reduction, type Step } from "./js-reduce.ts";
import { type Pass, passesOf, tilingOf } from "./js-sweeps.ts";
import { type Cell, type Runs, runsOf, type SizeOf, sizeOf, strideIn, type Values, valuesOf } from "./js-values.ts";

/** What a call brings. */
export interface Call {
  readonly feeds: readonly TypedArray[];
  readonly parameters: Float64Array;
  readonly outputs: readonly TypedArray[];
}
/** Between two calls a plan holds nothing of its callers'. */
const idle: Call = { feeds: [], parameters: new Float64Array(0), outputs: [] };

export interface Plan {
  readonly size: SizeOf;
  /** Of all arrays that it holds. */
  readonly bytes: number;
  run(call: Call): void;
}

/** Whether values are kept otherwise than in the storage of their dtype. */
const isEncoded = (dtype: DType): boolean => dtype === "int64" || isHalf(dtype);
/** Whether storing a number in the array of this dtype is not yet its rounding. */
const isRounded = (dtype: DType): boolean => isHalf(dtype) || !(isFloat(dtype) || dtype === "bool");

/** Of longer runs the runtime makes copies faster than a loop. */
const LONG = 8;
/** Lays the values of an operand out over more axes. */
const spread = (out: Values, from: Cell, { at, length, step }: Runs): Step => {
  const isLong = length > LONG;
  return () => {
    const x = from.data;
    for (let run = 0, i = 0; run < at.length; run++, i += length) {
      const k = at[run] as number;
      if (isLong && k === at[run - 1]) out.copyWithin(i, i - length, i);
      else if (isLong && step === 0) out.fill(x[k] as number, i, i + length);
      else for (let j = 0; j < length; j++) out[i + j] = x[k + j * step] as number;
    }
  };
};

export function planOf(program: Program, extents: readonly number[], elements: number): Plan {
  const size: SizeOf = (a) => extents[program.axes.indexOf(a)] as number;
  const { axes, row } = tilingOf(program, size, elements);
  const sizes = axes.map(size);
  const last = axes.length - 1;
  const length = sizes[last] ?? 0;
  const fitting = Math.max(1, Math.floor(elements / row));
  const count = Math.max(1, Math.min(length, fitting < 16 ? fitting : fitting & ~15)); // whole groups of a total
  /** Where the tile at hand begins along each tiled axis. */
  const indices = axes.map(() => 0);
  const startIn = (n: Node): (() => number) => {
    const strides = axes.map((a) => strideIn(n.axes, size, a));
    return () => {
      let start = 0;
      for (let k = 0; k <= last; k++) start += (strides[k] as number) * (indices[k] as number);
      return start;
    };
  };
  const whole = new Map<Node, Cell>();
  const reductions = new Map<Node, Reduction>();
  const views: Cell[] = [];
  const steps: Step[] = [];
  let call = idle;
  let bytes = 0;
  const allocate = (dtype: DType, over: readonly Axis[], tile: SizeOf): Values => {
    const values = valuesOf(dtype, sizeOf(over, tile));
    bytes += values.byteLength;
    return values;
  };

  /** An input: the caller's own array where it is one run of values kept as they are. */
  function read(n: Node, tile: SizeOf, steps: Step[]): Cell {
    const slot = program.inputs.findIndex((p) => p.name === n.attribute);
    const { at, length } = runsOf(n.axes, tile, n.axes, size);
    const start = startIn(n);
    const isView = at.length === 1 && !isEncoded(n.dtype);
    const out = isView ? idle.parameters : allocate(n.dtype, n.axes, tile);
    const cell: Cell = { data: out };
    if (isView) views.push(cell);
    steps.push(() => {
      for (let i = 0; i < at.length; i++) {
        const first = start() + (at[i] as number);
        const run = (call.feeds[slot] as Float64Array).subarray(first, first + length);
        if (isView) cell.data = run;
        else out.set(isEncoded(n.dtype) ? toNumbers(run, n.dtype) : run, i * length);
      }
    });
    return cell;
  }

  /** Steps for a pass over tiles of one size; those that are the same for all tiles go to `once`. */
  function frame({ isTiled, nodes, crossings, writes }: Pass, tile: SizeOf, once: Step[]): Step[] {
    const steps = isTiled ? [] : once;
    const held = isTiled ? new Map<Node, Cell>() : whole;
    const cellOf = (n: Node): Cell => (held.get(n) ?? whole.get(n)) as Cell;
    const repeat = (a: Node, out: Values, n: Node): Cell => {
      (whole.has(a) ? once : steps).push(spread(out, cellOf(a), runsOf(n.axes, tile, a.axes)));
      return { data: out };
    };
    const over = (a: Node, n: Node): Cell =>
      a.axes.length === n.axes.length ? cellOf(a) : repeat(a, allocate(a.dtype, n.axes, tile), n);

    for (const n of nodes) {
      const r = round[n.dtype];
      if (n.op === "input") {
        held.set(n, read(n, tile, steps));
        continue;
      }
      const out = allocate(n.dtype, n.axes, tile);
      held.set(n, { data: out });
      switch (n.op) {
        case "constant":
        case "extent":
          out.fill(r(n.op === "extent" ? size(n.attribute) : n.attribute));
          break;
        case "parameter":
          steps.push(() => out.fill(r(call.parameters[n.attribute] as number)));
          break;
        case "iota": {
          const start = startIn(n);
          steps.push(() => {
            const first = start();
            for (let i = 0; i < out.length; i++) out[i] = first + i;
          });
          break;
        }
        case "sum":
        case "max": {
          const crossing = reductions.get(n);
          const r = crossing ?? reduction(n, tile);
          if (!crossing) steps.push(r.add(cellOf(n.args[0] as Node), tile));
          steps.push(r.finish(out));
          break;
        }
        case "accumulate":
        case "pick": {
          const [x, y] = n.args.map(cellOf) as [Cell, Cell];
          steps.push(n.op === "pick" ? pickStep(n, tile, out, x, y) : accumulateStep(n, out, x, y));
          break;
        }
        case "expand":
          repeat(n.args[0] as Node, out, n);
          break;
        default: {
          const [x, y = x, z = x] = n.args.map((a) => over(a, n)) as [Cell, Cell?, Cell?];
          const type = out instanceof Float64Array ? "float64" : "float32";
          const table: Partial<Record<string, Loop>> = { ...loops, ...ofArrays[type] };
          const loop = table[n.op === "cast" && n.dtype === "bool" ? "and" : n.op] as Loop;
          steps.push(() => loop(out.length, out, x.data, y.data, z.data));
          if (isRounded(n.dtype))
            steps.push(() => {
              for (let i = 0; i < out.length; i++) out[i] = r(out[i] as number);
            });
        }
      }
    }
    for (const n of crossings) {
      const r = reductions.get(n) ?? reduction(n, tile);
      reductions.set(n, r);
      steps.push(r.add(cellOf(n.args[0] as Node), tile));
    }
    program.outputs.forEach((o, i) => {
      const values = held.get(o);
      if (!writes || !values) return;
      const { at, length } = runsOf(o.axes, tile, o.axes, size);
      const start = startIn(o);
      steps.push(() => {
        const encoded = isEncoded(o.dtype) ? fromNumbers(values.data, o.dtype) : values.data;
        at.forEach((to, k) => {
          const run = encoded.subarray(k * length, (k + 1) * length);
          (call.outputs[i] as Float64Array).set(run as Float64Array, start() + to);
        });
      });
    });
    return steps;
  }

  for (const pass of passesOf(program, axes)) {
    const tile =
      (n: number): SizeOf =>
      (a) =>
        pass.isTiled && axes.includes(a) ? (a === axes[last] ? n : 1) : size(a);
    const full = frame(pass, tile(count), steps);
    if (!pass.isTiled) continue;
    const rest = length % count ? frame(pass, tile(length % count), steps) : full;
    /** All tiles in row-major order of the tiled axes. */
    const visit = (k: number): void => {
      if (k > last) for (const step of (indices[last] as number) + count > length ? rest : full) step();
      else
        for (
          indices[k] = 0;
          (indices[k] as number) < (sizes[k] as number);
          (indices[k] as number) += k < last ? 1 : count
        )
          visit(k + 1);
    };
    if (pass.nodes.length) steps.push(() => visit(0));
  }
  return {
    size,
    bytes,
    run(c) {
      call = c;
      for (const step of steps) step();
      call = idle;
      for (const cell of views) cell.data = idle.parameters;
    },
  };
}
