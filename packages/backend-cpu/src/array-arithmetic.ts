/**
 * exp, log and log1p of the JavaScript engine: their expressions are written down once as steps over short arrays, each
 * step one loop whose stores round to the type.
 */
import { storage } from "@isoloss/core";
import { type Loop, loops } from "./js-loops.ts";
import { layouts, type Type } from "./number-layout.ts";
import { type Arithmetic, exp, log, log1p, ranges } from "./transcendental.ts";

type Floats = Float32Array | Float64Array;
/** An expression as steps for the first n elements of arrays. */
interface Tape {
  readonly steps: readonly ((n: number) => void)[];
  readonly x: Floats;
  readonly y: Floats;
  /** Where the argument must lie. */
  readonly least: number;
  readonly most: number;
}

/** Elements that go through an expression together: so few that all that is between stays in the innermost cache. */
const CHUNK = 256;

/** Writes the operations of an expression down. `isHopeful`: for arguments in the range that the expression would like. */
function record(type: Type, expression: typeof exp, x: Floats, isHopeful: boolean): Tape {
  const { fraction, inHighWord, half, magic } = layouts[type];
  const width = storage[type].BYTES_PER_ELEMENT / 4;
  const high = width - 1;
  const shift = fraction % 32;
  const steps: ((n: number) => void)[] = [];
  let [least, most] = [-Infinity, Infinity];
  const floats = (): Floats => new storage[type](CHUNK);
  const step =
    (loop: Loop) =>
    (p: Floats, q = p, r = p): Floats => {
      const out = floats();
      steps.push((n) => loop(n, out, p, q, r));
      return out;
    };
  const wordsOf = (floats: Floats): Int32Array => new Int32Array(floats.buffer);
  const a: Arithmetic<Floats> = {
    type,
    constant: (c) => floats().fill(c),
    add: step(loops.add),
    sub: step(loops.sub),
    mul: step(loops.mul),
    div: step(loops.div),
    lt: step(loops.lt),
    le: step(loops.le),
    eq: step(loops.eq),
    select: step(loops.where),
    atLeast: (p, q) => a.select(a.lt(p, q), q, p),
    atMost: (p, q) => a.select(a.lt(q, p), q, p),
    power(p, k = 0) {
      const to = a.constant(magic + k);
      const sum = a.add(p, to);
      const scale = floats();
      const [low, words] = [wordsOf(sum), wordsOf(scale)];
      steps.push((n) => {
        for (let i = 0; i < n * width; i += width) words[i + high] = (low[i] as number) << shift;
      });
      return { n: a.sub(sum, to), scale };
    },
    split(p) {
      const [k, m] = [floats(), floats()];
      const [from, words] = [wordsOf(p), wordsOf(m)];
      steps.push((n) => {
        for (let i = 0, at = high; i < n; i++, at += width) {
          const above = (from[at] as number) - half;
          k[i] = above >> shift;
          words[at - high] = from[at - high] as number;
          words[at] = (above & inHighWord) + half;
        }
      });
      return { k, m };
    },
    assume(_, range) {
      if (!isHopeful || range === "nonpositive") return false;
      [least, most] = ranges[type][range];
      return true;
    },
  };
  const y = expression(a, x);
  return { steps, x, y, least, most };
}

function ofArray(type: Type, expression: typeof exp): Loop {
  let hopeful: Tape | undefined;
  let safe: Tape | undefined;
  return (length, out, from) => {
    hopeful ??= record(type, expression, new storage[type](CHUNK), true);
    const { x, least, most } = hopeful;
    for (let first = 0; first < length; first += CHUNK) {
      const n = Math.min(CHUNK, length - first);
      let isInside = true;
      for (let i = 0; i < n; i++) {
        const v = from[first + i] as number;
        x[i] = v;
        if (!(least <= v && v <= most)) isInside = false;
      }
      if (!isInside) safe ??= record(type, expression, x, false);
      const { steps, y } = (isInside ? hopeful : safe) as Tape;
      for (const step of steps) step(n);
      out.set(y.subarray(0, n), first);
    }
  };
}
const ofType = (type: Type) => ({ exp: ofArray(type, exp), log: ofArray(type, log), log1p: ofArray(type, log1p) });
/** To float32 (the arguments are such numbers) or float64. */
export const ofArrays = { float32: ofType("float32"), float64: ofType("float64") } as const;

/** The same of one number. */
export function ofNumber(type: Type, name: keyof typeof ofArrays.float32): (x: number) => number {
  const [x, y] = [new storage[type](1), new storage[type](1)];
  return (value) => {
    x[0] = value;
    ofArrays[type][name](1, y, x, x, x);
    return y[0] as number;
  };
}
