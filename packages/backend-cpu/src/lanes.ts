/** The lane IR: straight-line code over vectors of 128 bits, and the arithmetic in which exp, log and log1p are written for it. */
import type { Instruction } from "./instructions.ts";
import { layouts, type Type } from "./number-layout.ts";
import type { Buffer } from "./sweep.ts";
import { type Arithmetic, type Range, ranges } from "./transcendental.ts";
import type { Reduction, Value } from "./value.ts";

/** The index of an operation of a body: its result. */
export type Lane = number;
export type LaneOp =
  /** Two 32-bit words, repeated. */
  | { readonly op: "const"; readonly words: readonly [number, number]; readonly args: readonly Lane[] }
  /** A splat of a uniform value, which lies in the frame. */
  | { readonly op: "uniform"; readonly value: Value; readonly args: readonly Lane[] }
  | { readonly op: "load"; readonly from: Buffer; readonly args: readonly Lane[] }
  /** For each row, the element that the index names. */
  | { readonly op: "gather"; readonly from: Buffer; readonly args: readonly [Lane] }
  | { readonly op: "iota"; readonly args: readonly Lane[] }
  | { readonly op: "simd"; readonly name: Instruction; readonly args: readonly Lane[] }
  | { readonly op: "shift"; readonly name: Instruction; readonly by: number; readonly args: readonly [Lane] }
  | { readonly op: "store"; readonly to: Buffer; readonly args: readonly [Lane] }
  /** Along the class axis. */
  | { readonly op: "reduce"; readonly by: Reduction; readonly to: Buffer; readonly args: readonly [Lane] };

/**
 * Something that a fast body took for granted, tested for all vectors of a step at once: no lane lies below or above a bound
 * (NaN does neither), no lane is above it as an unsigned word, no bit of a mask is set, or a maximum is neither NaN nor ±0,
 * whose order the quick instruction does not know.
 */
export interface Doubt {
  readonly lane: Lane;
  readonly test: "below" | "above" | "word" | "mask" | "max";
  readonly words: readonly [number, number];
}
/** Operations with one result for all vectors. */
const SPLAT: ReadonlySet<LaneOp["op"]> = new Set(["const", "uniform"]);
/**
 * Where eight vectors in flight gain: latencies to hide, few values of each alive, since there are 16 registers, and so many
 * operations for each division that it is not the divider that they wait for. Measured.
 */
const FEW = 6;
const LONG = 30;
const BETWEEN_DIVISIONS = 16;
/** The shapes of a vector: its floats and its integers of the same width. */
export const shapes = {
  float32: { float: "f32x4", int: "i32x4", lanes: 4, bytes: 4 },
  float64: { float: "f64x2", int: "i64x2", lanes: 2, bytes: 8 },
} as const;

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
const single = new Float32Array(1);
const bits = new Int32Array(single.buffer);
/** The bits of a number, as the words of a lane or two. */
export function floatWords(x: number, type: Type): readonly [number, number] {
  if (type === "float64") {
    double[0] = x;
    return [words[0] as number, words[1] as number];
  }
  single[0] = x;
  return [bits[0] as number, bits[0] as number];
}
export const intWords = (x: number, type: Type): readonly [number, number] =>
  type === "float64" ? [x | 0, x < 0 ? -1 : 0] : [x | 0, x | 0];

/** The code of one loop. Equal operations are one. */
export class Body {
  readonly ops: LaneOp[] = [];
  readonly doubts: Doubt[] = [];
  readonly type: Type;
  readonly isHopeful: boolean;
  readonly #seen = new Map<string, Lane>();
  constructor(type: Type, isHopeful: boolean) {
    this.type = type;
    this.isHopeful = isHopeful;
  }
  push(op: LaneOp): Lane {
    return this.ops.push(op) - 1;
  }
  /** An operation without effect: the old one if it is there. */
  pure(key: string, op: LaneOp): Lane {
    const old = this.#seen.get(key);
    if (old !== undefined) return old;
    const lane = this.push(op);
    this.#seen.set(key, lane);
    return lane;
  }
  /** Vectors that should go through this code side by side: more of them where a long chain has few values alive at once. */
  inFlight(): number {
    const last = new Map<Lane, number>();
    this.ops.forEach((o, i) => {
      for (const a of o.args) if (!SPLAT.has((this.ops[a] as LaneOp).op)) last.set(a, i);
    });
    let alive = 0;
    let most = 0;
    this.ops.forEach((o, i) => {
      for (const a of new Set(o.args)) if (last.get(a) === i) alive--;
      if (last.has(i)) alive++;
      most = Math.max(most, alive);
    });
    const divisions = this.ops.filter((o) => o.op === "simd" && o.name === `${shapes[this.type].float}.div`).length;
    return most <= FEW && this.ops.length >= Math.max(LONG, BETWEEN_DIVISIONS * divisions) ? 8 : 4;
  }
  words(w: readonly [number, number]): Lane {
    return this.pure(`c${w}`, { op: "const", words: w, args: [] });
  }
  int(x: number): Lane {
    return this.words(intWords(x, this.type));
  }
  float(x: number): Lane {
    return this.words(floatWords(x, this.type));
  }
  simd(name: Instruction, ...args: Lane[]): Lane {
    return this.pure(`${name} ${args}`, { op: "simd", name, args });
  }
  /** An instruction of the floats ("add" is f32x4.add or f64x2.add) or of the integers of the body's type. */
  f(name: string, ...args: Lane[]): Lane {
    return this.simd(`${shapes[this.type].float}.${name}` as Instruction, ...args);
  }
  i(name: string, ...args: Lane[]): Lane {
    return this.simd(`${shapes[this.type].int}.${name}` as Instruction, ...args);
  }
  shift(name: "shl" | "shr_s", x: Lane, by: number): Lane {
    const full = `${shapes[this.type].int}.${name}` as Instruction;
    return this.pure(`${full}${by} ${x}`, { op: "shift", name: full, by, args: [x] });
  }
  isZero(l: Lane): boolean {
    const o = this.ops[l] as LaneOp;
    return o.op === "const" && o.words[0] === 0 && o.words[1] === 0;
  }
  select(c: Lane, a: Lane, b: Lane): Lane {
    if (this.isZero(b)) return this.simd("v128.and", a, c);
    if (this.isZero(a)) return this.simd("v128.andnot", b, c);
    return this.simd("v128.bitselect", a, b, c);
  }
}

const WHOLE = 6755399441055744; // 1.5·2⁵²: an integer added to its bits is added to its value

/**
 * The arithmetic of transcendental.ts over lanes. `known`: what is known of the argument; `unlikely`: not worth a test;
 * `floor`: a lane that is nowhere above it.
 */
export function laneArithmetic(
  b: Body,
  known: readonly Range[],
  unlikely: readonly Range[],
  floor?: Lane,
): Arithmetic<Lane> {
  const { type } = b;
  const { magic, fraction, inHighWord, half } = layouts[type];
  const [low, lowFraction] = type === "float32" ? [half, inHighWord] : [0, -1]; // of the other word
  return {
    type,
    constant: (x) => b.float(x),
    add: (x, y) => b.f("add", x, y),
    sub: (x, y) => b.f("sub", x, y),
    mul: (x, y) => b.f("mul", x, y),
    div: (x, y) => b.f("div", x, y),
    atLeast: (x, y) => b.f("pmax", x, y),
    atMost: (x, y) => b.f("pmin", x, y),
    lt: (x, y) => b.f("lt", x, y),
    le: (x, y) => b.f("le", x, y),
    eq: (x, y) => b.f("eq", x, y),
    select: (c, x, y) => b.select(c, x, y),
    power(x, k = 0) {
      const shift = b.float(magic + k);
      const t = b.f("add", x, shift);
      return { n: b.f("sub", t, shift), scale: b.shift("shl", t, fraction) };
    },
    split(x) {
      const start = b.words([low, half]);
      const i = b.i("sub", x, start);
      const k = b.shift("shr_s", i, fraction);
      const m = b.i("add", b.simd("v128.and", i, b.words([lowFraction, inHighWord])), start);
      return { k: toFloat(b, k), m };
    },
    assume(x, range) {
      if (known.includes(range)) return true;
      if (!b.isHopeful || range === "nonpositive" || unlikely.includes(range)) return false;
      b.doubts.push(...doubts(b, x, range, floor));
      return true;
    },
  };
}

/** Integers (float64: below 2⁵¹) as floats. */
export function toFloat(b: Body, x: Lane): Lane {
  if (b.type === "float32") return b.simd("f32x4.convert_i32x4_s", x);
  return b.f("sub", b.i("add", x, b.float(WHOLE)), b.float(WHOLE));
}

/** Code for moderate numbers and for the unit range turns NaN into NaN: only numbers beyond a bound are in doubt. */
function doubts(b: Body, x: Lane, range: Exclude<Range, "nonpositive">, floor?: Lane): Doubt[] {
  const { type } = b;
  const bound = (test: Doubt["test"], at: number, lane = x): Doubt => ({ lane, test, words: floatWords(at, type) });
  const [least, most] = ranges[type][range];
  if (range !== "normal")
    return floor === undefined ? [bound("below", least), bound("above", most)] : [bound("below", least, floor)];
  if (type === "float32")
    return [{ lane: b.i("sub", x, b.int(0x00800000)), test: "word", words: [0x7effffff, 0x7effffff] }];
  const isNormal = b.simd("v128.and", b.f("le", b.float(least), x), b.f("le", x, b.float(most)));
  return [{ lane: b.simd("v128.not", isNormal), test: "mask", words: [0, 0] }];
}
