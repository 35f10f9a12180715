/** Random programs of primitives with random sizes, layouts and awkward values. A seed makes one case. */
import {
  type Axis,
  abs,
  add,
  and,
  cast,
  type DType,
  div,
  eq,
  exp,
  expand,
  extent,
  type FloatDType,
  fromNumbers,
  grad,
  input,
  iota,
  isFloat,
  isOuter,
  le,
  log,
  log1p,
  logSoftmax,
  lt,
  max,
  mul,
  type Node,
  neg,
  not,
  or,
  type Program,
  pick,
  program,
  sign,
  sqrt,
  sub,
  sum,
  type TypedArray,
  total,
  trunc,
  where,
} from "@isoloss/core";
import { type Random, random } from "./random.ts";

/** A program with the data of one call. */
export interface GraphCase {
  readonly program: Program;
  readonly extents: readonly number[];
  readonly feeds: readonly TypedArray[];
}

const layouts: readonly (readonly Axis[])[] = [["0"], ["0", "C"], ["1", "C", "0"], ["0", "C"], ["1", "0"], ["C"], []];
const lengths = [1, 2, 3, 4, 5, 7, 8, 16, 17, 33, 40, 70];
const classes = [1, 2, 3, 4, 5, 10, 31, 32, 33, 48, 49, 100];
const special = [0, -0, 1, -1, 0.5, Number.NaN, Infinity, -Infinity, 1e-40, -3e-45, 3e38, 88.5, -87.5, -95, 1e-3];

const some = (r: Random, axes: readonly Axis[]): readonly Axis[] => axes.filter(() => r.below(3) > 0);

/** What a graph grows from, and what has grown. */
interface Pool {
  readonly floats: Node[];
  readonly ints: Node[];
  readonly bools: Node[];
  /** The inputs that hold indices into C. */
  readonly labels: Set<string>;
}

function seeds(r: Random, axes: readonly Axis[], float: FloatDType): Pool {
  let count = 0;
  const make = (dtype: DType, own: readonly Axis[]): Node => input(`x${count++}`, own, dtype);
  const part = (): readonly Axis[] => (r.below(3) ? axes : some(r, axes));
  const pool: Pool = { floats: [make(float, axes), make(float, part())], ints: [], bools: [], labels: new Set() };
  if (r.below(2)) pool.bools.push(make("bool", part()));
  if (axes.includes("C")) {
    pool.labels.add(`x${count}`);
    pool.ints.push(
      make(
        "int32",
        axes.filter((a) => a !== "C"),
      ),
      iota("C"),
    );
  } else if (r.below(3) === 0) pool.ints.push(make("int32", part()));
  return pool;
}

/** One random primitive over what is there; nothing where it does not fit. */
function grow(r: Random, axes: readonly Axis[], float: FloatDType, { floats, ints, bools, labels }: Pool): void {
  const recent = (list: readonly Node[]): Node => list[Math.max(0, list.length - 1 - r.below(4))] as Node;
  const x = (): Node => recent(floats);
  const label = labels.size ? ints[0] : undefined;
  const steps: readonly (() => unknown)[] = [
    () => floats.push(r.of([add, sub, mul, div])(x(), x())),
    () => floats.push(r.of([add, sub, mul, div])(x(), r.of([-1, 0, 0.5, 1, 2, 0.3, -7.25]))),
    () => floats.push(r.of([sub, div])(r.of([-1, 0, 1, 2, 0.3]), x())),
    () => floats.push(r.of([neg, abs, sign, exp, exp, log, log1p, sqrt, trunc])(x())),
    () => floats.push(mul(x(), x())),
    () => bools.push(r.of([lt, le, eq])(x(), r.below(2) ? x() : r.of([0, 1, 0.5]))),
    () => bools.length && bools.push(r.below(2) ? not(recent(bools)) : r.of([and, or])(recent(bools), recent(bools))),
    () => bools.length && floats.push(where(recent(bools), x(), r.below(2) ? x() : 0)),
    () => bools.length && floats.push(cast(recent(bools), float)),
    () => ints.length && floats.push(cast(recent(ints), float)),
    () => ints.length && bools.push(eq(recent(ints), recent(ints))),
    () => floats.push(sum(x(), ...r.of([["C"], axes.filter(isOuter), axes, ["0"], ["1"]]))),
    () => floats.push(max(x(), ...r.of([["C"], axes.filter(isOuter), ["0"]]))),
    () => floats.push(expand(x(), axes)),
    () => axes.length && floats.push(extent(r.of(axes), float)),
    () => label && floats.push(logSoftmax(x(), "C")),
    () => label && floats.push(pick(x(), "C", label)),
    () => label && floats.push(where(eq(iota("C"), label), x(), 0)),
  ];
  r.of(steps)();
}

function outputsOf(r: Random, axes: readonly Axis[], float: FloatDType, pool: Pool): Node[] {
  const { floats, ints, bools } = pool;
  const candidates = r.below(4) ? floats : [...floats, ...bools, ...ints];
  const outputs = Array.from(
    { length: 1 + r.below(3) },
    () => candidates[candidates.length - 1 - r.below(Math.min(4, candidates.length))] as Node,
  );
  const last = floats.at(-1) as Node;
  if (r.below(2) === 0) return outputs;
  const value = axes.length && r.below(3) ? div(total(last), extent(axes[0] as Axis, float)) : last;
  const wrt = floats.filter((n) => n.op === "input");
  const one = cast(not(cast(extent(axes[0] ?? "0", "int32"), "bool")), float); // 1 where nothing is there, else 0
  const seed = sub(1, one);
  return axes.length ? [...outputs, value, ...grad(value, wrt, expand(seed, value.axes))] : outputs;
}

function dataOf(r: Random, n: number, dtype: DType, tame: boolean): TypedArray {
  if (dtype === "bool") return Uint8Array.from({ length: n }, () => r.below(2));
  if (dtype === "int32") return Int32Array.from({ length: n }, () => r.below(7) - 3);
  const draw = (): number =>
    !tame && r.below(8) === 0 ? r.of(special) : (r.unit() * 8 - 4) * (tame || r.below(9) ? 1 : 30);
  return fromNumbers(Array.from({ length: n }, draw), dtype);
}

/** The case of a seed, computing in `float`; some are cast to one of `results` at the end. */
export function graphCase(seed: number, float: FloatDType, results: readonly FloatDType[] = [float]): GraphCase {
  const r = random(seed);
  const axes = r.of(layouts);
  const pool = seeds(r, axes, float);
  for (let steps = 2 + r.below(10); steps > 0; steps--) grow(r, axes, float, pool);
  let outputs = outputsOf(r, axes, float, pool);
  if (r.below(6) === 0) outputs = outputs.map((o) => (isFloat(o.dtype) ? cast(o, r.of(results)) : o));
  const built = program(outputs, axes);
  const tame = r.below(2) === 0;
  const extents = built.axes.map((a) => (a === "C" ? r.of(classes) : r.below(40) ? r.of(lengths) : 0));
  const size = (a: Axis): number => extents[built.axes.indexOf(a)] as number;
  const feeds = built.inputs.map(({ name, dtype, axes: own }) => {
    const n = own.reduce((m, a) => m * size(a), 1);
    return pool.labels.has(name) ? Int32Array.from({ length: n }, () => r.below(size("C"))) : dataOf(r, n, dtype, tame);
  });
  return { program: built, extents, feeds };
}

/** The same program in float64 throughout: what it would compute without rounding. */
export function widened(p: Program): Program {
  const done = new Map<Node, Node>();
  const visit = (n: Node): Node => {
    const known = done.get(n);
    if (known) return known;
    const wide = { ...n, dtype: isFloat(n.dtype) ? "float64" : n.dtype, args: n.args.map(visit) } as Node;
    done.set(n, wide);
    return wide;
  };
  return { ...p, outputs: p.outputs.map(visit) };
}
