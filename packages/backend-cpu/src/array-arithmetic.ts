/**
 * exp, log and log1p of the JavaScript engine: their expressions are written down once as steps over short arrays, each
 * step one loop whose stores round to the type.
 */
import { type Arithmetic, exp, log, log1p } from "./transcendental.ts";

type Floats = Float32Array | Float64Array;
/** One operation for the first n elements of its arrays: arguments, so that the loop keeps them in registers. */
type Loop = (n: number, out: Floats, a: Floats, b: Floats, c: Floats) => void;
interface Step {
  readonly loop: Loop;
  readonly out: Floats;
  readonly a: Floats;
  readonly b: Floats;
  readonly c: Floats;
}
/** An expression over one argument. */
interface Tape {
  readonly x: Floats;
  readonly y: Floats;
  readonly steps: readonly Step[];
}

/** Elements that go through an expression together: so few that all that is between stays in the innermost cache. */
const CHUNK = 64;

const loops = {
  add: (n, out, a, b) => {
    for (let i = 0; i < n; i++) out[i] = (a[i] as number) + (b[i] as number);
  },
  sub: (n, out, a, b) => {
    for (let i = 0; i < n; i++) out[i] = (a[i] as number) - (b[i] as number);
  },
  mul: (n, out, a, b) => {
    for (let i = 0; i < n; i++) out[i] = (a[i] as number) * (b[i] as number);
  },
  div: (n, out, a, b) => {
    for (let i = 0; i < n; i++) out[i] = (a[i] as number) / (b[i] as number);
  },
  lt: (n, out, a, b) => {
    for (let i = 0; i < n; i++) out[i] = (a[i] as number) < (b[i] as number) ? 1 : 0;
  },
  le: (n, out, a, b) => {
    for (let i = 0; i < n; i++) out[i] = (a[i] as number) <= (b[i] as number) ? 1 : 0;
  },
  eq: (n, out, a, b) => {
    for (let i = 0; i < n; i++) out[i] = (a[i] as number) === (b[i] as number) ? 1 : 0;
  },
  select: (n, out, c, a, b) => {
    for (let i = 0; i < n; i++) out[i] = ((c[i] as number) !== 0 ? a[i] : b[i]) as number;
  },
  atLeast: (n, out, a, b) => {
    for (let i = 0; i < n; i++) {
      const [x, y] = [a[i] as number, b[i] as number];
      // biome-ignore lint/complexity/useMathMinMax: a where either is NaN, as the lanes' pmax
      out[i] = x < y ? y : x;
    }
  },
  atMost: (n, out, a, b) => {
    for (let i = 0; i < n; i++) {
      const [x, y] = [a[i] as number, b[i] as number];
      // biome-ignore lint/complexity/useMathMinMax: a where either is NaN, as the lanes' pmin
      out[i] = y < x ? y : x;
    }
  },
} satisfies Record<string, Loop>;

/** What depends on how a number is laid out in the 32-bit words of its array, little-endian as wherever WebAssembly is. */
const layouts = {
  float32: {
    Array: Float32Array,
    magic: 12582912 + 127, // 1.5·2²³: adding it leaves the integer in the low bits, the exponent's bias included
    /** A sum with `magic` to the power of two. */
    toPower(n: number, words: Int32Array): void {
      for (let i = 0; i < n; i++) words[i] = (words[i] as number) << 23;
    },
    /** A number to its m, and its k. */
    toSplit(n: number, words: Int32Array, k: Floats): void {
      const half = 0x3f3504f3; // √½
      for (let i = 0; i < n; i++) {
        const bits = (words[i] as number) - half;
        words[i] = (bits & 0x7fffff) + half;
        k[i] = bits >> 23;
      }
    },
  },
  float64: {
    Array: Float64Array,
    magic: 6755399441055744 + 1023, // 1.5·2⁵²
    toPower(n: number, words: Int32Array): void {
      for (let i = 0; i < 2 * n; i += 2) {
        words[i + 1] = (words[i] as number) << 20;
        words[i] = 0;
      }
    },
    toSplit(n: number, words: Int32Array, k: Floats): void {
      const half = 0x3fe6a09e;
      for (let i = 0; i < n; i++) {
        const bits = (words[2 * i + 1] as number) - half;
        words[2 * i + 1] = (bits & 0xfffff) + half;
        k[i] = bits >> 20;
      }
    },
  },
} as const;

/** Writes operations down instead of doing them: a value is the array that its step will fill. */
function recorder(type: "float32" | "float64"): { arithmetic: Arithmetic<Floats>; steps: Step[]; array(): Floats } {
  const { magic, toPower, toSplit, Array: Storage } = layouts[type];
  const steps: Step[] = [];
  const array = (): Floats => new Storage(CHUNK);
  const step = (loop: Loop, a: Floats, b = a, c = a): Floats => {
    const out = array();
    steps.push({ loop, out, a, b, c });
    return out;
  };
  const arithmetic: Arithmetic<Floats> = {
    type,
    constant: (x) => array().fill(x),
    add: (a, b) => step(loops.add, a, b),
    sub: (a, b) => step(loops.sub, a, b),
    mul: (a, b) => step(loops.mul, a, b),
    div: (a, b) => step(loops.div, a, b),
    atLeast: (a, b) => step(loops.atLeast, a, b),
    atMost: (a, b) => step(loops.atMost, a, b),
    lt: (a, b) => step(loops.lt, a, b),
    le: (a, b) => step(loops.le, a, b),
    eq: (a, b) => step(loops.eq, a, b),
    select: (c, a, b) => step(loops.select, c, a, b),
    assume: () => false,
    power(x, k = 0) {
      const shift = array().fill(magic + k);
      const scale = step(loops.add, x, shift);
      const n = step(loops.sub, scale, shift);
      const words = new Int32Array(scale.buffer);
      steps.push({ loop: (count) => toPower(count, words), out: scale, a: scale, b: scale, c: scale });
      return { n, scale };
    },
    split(x) {
      const m = array();
      const words = new Int32Array(m.buffer);
      const loop: Loop = (n, k) => {
        m.set(x);
        toSplit(n, words, k);
      };
      return { k: step(loop, x), m };
    },
  };
  return { arithmetic, steps, array };
}

/** Fills `out` with the function of `x`: of each element where `step` is 1, of the first for all where it is 0. */
export type OfArray = (out: Floats, x: ArrayLike<number>, step: 0 | 1) => void;

function ofArray(type: "float32" | "float64", expression: <V>(a: Arithmetic<V>, x: V) => V): OfArray {
  let tape: Tape | undefined;
  const record = (): Tape => {
    const { arithmetic, steps, array } = recorder(type);
    const x = array();
    return { x, y: expression(arithmetic, x), steps };
  };
  return (out, from, step) => {
    tape ??= record();
    const { x, y, steps } = tape;
    const length = step ? out.length : 1;
    for (let first = 0; first < length; first += CHUNK) {
      const n = Math.min(CHUNK, length - first);
      for (let i = 0; i < n; i++) x[i] = from[first + i] as number;
      for (let s = 0; s < steps.length; s++) {
        const { loop, out: to, a, b, c } = steps[s] as Step;
        loop(n, to, a, b, c);
      }
      for (let i = 0; i < n; i++) out[first + i] = y[i] as number;
    }
    if (!step) out.fill(out[0] as number);
  };
}
/** To float32 (the arguments are such numbers) or float64. */
export const ofArrays = {
  float32: { exp: ofArray("float32", exp), log: ofArray("float32", log), log1p: ofArray("float32", log1p) },
  float64: { exp: ofArray("float64", exp), log: ofArray("float64", log), log1p: ofArray("float64", log1p) },
} as const;

/** The same of one number. */
export function ofNumber(type: "float32" | "float64", name: "exp" | "log" | "log1p"): (x: number) => number {
  const [x, y] =
    type === "float32" ? [new Float32Array(1), new Float32Array(1)] : [new Float64Array(1), new Float64Array(1)];
  return (value) => {
    x[0] = value;
    ofArrays[type][name](y, x, 1);
    return y[0] as number;
  };
}
