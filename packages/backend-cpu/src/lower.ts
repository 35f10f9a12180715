/** From a loop's values to lanes: what each primitive is on vectors. */
import { isFloat, type Op, topological, UnsupportedError } from "@isoloss/core";
import { Body, floatWords, intWords, type Lane, type LaneOp, laneArithmetic, toFloat } from "./lanes.ts";
import type { Type } from "./number-layout.ts";
import { isInUnit, isNonPositive } from "./rewrite.ts";
import type { Loop, Sweep } from "./sweep.ts";
import { exp, log, log1p, type Range } from "./transcendental.ts";
import { crosses, isReduction, isUniform, type Reduction, type Value } from "./value.ts";

type Lowering = (b: Body, v: Value, args: readonly [Lane, Lane, Lane]) => Lane;
const isBool = (v: Value): boolean => (v.args[0] as Value).dtype === "bool";

const float =
  (name: string): Lowering =>
  (b, _, [x, y]) =>
    y === undefined ? b.f(name, x) : b.f(name, x, y);
const compare =
  (name: "lt" | "le" | "eq", bools: Lowering): Lowering =>
  (b, v, args) => {
    if (isBool(v)) return bools(b, v, args);
    const [x, y] = args;
    return isFloat((v.args[0] as Value).dtype) ? b.f(name, x, y) : b.i(name === "eq" ? "eq" : `${name}_s`, x, y);
  };
const transcendental =
  (f: typeof exp, known: (arg: Value) => readonly Range[] = () => []): Lowering =>
  (b, v, [x, floor]) => {
    const [arg] = v.args as readonly [Value];
    const unlikely: Range[] = [arg.op === "neg" ? "unit" : "shrinking"];
    if (isNonPositive(arg) && floor === undefined) unlikely.push("moderate"); // a test would cost what it saves
    return f(laneArithmetic(b, known(arg), unlikely, floor), x);
  };

function negated(b: Body, x: Lane): Lane {
  const sign = b.float(-0);
  const of = b.ops[x] as LaneOp;
  const isMagnitude = of.op === "simd" && of.name === "v128.andnot" && of.args[1] === sign;
  return isMagnitude ? b.simd("v128.or", of.args[0] as Lane, sign) : b.simd("v128.xor", x, sign);
}

/** What a primitive is on lanes. */
const table = {
  /** By the sign bit: V8 would build its mask anew each time. */
  neg: (b, _, [x]) => negated(b, x),
  abs: (b, _, [x]) => b.simd("v128.andnot", x, b.float(-0)),
  sqrt: float("sqrt"),
  trunc: float("trunc"),
  add: float("add"),
  sub: float("sub"),
  mul: float("mul"),
  div: float("div"),
  /** ±1 by the sign bit; ±0 and NaN are their own. */
  sign: (b, _, [x]) => {
    const zero = b.float(0);
    const negative = b.select(b.f("lt", x, zero), b.float(-1), x);
    return b.select(b.f("gt", x, zero), b.float(1), negative);
  },
  exp: transcendental(exp, (arg) => (isNonPositive(arg) ? ["nonpositive"] : [])),
  log: transcendental(log),
  log1p: transcendental(log1p, (arg) => (isInUnit(arg) ? ["unit"] : [])),
  not: (b, _, [x]) => b.simd("v128.not", x),
  and: (b, _, [x, y]) => b.simd("v128.and", x, y),
  or: (b, _, [x, y]) => b.simd("v128.or", x, y),
  lt: compare("lt", (b, _, [x, y]) => b.simd("v128.andnot", y, x)),
  le: compare("le", (b, _, [x, y]) => b.simd("v128.or", y, b.simd("v128.not", x))),
  eq: compare("eq", (b, _, [x, y]) => b.simd("v128.not", b.simd("v128.xor", x, y))),
  where: (b, _, [c, x, y]) => b.select(c, x, y),
  cast: (b, v, [x]) => {
    const from = (v.args[0] as Value).dtype;
    if (from === "bool") return b.simd("v128.and", isFloat(v.dtype) ? b.float(1) : b.int(1), x);
    if (v.dtype === "bool")
      return isFloat(from) ? b.f("ne", x, b.float(0)) : b.simd("v128.not", b.i("eq", x, b.int(0)));
    return isFloat(v.dtype) && !isFloat(from) ? toFloat(b, x) : x;
  },
  // Not lanes: what vanishes, lies in memory, is counted, runs along an axis, or is there before the lanes run.
  expand: undefined,
  input: undefined,
  pick: undefined,
  iota: undefined,
  sum: undefined,
  max: undefined,
  accumulate: undefined,
  constant: undefined,
  parameter: undefined,
  extent: undefined,
} as const satisfies Record<Op, Lowering | undefined>;

const isInt = (v: Value | undefined): boolean => ["int32", "int16", "int8", "uint8"].includes(v?.dtype as string);

/** Why a value cannot be computed on lanes of this type; undefined: it can. */
export function refusal(v: Value, type: Type): string | undefined {
  const { op, dtype } = v;
  const [a] = v.args;
  const fits =
    isReduction(v) || crosses(v)
      ? a?.dtype === type && dtype === type
      : isUniform(v) || op === "iota" || dtype === type
        ? op !== "accumulate" // its steps are rounded one by one
        : op === "cast"
          ? dtype === "bool" || (isInt(v) && a?.dtype === "bool") || (dtype === "int32" && isInt(a))
          : dtype === "bool" || (isInt(v) && (op === "input" || op === "where" || op === "pick"));
  return fits ? undefined : `${op} of ${v.args.map((x) => x.dtype)} in ${dtype} on lanes of ${type}`;
}

/** The words of a constant or of a uniform value: booleans are masks. */
export const wordsOf = (v: Value, x: number, type: Type): readonly [number, number] =>
  v.dtype === "bool" ? (x ? [-1, -1] : [0, 0]) : isFloat(v.dtype) ? floatWords(x, type) : intWords(x, type);

/** The factors of a product, one of which has fewer axes: its sign is changed more cheaply. */
function narrowFactor({ op, args, axes, dtype }: Value): { readonly narrow: Value; readonly wide: Value } | undefined {
  const [a, b] = args as readonly [Value, Value];
  if (op !== "mul" || !isFloat(dtype) || Math.min(a.axes.length, b.axes.length) === axes.length) return undefined;
  return a.axes.length < b.axes.length ? { narrow: a, wide: b } : { narrow: b, wide: a };
}

/** a < b ? a : b and a < b ? b : a are one instruction each, NaN and ±0 included: with what is chosen otherwise in front. */
function extreme({ op, args, dtype }: Value): "pmin" | "pmax" | undefined {
  const [c, x, y] = args as readonly [Value, Value, Value];
  if (op !== "where" || c.op !== "lt" || !isFloat(dtype)) return undefined;
  const [a, b] = c.args;
  if (x === a && y === b) return "pmin";
  return x === b && y === a ? "pmax" : undefined;
}

/** A comparison that is the same for all positive normal numbers: of which value, and whether it holds. */
function ofNormal({ op, args }: Value): { readonly of: Value; readonly holds: boolean } | undefined {
  const [a, b] = args as readonly [Value, Value];
  if (op !== "eq" && op !== "lt" && op !== "le") return undefined;
  if (a === b) return { of: a, holds: op !== "lt" };
  const isBelow = (v: Value): boolean => v.op === "constant" && (v.attribute as number) <= 0;
  if (isBelow(b)) return { of: a, holds: false };
  return isBelow(a) ? { of: b, holds: op !== "eq" } : undefined;
}

/** The body of a loop. `isHopeful`: the fast one, whose doubts are tested in front. */
export function lower(sweep: Sweep, loop: Loop, type: Type, isHopeful: boolean): Body {
  const b = new Body(type, isHopeful);
  const done = new Map<Value, Lane>();
  const lane = (v: Value): Lane => {
    const l = done.get(v) ?? fresh(v);
    done.set(v, l);
    return l;
  };
  const isHeld = (v: Value): boolean => (sweep.held.get(v)?.since ?? loop.key) < loop.key;
  /** What a fast body takes for granted decides: the operand that is chosen, if its logarithm of x has x for a normal number. */
  const chosen = (v: Value): Value | undefined => {
    const [c, a, b] = v.args as readonly [Value, Value, Value];
    const known = isHopeful && v.op === "where" ? ofNormal(c) : undefined;
    if (!known) return undefined;
    const operand = known.holds ? a : b;
    const isAssumed = (w: Value): boolean => w.op === "log" && w.args[0] === known.of && !isHeld(w);
    return topological([operand], isHeld).some(isAssumed) ? operand : undefined;
  };
  const fresh = (v: Value): Lane => {
    if (v.op === "constant") return b.words(wordsOf(v, v.attribute as number, type));
    if (isUniform(v)) return b.pure(`u${v.id}`, { op: "uniform", value: v, args: [] });
    if (v.op === "iota") return b.pure("iota", { op: "iota", args: [] });
    const at = sweep.held.get(v);
    if (at && at.since < loop.key) return b.pure(`load ${at.buffer.id}`, { op: "load", from: at.buffer, args: [] });
    if (v.op === "pick") {
      const [x, index] = v.args as readonly [Value, Value];
      const from = sweep.held.get(x)?.buffer;
      if (!from) throw new Error("an indexed value is not in memory");
      const i = lane(index);
      return b.pure(`gather ${from.id} ${i}`, { op: "gather", from, args: [i] });
    }
    const factor = v.op === "neg" ? narrowFactor(v.args[0] as Value) : undefined;
    if (factor) return b.f("mul", negated(b, lane(factor.narrow)), lane(factor.wide));
    const only = chosen(v);
    if (only) return lane(only);
    const name = extreme(v);
    if (name) return b.f(name, lane(v.args[2] as Value), lane(v.args[1] as Value));
    const rule: Lowering | undefined = table[v.op as Op];
    if (!rule) throw new UnsupportedError(`cpu: ${v.op} in a loop over lanes`);
    return rule(b, v, v.args.map(lane) as unknown as readonly [Lane, Lane, Lane]);
  };
  for (const r of loop.roots) {
    if (r.do === "store") b.push({ op: "store", to: r.to, args: [lane(r.value)] });
    else {
      const x = lane(r.value.args[0] as Value);
      if (isHopeful && r.value.op === "max") b.doubts.push({ lane: x, test: "max", words: [0, 0] });
      b.push({ op: "reduce", by: r.value.op as Reduction, to: r.to, args: [x] });
    }
  }
  return b;
}
