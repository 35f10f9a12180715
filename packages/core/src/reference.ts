/**
 * The reference interpreter: the definition of what every program computes. Node by node, each result rounded to the
 * node's dtype, in plain loops. Backends are tested against it; nobody should use it for speed.
 */
import type { Backend, Extents } from "./backend.ts";
import { type DType, fromNumbers, isFloat, round, type TypedArray, toNumbers } from "./dtype.ts";
import { type Axis, isOuter, type Node, topological } from "./node.ts";
import type { Program } from "./program.ts";
import { evaluate, rules } from "./rules.ts";

type Sizes = ReadonlyMap<Axis, number>;
const size = (axes: readonly Axis[], sizes: Sizes): number => axes.reduce((n, a) => n * (sizes.get(a) as number), 1);

/** For every element over `axes`, row-major, where it lies in an array over `from` (in any order; what it lacks repeats). */
export function offsets(axes: readonly Axis[], from: readonly Axis[], sizes: Sizes): Int32Array {
  const out = new Int32Array(size(axes, sizes));
  const strides = new Map<Axis, number>();
  let step = 1;
  for (const a of [...from].reverse()) {
    strides.set(a, step);
    step *= sizes.get(a) as number;
  }
  let block = 1; // elements already laid out, for the axes to the right
  for (const a of [...axes].reverse()) {
    const stride = strides.get(a) ?? 0;
    const extent = sizes.get(a) as number;
    for (let k = extent - 1; k >= 0; k--)
      for (let j = 0; j < block; j++) out[k * block + j] = (out[j] as number) + k * stride;
    block *= extent;
  }
  return out;
}

/** How numbers are rounded. The exact arithmetic is the definition; another one shows how much depends on rounding. */
export interface Arithmetic {
  readonly round: Readonly<Record<DType, (x: number) => number>>;
  /** The type in which a sum of values of this dtype adds. */
  accumulates(dtype: DType): DType;
  /** A sum of numbers of a type, in the place of those of contributing/numerics.md. */
  sum?(terms: readonly number[], dtype: DType): number;
}
/** To the nearest; a sum adds halves in float32, integers exactly. */
const exact: Arithmetic = {
  round,
  accumulates: (dtype) => (dtype === "float64" || !isFloat(dtype) ? "float64" : "float32"),
};

/** The normative sums of contributing/numerics.md, of the elements of `x` at `at`. */
function grouped(x: Float64Array, at: readonly number[], r: (x: number) => number): number {
  const sums = [0, 0, 0, 0];
  const value = (i: number): number => (i < at.length ? (x[at[i] as number] as number) : 0);
  for (let i = 0; i < at.length; i += 16)
    for (let lane = 0; lane < 4; lane++) {
      const k = i + lane;
      (sums[lane] as number) += r(r(value(k) + value(k + 4)) + r(value(k + 8) + value(k + 12)));
    }
  const [a, b, c, d] = sums as [number, number, number, number];
  return a + c + (b + d);
}
function inOrder(x: Float64Array, at: readonly number[], r: (x: number) => number): number {
  return at.reduce((s, i) => r(s + (x[i] as number)), 0);
}

/** The sum of `accumulate`: element i moves the sums of the levels up to the last hexadecimal digit of i that is not 0. */
function cascaded(x: Float64Array, keep: Float64Array, levels: number, r: (x: number) => number): number {
  const sums = new Float64Array(levels);
  const add = (to: number, v: number): void => {
    sums[to] = r((sums[to] as number) + v);
  };
  for (let i = 0; i < x.length; i++) {
    if (!keep[i]) continue;
    add(0, x[i] as number);
    for (let j = 0, k = i; j < levels - 1 && k % 16 === 0; j++, k /= 16) {
      add(j + 1, sums[j] as number);
      sums[j] = 0;
    }
  }
  return sums.reduce((s, v) => r(s + v), 0);
}

/** Sums along an axis this long or shorter run in order also where the axis is the last. */
const GROUPED_ABOVE = 32;

function summed(x: Float64Array, at: readonly number[], n: Node, sizes: Sizes, arithmetic: Arithmetic): number {
  const r = arithmetic.round[arithmetic.accumulates(n.dtype)];
  const arg = n.args[0] as Node;
  const over = n.attribute as readonly Axis[];
  if (arithmetic.sum)
    return arithmetic.sum(
      at.map((i) => x[i] as number),
      n.dtype,
    );
  if (over.every(isOuter)) return n.axes.length === 0 ? grouped(x, at, r) : inOrder(x, at, arithmetic.round.float64);
  const [axis] = over as readonly [Axis];
  const isLast = arg.axes[arg.axes.length - 1] === axis;
  return isLast && (sizes.get(axis) as number) > GROUPED_ABOVE ? grouped(x, at, r) : inOrder(x, at, r);
}

function evaluateNode(n: Node, values: ReadonlyMap<Node, Float64Array>, sizes: Sizes, context: Context): Float64Array {
  const r = context.arithmetic.round[n.dtype];
  const out = new Float64Array(size(n.axes, sizes));
  const args = n.args.map((a) => values.get(a) as Float64Array);
  const places = (i: number): Int32Array => offsets(n.axes, (n.args[i] as Node).axes, sizes);
  switch (n.op) {
    case "input":
      return context.feeds.get(n.attribute) as Float64Array;
    case "constant":
      return out.fill(r(n.attribute));
    case "parameter":
      return out.fill(r(context.parameters[n.attribute] as number));
    case "extent":
      return out.fill(r(sizes.get(n.attribute) as number));
    case "iota":
      return out.map((_, i) => i);
    case "expand": {
      const [x] = args as [Float64Array];
      const at = places(0);
      return out.map((_, i) => x[at[i] as number] as number);
    }
    case "sum":
    case "max": {
      const [x] = args as [Float64Array];
      const from = n.args[0] as Node;
      const members: number[][] = Array.from(out, () => []);
      offsets(from.axes, n.axes, sizes).forEach((to, i) => {
        (members[to] as number[]).push(i);
      });
      return n.op === "sum"
        ? out.map((_, i) => r(summed(x, members[i] as number[], n, sizes, context.arithmetic)))
        : out.map((_, i) => (members[i] as number[]).reduce((m, k) => Math.max(m, x[k] as number), -Infinity));
    }
    case "accumulate": {
      const [x, keep] = args as [Float64Array, Float64Array];
      return out.fill(cascaded(x, keep, n.attribute, r));
    }
    case "pick": {
      const [x, index] = args as [Float64Array, Float64Array];
      const axis = n.attribute;
      const k = sizes.get(axis) as number;
      const at = offsets([...n.axes, axis], (n.args[0] as Node).axes, sizes);
      const labels = places(1);
      return out.map((_, i) => x[at[i * k + (index[labels[i] as number] as number)] as number] ?? Number.NaN);
    }
    case "custom":
      return args[0] as Float64Array;
    default: {
      const f = evaluate(n.op);
      const at = n.args.map((_, i) => places(i));
      for (let i = 0; i < out.length; i++)
        out[i] = r(f(...args.map((x, k) => x[(at[k] as Int32Array)[i] as number] as number)));
      return out;
    }
  }
}

interface Context {
  readonly feeds: ReadonlyMap<string, Float64Array>;
  readonly parameters: ArrayLike<number>;
  readonly arithmetic: Arithmetic;
}

/** The values of a program's outputs as numbers. `feeds` in the order of `program.inputs`. */
export function interpret(
  program: Program,
  feeds: readonly ArrayLike<number>[],
  extents: Extents,
  parameters: ArrayLike<number> = program.parameters,
  arithmetic: Arithmetic = exact,
): Float64Array[] {
  const sizes = new Map(program.axes.map((a, i) => [a, extents[i] as number]));
  const named = new Map(program.inputs.map((p, i) => [p.name, Float64Array.from(feeds[i] as ArrayLike<number>)]));
  const values = new Map<Node, Float64Array>();
  for (const n of topological(program.outputs))
    values.set(n, evaluateNode(n, values, sizes, { feeds: named, parameters, arithmetic }));
  return program.outputs.map((o) => values.get(o) as Float64Array);
}

const dataOf = (feed: unknown): TypedArray => {
  if (!ArrayBuffer.isView(feed)) throw new TypeError("the reference backend takes typed arrays");
  return feed as TypedArray;
};

/** The reference interpreter as a backend. */
export function createReferenceBackend(arithmetic: Arithmetic = exact): Backend<"sync"> {
  return {
    specVersion: 1,
    name: "reference",
    mode: "sync",
    primitives: new Set(Object.keys(rules).filter((op) => op !== "custom")) as Backend["primitives"],
    dtypes: new Set(["float64", "float32", "float16", "bfloat16"]),
    mostElements: 2 ** 24, // every node's values are held, as float64
    compile: (program) => ({
      run(feeds, extents, parameters, outputs = []) {
        const numbers = program.inputs.map((p, i) => toNumbers(dataOf(feeds[i]), p.dtype));
        return interpret(program, numbers, extents, parameters, arithmetic).map((values, i) => {
          const result = fromNumbers(values, (program.outputs[i] as Node).dtype);
          const given = outputs[i];
          if (given === undefined) return result;
          (dataOf(given) as Float64Array).set(result as Float64Array);
          return given;
        });
      },
      dispose() {},
    }),
  };
}
