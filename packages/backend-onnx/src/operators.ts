/** The table of primitives: how each is written with ONNX operators. One row a primitive. */
import { type DType, isFloat, isOuter, type Node, type Op, UnsupportedError } from "@isoloss/core";
import { inRange } from "./class-indices.ts";
import type { Emitter } from "./emitter.ts";
import type { Name } from "./model.ts";
import type { Capabilities } from "./providers.ts";

type Lower<K extends Op> = (e: Emitter, n: Extract<Node, { op: K }>, ...args: Name[]) => Name;
/** How a primitive is written; `needs`: operators without which core shall decompose it. */
interface Lowering<K extends Op> {
  readonly lower: Lower<K>;
  readonly needs: readonly string[];
  /** The result is a value of its dtype whenever the operands are. */
  readonly exact: boolean;
}
/** Why a primitive cannot be run at all. */
export interface Refusal {
  readonly refuse: string;
}

const row = <K extends Op>(lower: Lower<K>, needs: readonly string[], exact: boolean): Lowering<K> => ({
  lower,
  needs,
  exact,
});
/** Its result has to be rounded to the node's dtype. */
const rounds = <K extends Op>(lower: Lower<K>, ...needs: string[]): Lowering<K> => row(lower, needs, false);
/** Its result is one of the operands, or of a type in which nothing is lost. */
const keeps = <K extends Op>(lower: Lower<K>, ...needs: string[]): Lowering<K> => row(lower, needs, true);
const arithmetic = <K extends Op>(operator: string): Lowering<K> =>
  rounds((e, _, ...x) => e.node(operator, x), operator);
const logic = <K extends Op>(operator: string): Lowering<K> => keeps((e, _, ...x) => e.node(operator, x), operator);

/** Kernels compare numbers: booleans are compared as numbers. */
const compare = <K extends Op>(operator: string): Lowering<K> =>
  keeps((e, n, ...x) => {
    const isBool = (n as Node).args[0]?.dtype === "bool";
    return e.node(operator, isBool ? x.map((a) => e.convert(a, "bool", "int32")) : x);
  }, operator);

const isOne = (n: Node | undefined): boolean =>
  n !== undefined && isFloat(n.dtype) && n.op === "constant" && n.attribute === 1;

/** NaN wherever x has one, else 0: kernels of ReduceMax drop NaNs, depending on where they are. */
const nanOrZero = (e: Emitter, x: Name, dtype: DType): Name =>
  e.node("Where", [e.node("Equal", [x, x]), e.scalar(0, dtype), e.scalar(Number.NaN, dtype)]);

/** Log, also where the provider has its own idea of the logarithm of 0, of less and of NaN. */
function logarithm(e: Emitter, x: Name, dtype: DType): Name {
  if (e.provider.specialLogarithms) return e.node("Log", [x]);
  const constant = (v: number): Name => e.scalar(v, dtype);
  const positive = e.node("Less", [constant(0), x]);
  const rest = e.node("Where", [e.node("Equal", [x, constant(0)]), constant(-Infinity), constant(Number.NaN)]);
  return e.node("Where", [positive, e.node("Log", [e.node("Where", [positive, x, constant(1)])]), rest]);
}

export const operators = {
  input: keeps((e, n) => e.input(n.attribute)),
  constant: keeps((e, n) => e.constant(n.attribute, n.dtype)),
  parameter: keeps((e, n) => e.parameter(n.attribute, n.dtype)),
  extent: keeps((e, n) => e.extent(n.attribute, n.dtype)),
  iota: keeps((e, n) => {
    const range = e.node("Range", [e.scalar(0, "int32"), e.extent(n.attribute, "int32"), e.scalar(1, "int32")]);
    return e.node("Reshape", [range, e.along(n.attribute)]);
  }),
  expand: keeps((e, n, x) => e.expand(x, n.axes)),
  sum: rounds((e, n, x) => {
    const compute = e.compute(n.dtype);
    const wide = e.provider.wideSums && compute === "float32" && n.attribute.every(isOuter) ? "float64" : compute;
    return e.cast(e.reduce("ReduceSum", e.cast(x, compute, wide), n.attribute), wide, compute);
  }),
  max: keeps((e, n, x) => {
    const dtype = e.compute(n.dtype);
    const m = e.reduce("ReduceMax", x, n.attribute);
    return isFloat(dtype) ? e.node("Add", [m, e.reduce("ReduceSum", nanOrZero(e, x, dtype), n.attribute)]) : m;
  }),
  pick: keeps((e, n, x, index) => {
    const [from, at] = n.args as readonly [Node, Node];
    // Nothing may be read elsewhere, so an index out of range reads element 0 and its result is replaced.
    const inside = inRange(e, index, n.attribute);
    const safe = e.node("Where", [inside, index, e.scalar(0, "int32")]);
    const others = from.axes.filter((a) => a !== n.attribute);
    const picked =
      others.length === 0
        ? e.node("Gather", [e.node("Reshape", [x, e.vector([-1])]), safe])
        : e.node(
            "GatherElements",
            [
              others.length === n.axes.length ? x : e.expand(x, [...n.axes, n.attribute]),
              at.axes.length === n.axes.length ? safe : e.expand(safe, n.axes),
            ],
            { axis: e.position(n.attribute) },
          );
    return isFloat(n.dtype) ? e.node("Where", [inside, picked, e.scalar(Number.NaN, e.compute(n.dtype))]) : picked;
  }),
  neg: rounds((e, n, x) =>
    isFloat(n.dtype) ? e.node("Neg", [x]) : e.node("Sub", [e.scalar(0, e.compute(n.dtype)), x]),
  ),
  abs: rounds((e, n, x) =>
    isFloat(n.dtype) ? e.node("Abs", [x]) : e.node("Max", [x, e.node("Sub", [e.scalar(0, e.compute(n.dtype)), x])]),
  ),
  sign: keeps((e, _, x) => e.node("Sign", [x]), "Sign"),
  exp: arithmetic("Exp"),
  log: rounds((e, n, x) => logarithm(e, x, e.compute(n.dtype))),
  // log(u)·(x ⁄ (u − 1)) with u = 1 + x loses nothing near 0 (Kahan). No product here overflows.
  log1p: rounds((e, n, x) => {
    const constant = (v: number): Name => e.scalar(v, e.compute(n.dtype));
    const u = e.node("Add", [x, constant(1)]);
    const log = logarithm(e, u, e.compute(n.dtype));
    const scaled = e.node("Mul", [log, e.node("Div", [x, e.node("Sub", [u, constant(1)])])]);
    const finite = e.node("Where", [e.node("Equal", [u, constant(Infinity)]), u, scaled]);
    return e.node("Where", [e.node("Equal", [u, constant(1)]), x, finite]);
  }),
  sqrt: arithmetic("Sqrt"),
  trunc: keeps((e, n, x) => {
    if (!isFloat(n.dtype)) return x;
    const positive = e.node("Less", [e.scalar(0, e.compute(n.dtype)), x]);
    return e.node("Where", [positive, e.node("Floor", [x]), e.node("Ceil", [x])]);
  }),
  accumulate: "decompose",
  not: logic("Not"),
  cast: rounds((e, n, x) => e.convert(x, (n.args[0] as Node).dtype, n.dtype)),
  add: arithmetic("Add"),
  sub: arithmetic("Sub"),
  mul: arithmetic("Mul"),
  div: rounds((e, n, a, b) => {
    // An optimizer of ONNX Runtime breaks graphs in which (1 ⁄ x)·y has a y that is a result as well.
    if (isOne(n.args[0])) return e.node("Reciprocal", [b]);
    if (isFloat(n.dtype)) return e.node("Div", [a, b]);
    // Integer division by zero is not defined, and would end the process.
    const [zero, one] = [0, 1].map((v) => e.scalar(v, e.compute(n.dtype))) as [Name, Name];
    const none = e.node("Equal", [b, zero]);
    return e.node("Where", [none, zero, e.node("Div", [a, e.node("Where", [none, one, b])])]);
  }),
  lt: compare("Less"),
  le: compare("LessOrEqual"),
  eq: compare("Equal"),
  and: logic("And"),
  or: logic("Or"),
  // Kernels on the CPU give +0 for a chosen −0 if the condition holds.
  where: keeps((e, n, c, a, b) => {
    if (n.dtype !== "bool") return e.node("Where", [c, a, b]);
    // No kernel selects between booleans.
    const [x, y] = [a, b].map((v) => e.convert(v, "bool", "int32")) as [Name, Name];
    return e.convert(e.node("Where", [c, x, y]), "int32", "bool");
  }),
} satisfies { readonly [K in Op]: Lowering<K> | "decompose" | Refusal };

type Row = Lowering<Op> | "decompose" | Refusal;
const rows = operators as unknown as Readonly<Record<Op, Row>>;

const has = (entry: Row, provider: Capabilities): boolean =>
  entry !== "decompose" && "needs" in entry && entry.needs.every((operator) => !provider.lacks.has(operator));

/** The primitives that a provider runs without being written differently first. */
export const primitivesOf = (provider: Capabilities): ReadonlySet<Op> =>
  new Set((Object.keys(rows) as Op[]).filter((op) => has(rows[op], provider)));

/** The row of a node that a provider is to run. */
export function loweringOf(op: Op, provider: Capabilities, backend: string): Lowering<Op> {
  const entry = rows[op];
  if (has(entry, provider)) return entry as Lowering<Op>;
  const reason = typeof entry === "object" && "refuse" in entry ? entry.refuse : "decompose the program first";
  throw new UnsupportedError(`${backend} has no ${op}: ${reason}`);
}
