/** Random programs of primitives with random sizes, layouts and awkward values, for comparing engines with the reference. */
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

/** A small deterministic generator (mulberry32): a failure is reproduced by its seed. */
export function random(seed: number): { unit(): number; below(n: number): number; of<T>(list: readonly T[]): T } {
  let a = seed >>> 0;
  const unit = (): number => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number): number => Math.floor(unit() * n);
  return { unit, below, of: (list) => list[below(list.length)] as never };
}
type Random = ReturnType<typeof random>;

export interface Case {
  readonly program: Program;
  readonly extents: readonly number[];
  readonly feeds: readonly TypedArray[];
}

const layouts: readonly (readonly Axis[])[] = [["0"], ["0", "C"], ["1", "C", "0"], ["0", "C"], ["1", "0"], ["C"], []];
const lengths = [1, 2, 3, 4, 5, 7, 8, 16, 17, 33, 40, 70];
const classes = [1, 2, 3, 4, 5, 10, 31, 32, 33, 48, 49, 100];
const special = [0, -0, 1, -1, 0.5, Number.NaN, Infinity, -Infinity, 1e-40, -3e-45, 3e38, 88.5, -87.5, -95, 1e-3];

function values(r: Random, n: number, tame: boolean): number[] {
  return Array.from({ length: n }, () =>
    !tame && r.below(8) === 0 ? r.of(special) : (r.unit() * 8 - 4) * (r.below(9) ? 1 : 30),
  );
}
const some = (r: Random, axes: readonly Axis[]): Axis[] => axes.filter(() => r.below(3) > 0);

interface Inputs {
  make(dtype: DType, axes: readonly Axis[], kind: "any" | "label"): Node;
  readonly kinds: Map<string, "any" | "label">;
}

/** Grows a pool of nodes by random primitives over what is there. */
function grow(r: Random, axes: readonly Axis[], float: FloatDType, inputs: Inputs): Node[] {
  const full = (): readonly Axis[] => (r.below(3) ? axes : some(r, axes));
  const floats: Node[] = [inputs.make(float, axes, "any"), inputs.make(float, full(), "any")];
  const ints: Node[] = [];
  const bools: Node[] = [];
  const hasC = axes.includes("C");
  if (r.below(2)) bools.push(inputs.make("bool", full(), "any"));
  if (hasC)
    ints.push(
      inputs.make(
        "int32",
        axes.filter((a) => a !== "C"),
        "label",
      ),
      iota("C"),
    );
  else if (r.below(3) === 0) ints.push(inputs.make("int32", full(), "any"));
  const recent = (list: readonly Node[]): Node => list[Math.max(0, list.length - 1 - r.below(4))] as Node;
  const x = (): Node => recent(floats);
  const steps: (() => void)[] = [
    () => floats.push(r.of([add, sub, mul, div])(x(), x())),
    () => floats.push(r.of([add, sub, mul, div])(x(), r.of([-1, 0, 0.5, 1, 2, 0.3, -7.25]))),
    () => floats.push(r.of([sub, div])(r.of([-1, 0, 1, 2, 0.3]), x())),
    () => floats.push(r.of([neg, abs, sign, exp, log, log1p, sqrt, trunc, neg, exp])(x())),
    () => bools.push(r.of([lt, le, eq])(x(), r.below(2) ? x() : r.of([0, 1, 0.5]))),
    () => bools.length && bools.push(r.below(2) ? not(recent(bools)) : r.of([and, or])(recent(bools), recent(bools))),
    () => bools.length && floats.push(where(recent(bools), x(), r.below(2) ? x() : 0)),
    () => bools.length && floats.push(cast(recent(bools), float)),
    () => ints.length && floats.push(cast(recent(ints), float)),
    () => ints.length && bools.push(eq(recent(ints), recent(ints))),
    () => floats.push(sum(x(), ...r.of([["C"], axes.filter(isOuter), axes, ["0"], ["1"]]))),
    () => floats.push(max(x(), ...r.of([["C"], ["C"], axes.filter(isOuter), ["0"]]))),
    () => floats.push(expand(x(), axes)),
    () => hasC && floats.push(logSoftmax(x(), "C")),
    () => hasC && ints[0] && floats.push(pick(x(), "C", ints[0])),
    () => hasC && ints[0] && floats.push(where(eq(iota("C"), ints[0]), x(), 0)),
    () => axes[0] && floats.push(extent(r.of(axes), float)),
    () => floats.push(mul(x(), x())),
  ];
  const count = 2 + r.below(10);
  for (let i = 0; i < count; i++) r.of(steps)();
  const candidates = r.below(4) ? floats : [...floats, ...bools, ...ints];
  const outputs = Array.from({ length: 1 + r.below(3) }, () => recent(candidates));
  const last = floats.at(-1) as Node;
  if (r.below(2)) {
    const value = r.below(3) ? div(total(last), extent(r.of(axes.length ? axes : ["0"]), float)) : last;
    const wrt = floats.filter((n) => n.op === "input");
    if (axes.length) outputs.push(value, ...grad(value, wrt, expand(cast(iota1(), float), value.axes)));
  }
  return outputs;
}
const iota1 = (): Node => cast(extent("0", "float64"), "float64");

/** The case of a seed. `dtypes`: floating point types to choose from. */
export function randomCase(seed: number, dtypes: readonly FloatDType[]): Case {
  const r = random(seed);
  const axes = r.of(layouts);
  const kinds = new Map<string, "any" | "label">();
  const inputs: Inputs = {
    kinds,
    make(dtype, own, kind) {
      const name = `x${kinds.size}`;
      kinds.set(name, kind);
      return input(name, own, dtype);
    },
  };
  const float = r.of(dtypes);
  let outputs = grow(r, axes, float, inputs);
  if (r.below(6) === 0) outputs = outputs.map((o) => (isFloat(o.dtype) ? cast(o, r.of(["float32", "float64"])) : o));
  const p = program(outputs, axes);
  const tame = r.below(2) === 0;
  const extents = p.axes.map((a) => (r.below(40) === 0 ? 0 : r.of(a === "C" ? classes : lengths)));
  if (p.axes.indexOf("C") >= 0 && extents[p.axes.indexOf("C")] === 0) extents[p.axes.indexOf("C")] = 1;
  const feeds = p.inputs.map((port) => {
    const n = port.axes.reduce((m, a) => m * (extents[p.axes.indexOf(a)] as number), 1);
    const C = extents[p.axes.indexOf("C")] ?? 1;
    if (kinds.get(port.name) === "label") return Int32Array.from({ length: n }, () => r.below(C));
    if (port.dtype === "bool") return Uint8Array.from({ length: n }, () => r.below(2));
    if (port.dtype === "int32") return Int32Array.from({ length: n }, () => r.below(7) - 3);
    return fromNumbers(values(r, n, tame), port.dtype);
  });
  return { program: p, extents, feeds };
}
