/** Random programs for fast-check, and how closely a backend must follow the reference on them. */
import * as core from "@isoloss/core";
import {
  type Axis,
  type Backend,
  type DType,
  decompose,
  type FloatDType,
  fromNumbers,
  type Node,
  type Program,
  program,
  type TypedArray,
  toNumbers,
  topological,
} from "@isoloss/core";
import fc from "fast-check";

export interface Case {
  readonly outputs: readonly Node[];
  readonly axes: readonly Axis[];
  readonly extents: ReadonlyMap<Axis, number>;
  readonly data: readonly number[];
}

const layouts: readonly (readonly Axis[])[] = [["0"], ["1", "0"], ["0", "C"], ["1", "C", "0"], ["C"], []];
const special = [0, -0, 1, -1, Number.NaN, Infinity, -Infinity];

/**
 * A pool of values that operations draw from. `exact`: computed by operations that IEEE 754 defines, so that a comparison
 * or a truncation cannot fall on the other side because of a last bit; what is not exact meets only smooth operations.
 */
interface Pool {
  readonly exact: Node[];
  readonly smooth: Node[];
  readonly bools: Node[];
}
type Step = readonly [number, number, number, number];

function take(list: readonly Node[], at: number): Node {
  return list[at % list.length] as Node;
}

function steps(pool: Pool, axes: readonly Axis[], float: FloatDType, index: Node | undefined) {
  const { exact, smooth, bools } = pool;
  const any = (i: number): Node => take([...exact, ...smooth], i);
  const bounded = (x: Node): Node => core.div(x, core.add(core.abs(x), 1));
  const positive = (x: Node): Node => core.add(core.abs(x), 0.5);
  // The kernel of Where loses the sign of −0; divided by, it would decide between ∞ and −∞.
  const nonzero = (x: Node): Node => core.where(core.eq(x, 0), 0.25, x);
  const both = [core.add, core.sub, core.mul] as const;
  const list: ((a: number, b: number, c: number) => void)[] = [
    (a, b, c) => exact.push((both[c % 3] as typeof core.add)(take(exact, a), take(exact, b))),
    (a, b, c) => smooth.push((both[c % 3] as typeof core.add)(any(a), any(b))),
    (a, b) => exact.push(core.div(take(exact, a), nonzero(take(exact, b)))),
    (a, b) => smooth.push(core.div(any(a), positive(any(b)))),
    (a, _, c) => exact.push([core.neg, core.abs, core.sign, core.trunc][c % 4]?.(take(exact, a)) as Node),
    (a) => exact.push(core.sqrt(take(exact, a))),
    (a) => smooth.push(core.exp(bounded(any(a)))),
    (a) => smooth.push(core.log(take(exact, a)), core.log1p(take(exact, a))),
    (a) => smooth.push(core.log(positive(any(a))), core.sqrt(positive(any(a)))),
    (a, b, c) => bools.push([core.lt, core.le, core.eq][c % 3]?.(take(exact, a), take(exact, b)) as Node),
    (a, b) => bools.push(core.and(take(bools, a), core.not(take(bools, b))), core.or(take(bools, a), take(bools, b))),
    (a, b) => bools.push(core.eq(take(bools, a), take(bools, b))),
    (a, b, c) => smooth.push(core.where(take(bools, a), any(b), any(c))),
    (a, b, c) => bools.push(core.where(take(bools, a), take(bools, b), take(bools, c))),
    (a) => exact.push(core.cast(take(bools, a), float)),
    (a, _, c) => smooth.push(core.sum(any(a), ...axes.filter((_, i) => (c >> i) & 1))),
    (a, _, c) => exact.push(core.max(take(exact, a), ...axes.filter((_, i) => (c >> i) & 1))),
    (a) => exact.push(core.expand(take(exact, a), axes)),
  ];
  if (axes.length) {
    const axis = (a: number): Axis => axes[a % axes.length] as Axis;
    list.push((a) => exact.push(core.extent(axis(a), float)));
    list.push((a) => exact.push(core.cast(core.iota(axis(a)), float)));
  }
  if (index) {
    list.push((a) => exact.push(core.pick(take(exact, a), "C", index)));
    list.push((a) => smooth.push(core.pick(any(a), "C", index)));
    list.push((a) => smooth.push(core.logSoftmax(bounded(any(a)), "C")));
    list.push(() => bools.push(core.eq(core.iota("C"), index)));
  }
  return list;
}

function build(axes: readonly Axis[], float: FloatDType, chain: readonly Step[], some: number): Node[] {
  const labelAxes = axes.filter((a) => a !== "C");
  const index = axes.includes("C") ? core.input("label", labelAxes, "int32") : undefined;
  const x = core.input("x", axes, float);
  const y = core.input(
    "y",
    axes.filter((_, i) => (some >> i) & 1),
    float,
  );
  const pool: Pool = { exact: [x, y], smooth: [], bools: [core.input("b", axes, "bool")] };
  const list = steps(pool, axes, float, index);
  for (const [op, a, b, c] of chain) list[op % list.length]?.(a, b, c);
  const all = [...pool.exact.slice(-2), ...pool.smooth.slice(-2), ...pool.bools.slice(-1)];
  const last = pool.smooth.at(-1);
  return last ? [...all, ...core.grad(core.total(last), [x], core.constant(1, float))] : all;
}

/** Graphs with values of all primitives, gradients among them, over every layout; sometimes an extent is 0. */
export const cases = (floats: readonly FloatDType[]): fc.Arbitrary<Case> =>
  fc
    .record({
      axes: fc.constantFrom(...layouts),
      float: fc.constantFrom(...floats),
      chain: fc.array(fc.tuple(fc.nat(999), fc.nat(999), fc.nat(999), fc.nat(999)), { minLength: 1, maxLength: 10 }),
      some: fc.nat(7),
      extents: fc.array(fc.constantFrom(1, 2, 3, 5, 17, 40, 0), { minLength: 4, maxLength: 4 }),
      data: fc.array(
        fc.oneof(
          { weight: 9, arbitrary: fc.integer({ min: -300, max: 300 }).map((i) => i / 64) },
          fc.constantFrom(...special),
        ),
        { minLength: 5, maxLength: 50 },
      ),
    })
    .map(({ axes, float, chain, some, extents, data }) => ({
      outputs: build(axes, float, chain, some),
      axes,
      // A label needs a class to name.
      extents: new Map(["0", "1", "2", "C"].map((a, i) => [a, a === "C" ? extents[i] || 1 : (extents[i] as number)])),
      data,
    }));

export interface Prepared {
  readonly program: Program;
  readonly extents: readonly number[];
  readonly feeds: readonly TypedArray[];
}
/** A case as a program in the primitives of a backend, with data for it. */
export function prepare({ outputs, axes, extents, data }: Case, backend: Backend): Prepared {
  const p = program(decompose(outputs, backend.primitives, backend.name), axes);
  const sizes = p.axes.map((a) => extents.get(a) as number);
  const feeds = p.inputs.map((port, k) => {
    const n = core.volume(port.axes, p, sizes);
    const at = (i: number): number => data[(i * (k + 1) + k) % data.length] as number;
    const numbers = Array.from({ length: n }, (_, i) => {
      if (port.name === "label") return i % (extents.get("C") as number);
      return port.dtype === "bool" ? Number(at(i) > 0) : at(i);
    });
    return fromNumbers(numbers, port.dtype);
  });
  return { program: p, extents: sizes, feeds };
}

/** Relative to the largest finite number anywhere in the graph: a sum may add in any order, exp may differ in its last bits. */
export const tolerance: Readonly<Record<DType, number>> = {
  float64: 1e-12,
  float32: 2e-6,
  float16: 4e-3,
  bfloat16: 4e-2,
  int64: 0,
  int32: 0,
  int16: 0,
  int8: 0,
  uint8: 0,
  bool: 0,
};

type Interpret = (program: Program, feeds: readonly Float64Array[], extents: readonly number[]) => Float64Array[];

/** What is wrong with results in the eyes of the reference's `interpret`, or undefined. */
export function disagreement(
  interpret: Interpret,
  { program: p, extents, feeds }: Prepared,
  got: readonly unknown[],
): string | undefined {
  const nodes = topological(p.outputs);
  const numbers = p.inputs.map((port, i) => toNumbers(feeds[i] as TypedArray, port.dtype));
  const values = interpret({ ...p, outputs: nodes }, numbers, extents);
  let scale = 1;
  for (const v of values) for (const x of v) if (Number.isFinite(x)) scale = Math.max(scale, Math.abs(x));
  for (const [i, o] of p.outputs.entries()) {
    const want = values[nodes.indexOf(o)] as Float64Array;
    const have = toNumbers(got[i] as TypedArray, o.dtype);
    if (have.length !== want.length) return `output ${i} has ${have.length} elements, not ${want.length}`;
    for (let k = 0; k < want.length; k++) {
      const [a, b] = [have[k] as number, want[k] as number];
      if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
      if (!(Math.abs(a - b) <= tolerance[worst(nodes, o.dtype)] * scale))
        return `output ${i}[${k}] is ${a}, not ${b}\n${core.print(p.outputs)}\nextents ${extents} of ${p.axes}`;
    }
  }
  return undefined;
}
/** The coarsest float in the graph: a float32 result may have been a float16 before. */
const worst = (nodes: readonly Node[], own: DType): DType =>
  own === "bool" ? own : nodes.reduce<DType>((d, n) => (tolerance[n.dtype] > tolerance[d] ? n.dtype : d), own);
