/** The JavaScript engine's plan for one call's sizes: steps, each a loop over arrays that it was made for. */
import {
  type Axis,
  type DType,
  fromNumbers,
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
import { isAlong, type Pass, passesOf, tilingOf } from "./js-sweeps.ts";
import { type Cell, type Runs, runsOf, type SizeOf, sizeOf, type Values, valuesOf } from "./js-values.ts";
import { strideIn } from "./rows.ts";

/** What a call brings. */
export interface Call {
  readonly feeds: readonly TypedArray[];
  readonly parameters: Float64Array;
  readonly outputs: readonly TypedArray[];
}
/** Between two calls a plan holds nothing of its callers'. */
const idle: Call = { feeds: [], parameters: new Float64Array(0), outputs: [] };

export interface Plan {
  readonly extents: readonly number[];
  readonly size: SizeOf;
  /** Of all arrays that it holds. */
  readonly bytes: number;
  run(call: Call): void;
}

/** Whether values are kept otherwise than in the storage of their dtype. */
const isEncoded = (dtype: DType): boolean => dtype === "int64" || isHalf(dtype);
/** Whether storing a number in the array of this dtype is not yet its rounding. */
const isRounded = (dtype: DType): boolean => !["float32", "float64", "bool"].includes(dtype);

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
  const count = Math.max(1, Math.min(length, Math.floor(elements / row)));
  /** Where the tile at hand begins along each tiled axis. */
  const indices = axes.map(() => 0);
  const runsIn = (n: Node, tile: SizeOf): Runs => runsOf(n.axes, tile, n.axes, size);
  /** For each run of a tile: where it begins in the whole array, and where in the tile. */
  const eachRun = (n: Node, { at, length }: Runs, use: (first: number, to: number) => void): Step => {
    const strides = axes.map((a) => strideIn(n.axes, size, a));
    return () => {
      const start = indices.reduce((sum, index, k) => sum + index * (strides[k] as number), 0);
      at.forEach((from, i) => {
        use(start + from, i * length);
      });
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
    const runs = runsIn(n, tile);
    const isView = runs.at.length === 1 && !isEncoded(n.dtype);
    const out = isView ? idle.parameters : allocate(n.dtype, n.axes, tile);
    const cell: Cell = { data: out };
    if (isView) views.push(cell);
    steps.push(
      eachRun(n, runs, (first, to) => {
        const run = (call.feeds[slot] as Float64Array).subarray(first, first + runs.length);
        if (isView) cell.data = run;
        else out.set(isEncoded(n.dtype) ? toNumbers(run, n.dtype) : run, to);
      }),
    );
    return cell;
  }

  /** Steps for a pass over tiles of one size; those that are the same for all tiles go to `once`. */
  function frame({ isTiled, nodes, writes }: Pass, tile: SizeOf, once: Step[]): Step[] {
    const steps = isTiled ? [] : once;
    const held = isTiled ? new Map<Node, Cell>() : whole;
    const cellOf = (n: Node): Cell => (held.get(n) ?? whole.get(n)) as Cell;
    /** An operand over the axes of a node. */
    const over = (a: Node, n: Node): Cell => {
      if (a.axes.length === n.axes.length) return cellOf(a);
      const data = allocate(a.dtype, n.axes, tile);
      (whole.has(a) ? once : steps).push(spread(data, cellOf(a), runsOf(n.axes, tile, a.axes)));
      return { data };
    };
    const added = (n: Node): Reduction => {
      const r = reductions.get(n) ?? reduction(n, tile);
      steps.push(r.add(cellOf(n.args[0] as Node), tile));
      return r;
    };

    for (const n of nodes) {
      const r = round[n.dtype];
      if (n.op === "input" || n.op === "expand") {
        held.set(n, n.op === "input" ? read(n, tile, steps) : over(n.args[0] as Node, n));
        continue;
      }
      if (isTiled && !isAlong(n, axes)) {
        reductions.set(n, added(n));
        continue;
      }
      const out = allocate(n.dtype, n.axes, tile);
      held.set(n, { data: out });
      switch (n.op) {
        case "constant":
        case "extent":
        case "parameter":
          steps.push(() => {
            const { op, attribute: a } = n;
            out.fill(r(op === "constant" ? a : op === "extent" ? size(a) : (call.parameters[a] as number)));
          });
          break;
        case "iota":
          steps.push(
            eachRun(n, runsIn(n, tile), (first) => {
              for (let i = 0; i < out.length; i++) out[i] = first + i;
            }),
          );
          break;
        case "sum":
        case "max":
          steps.push((reductions.get(n) ?? added(n)).finish(out));
          break;
        case "accumulate":
          steps.push(accumulateStep(n, out, ...(n.args.map(cellOf) as [Cell, Cell])));
          break;
        case "pick": {
          const [x, index] = n.args as readonly [Node, Node];
          steps.push(pickStep(n, tile, out, cellOf(x), over(index, n)));
          break;
        }
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
    program.outputs.forEach((o, i) => {
      const values = held.get(o);
      if (!writes || !values) return;
      const runs = runsIn(o, tile);
      steps.push(
        eachRun(o, runs, (first, from) => {
          const run = values.data.subarray(from, from + runs.length) as Float64Array;
          const encoded = isEncoded(o.dtype) ? fromNumbers(run, o.dtype) : run;
          (call.outputs[i] as Float64Array).set(encoded as Float64Array, first);
        }),
      );
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
    extents,
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
