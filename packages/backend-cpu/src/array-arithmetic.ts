/**
 * exp, log and log1p of the JavaScript engine: their expressions are written down once as steps over short arrays, each
 * step one loop whose stores round to the type.
 */
import { storage } from "@isoloss/core";
import { type Loop, loops } from "./js-loops.ts";
import { layouts, type Type } from "./number-layout.ts";
import { type Arithmetic, exp, log, log1p, ranges } from "./transcendental.ts";

type Floats = Float32Array | Float64Array;
type Data = Floats | Uint8Array;
/** One number for each element: a constant, the argument, or what a loop makes of others. */
interface Value {
  data?: Data;
  readonly loop?: Loop;
  readonly args: readonly Value[];
}
interface Step {
  readonly loop: Loop;
  readonly out: Data;
  readonly args: readonly [Data, Data, Data];
}
interface Tape {
  readonly steps: readonly Step[];
  readonly y: Floats;
  /** Where the argument must lie. */
  readonly low: number;
  readonly high: number;
}

/** Elements that go through an expression together: so few that all that is between stays in the innermost cache. */
const CHUNK = 256;
const toBools: ReadonlySet<Loop> = new Set([loops.lt, loops.le, loops.eq]);

/** The loops that look at the bits of numbers. */
function bitLoops(type: Type) {
  const { fraction, inHighWord, half } = layouts[type];
  const width = storage[type].BYTES_PER_ELEMENT / 4;
  const high = width - 1;
  const shift = fraction % 32;
  const wordsOf = (floats: Data): Int32Array => new Int32Array(floats.buffer);
  return {
    /** A sum with `magic` to the power of two. */
    toPower: (n, out, x) => {
      const [to, from] = [wordsOf(out as Data), wordsOf(x as Data)];
      for (let i = 0; i < n * width; i += width) {
        to[i] = 0;
        to[i + high] = (from[i] as number) << shift;
      }
    },
    /** A number to its k and to its m. */
    toExponent: (n, out, x) => {
      const from = wordsOf(x as Data);
      for (let i = 0; i < n; i++) out[i] = ((from[i * width + high] as number) - half) >> shift;
    },
    toFraction: (n, out, x) => {
      const [to, from] = [wordsOf(out as Data), wordsOf(x as Data)];
      for (let i = 0; i < n * width; i += width) {
        to[i] = from[i] as number;
        to[i + high] = (((from[i + high] as number) - half) & inHighWord) + half;
      }
    },
  } satisfies Record<string, Loop>;
}

/** Writes the operations of an expression down. `isHopeful`: for arguments in the range that the expression would like. */
function record(type: Type, expression: typeof exp, x: Floats, isHopeful: boolean): Tape {
  const bits = bitLoops(type);
  const values: Value[] = [];
  let [low, high] = [-Infinity, Infinity];
  const floats = (): Floats => new storage[type](CHUNK);
  const step = (loop: Loop, ...args: Value[]): Value => {
    const value = { loop, args };
    values.push(value);
    return value;
  };
  const a: Arithmetic<Value> = {
    type,
    constant: (c) => ({ data: floats().fill(c), args: [] }),
    add: (p, q) => step(loops.add, p, q),
    sub: (p, q) => step(loops.sub, p, q),
    mul: (p, q) => step(loops.mul, p, q),
    div: (p, q) => step(loops.div, p, q),
    lt: (p, q) => step(loops.lt, p, q),
    le: (p, q) => step(loops.le, p, q),
    eq: (p, q) => step(loops.eq, p, q),
    select: (c, p, q) => step(loops.where, c, p, q),
    atLeast: (p, q) => a.select(a.lt(p, q), q, p),
    atMost: (p, q) => a.select(a.lt(q, p), q, p),
    power(p, k = 0) {
      const magic = a.constant(layouts[type].magic + k);
      const sum = a.add(p, magic);
      return { n: a.sub(sum, magic), scale: step(bits.toPower, sum) };
    },
    split: (p) => ({ k: step(bits.toExponent, p), m: step(bits.toFraction, p) }),
    assume(_, range) {
      if (!isHopeful || range === "nonpositive") return false;
      [low, high] = ranges[type][range];
      return true;
    },
  };
  const y = expression(a, { data: x, args: [] });
  const last = new Map<Value, number>();
  values.forEach((v, i) => {
    for (const p of v.args) last.set(p, i);
  });
  const free: Data[] = [];
  const steps = values.map((v, i): Step => {
    const Storage = toBools.has(v.loop as Loop) ? Uint8Array : storage[type];
    const at = free.findIndex((d) => d instanceof Storage);
    v.data = at < 0 ? new Storage(CHUNK) : (free.splice(at, 1)[0] as Data);
    for (const p of new Set(v.args)) if (p.loop && last.get(p) === i) free.push(p.data as Data);
    const [p, q = p, r = p] = v.args.map((arg) => arg.data) as [Data, Data?, Data?];
    return { loop: v.loop as Loop, out: v.data, args: [p, q, r] };
  });
  return { steps, y: y.data as Floats, low, high };
}

/** Fills `out` with the function of `x`, which may be longer. */
export type OfArray = (out: Floats, x: ArrayLike<number>) => void;

function ofArray(type: Type, expression: typeof exp): OfArray {
  let x: Floats | undefined;
  let [hopeful, safe]: (Tape | undefined)[] = [];
  return (out, from) => {
    x ??= new storage[type](CHUNK);
    hopeful ??= record(type, expression, x, true);
    const { low, high } = hopeful;
    for (let first = 0; first < out.length; first += CHUNK) {
      const n = Math.min(CHUNK, out.length - first);
      let isInside = true;
      for (let i = 0; i < n; i++) {
        const v = from[first + i] as number;
        x[i] = v;
        if (!(low <= v && v <= high)) isInside = false;
      }
      if (!isInside) safe ??= record(type, expression, x, false);
      const { steps, y } = (isInside ? hopeful : safe) as Tape;
      for (let s = 0; s < steps.length; s++) {
        const { loop, out: to, args } = steps[s] as Step;
        loop(n, to, args[0], args[1], args[2]);
      }
      out.set(n === CHUNK ? y : y.subarray(0, n), first);
    }
  };
}
/** To float32 (the arguments are such numbers) or float64. */
export const ofArrays = {
  float32: { exp: ofArray("float32", exp), log: ofArray("float32", log), log1p: ofArray("float32", log1p) },
  float64: { exp: ofArray("float64", exp), log: ofArray("float64", log), log1p: ofArray("float64", log1p) },
} as const;

/** The same of one number. */
export function ofNumber(type: Type, name: "exp" | "log" | "log1p"): (x: number) => number {
  const [x, y] = [new storage[type](1), new storage[type](1)];
  return (value) => {
    x[0] = value;
    ofArrays[type][name](y, x);
    return y[0] as number;
  };
}
