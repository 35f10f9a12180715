/** Elementwise primitives over whole arrays, one loop each. Stores round to float32 and float64, and truncate to integers in range. */
import type { ElementwiseOp } from "@isoloss/core";
import type { Numbers, Values } from "./js-values.ts";

/** Fills the first n elements of `out`. Arguments, not fields: so the loop keeps its arrays in registers. */
export type Loop = (n: number, out: Values, x: Numbers, y: Numbers, z: Numbers) => void;

/**
 * Each is written out, so that V8 compiles it for the arrays that it meets. The commonest take four elements a turn: an
 * array's address and length are fetched anew in each.
 */
export const loops = {
  add: (n, out, x, y) => {
    let i = 0;
    for (const whole = n & ~3; i < whole; i += 4) {
      out[i] = (x[i] as number) + (y[i] as number);
      out[i + 1] = (x[i + 1] as number) + (y[i + 1] as number);
      out[i + 2] = (x[i + 2] as number) + (y[i + 2] as number);
      out[i + 3] = (x[i + 3] as number) + (y[i + 3] as number);
    }
    for (; i < n; i++) out[i] = (x[i] as number) + (y[i] as number);
  },
  sub: (n, out, x, y) => {
    let i = 0;
    for (const whole = n & ~3; i < whole; i += 4) {
      out[i] = (x[i] as number) - (y[i] as number);
      out[i + 1] = (x[i + 1] as number) - (y[i + 1] as number);
      out[i + 2] = (x[i + 2] as number) - (y[i + 2] as number);
      out[i + 3] = (x[i + 3] as number) - (y[i + 3] as number);
    }
    for (; i < n; i++) out[i] = (x[i] as number) - (y[i] as number);
  },
  mul: (n, out, x, y) => {
    let i = 0;
    for (const whole = n & ~3; i < whole; i += 4) {
      out[i] = (x[i] as number) * (y[i] as number);
      out[i + 1] = (x[i + 1] as number) * (y[i + 1] as number);
      out[i + 2] = (x[i + 2] as number) * (y[i + 2] as number);
      out[i + 3] = (x[i + 3] as number) * (y[i + 3] as number);
    }
    for (; i < n; i++) out[i] = (x[i] as number) * (y[i] as number);
  },
  div: (n, out, x, y) => {
    for (let i = 0; i < n; i++) out[i] = (x[i] as number) / (y[i] as number);
  },
  lt: (n, out, x, y) => {
    for (let i = 0; i < n; i++) out[i] = (x[i] as number) < (y[i] as number) ? 1 : 0;
  },
  le: (n, out, x, y) => {
    for (let i = 0; i < n; i++) out[i] = (x[i] as number) <= (y[i] as number) ? 1 : 0;
  },
  eq: (n, out, x, y) => {
    for (let i = 0; i < n; i++) out[i] = x[i] === y[i] ? 1 : 0;
  },
  and: (n, out, x, y) => {
    for (let i = 0; i < n; i++) out[i] = x[i] !== 0 && y[i] !== 0 ? 1 : 0;
  },
  or: (n, out, x, y) => {
    for (let i = 0; i < n; i++) out[i] = x[i] !== 0 || y[i] !== 0 ? 1 : 0;
  },
  where: (n, out, x, y, z) => {
    for (let i = 0; i < n; i++) out[i] = (x[i] !== 0 ? y[i] : z[i]) as number;
  },
  neg: (n, out, x) => {
    for (let i = 0; i < n; i++) out[i] = -(x[i] as number);
  },
  abs: (n, out, x) => {
    for (let i = 0; i < n; i++) out[i] = Math.abs(x[i] as number);
  },
  sign: (n, out, x) => {
    for (let i = 0; i < n; i++) out[i] = Math.sign(x[i] as number);
  },
  sqrt: (n, out, x) => {
    for (let i = 0; i < n; i++) out[i] = Math.sqrt(x[i] as number);
  },
  trunc: (n, out, x) => {
    for (let i = 0; i < n; i++) out[i] = Math.trunc(x[i] as number);
  },
  not: (n, out, x) => {
    for (let i = 0; i < n; i++) out[i] = x[i] ? 0 : 1;
  },
  cast: (n, out, x) => {
    for (let i = 0; i < n; i++) out[i] = x[i] as number;
  },
} satisfies Record<Exclude<ElementwiseOp, "exp" | "log" | "log1p">, Loop>;
