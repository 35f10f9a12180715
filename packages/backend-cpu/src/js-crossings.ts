/** Reductions over tiled axes: the normative sums of contributing/numerics.md and maxima, carried from tile to tile. */
import { type Axis, isOuter, type Node, round } from "@isoloss/core";
import { addsInSingle, GROUP } from "./js-reduce.ts";
import { type Layout, type Values, valuesOf } from "./js-values.ts";

export interface Crossing {
  begin(): void;
  /** Takes the operand's elements of the next tile. */
  add(tile: Values, layout: Layout): void;
  finish(): Values;
}

/** A total, in groups of sixteen by absolute index: what does not fill a group waits for the next tile. */
function total(n: Node): Crossing {
  const isSingle = addsInSingle(n);
  const sums = new Float64Array(4);
  const open = new Float64Array(GROUP);
  const result = valuesOf(n.dtype, 1);
  let waiting = 0;
  const flush = (): void => {
    if (isSingle) addSingle(open, 0, GROUP, sums);
    else addDouble(open, 0, GROUP, sums);
    open.fill(0);
    waiting = 0;
  };
  return {
    begin() {
      sums.fill(0);
      open.fill(0);
      waiting = 0;
    },
    add(x) {
      let k = 0;
      while (waiting > 0 && k < x.length) {
        open[waiting++] = x[k++] as number;
        if (waiting === GROUP) flush();
      }
      const end = k + ((x.length - k) & ~(GROUP - 1));
      if (isSingle) addSingle(x, k, end, sums);
      else addDouble(x, k, end, sums);
      for (k = end; k < x.length; k++) open[waiting++] = x[k] as number;
    },
    finish() {
      if (waiting > 0) flush();
      const [a, b, c, d] = sums as unknown as [number, number, number, number];
      result[0] = round[n.dtype](a + c + (b + d));
      return result;
    },
  };
}
/** Whole groups, in float32 up to the four lanes. */
function addSingle(x: Values, from: number, end: number, sums: Float64Array): void {
  const f = Math.fround;
  let [a, b, c, d] = sums as unknown as [number, number, number, number];
  for (let k = from; k < end; k += 16) {
    a += f(f((x[k] as number) + (x[k + 4] as number)) + f((x[k + 8] as number) + (x[k + 12] as number)));
    b += f(f((x[k + 1] as number) + (x[k + 5] as number)) + f((x[k + 9] as number) + (x[k + 13] as number)));
    c += f(f((x[k + 2] as number) + (x[k + 6] as number)) + f((x[k + 10] as number) + (x[k + 14] as number)));
    d += f(f((x[k + 3] as number) + (x[k + 7] as number)) + f((x[k + 11] as number) + (x[k + 15] as number)));
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}
function addDouble(x: Values, from: number, end: number, sums: Float64Array): void {
  for (let k = from; k < end; k += 16)
    for (let j = 0; j < 4; j++)
      (sums[j] as number) +=
        (x[k + j] as number) + (x[k + 4 + j] as number) + ((x[k + 8 + j] as number) + (x[k + 12 + j] as number));
}

/** One result for every element that remains: a sum in float64 in order of the elements, or the largest. */
function partial(n: Node, size: number): Crossing {
  const from = (n.args[0] as Node).axes;
  const state = new Float64Array(size);
  const isSum = n.op === "sum";
  return {
    begin: () => void state.fill(isSum ? 0 : -Infinity),
    add(x, layout) {
      const to = layout.places(from, n.axes);
      if (isSum) for (let i = 0; i < x.length; i++) (state[to[i] as number] as number) += x[i] as number;
      else
        for (let i = 0; i < x.length; i++) {
          const k = to[i] as number;
          state[k] = Math.max(state[k] as number, x[i] as number);
        }
    },
    finish() {
      const out = valuesOf(n.dtype, size);
      const r = round[n.dtype];
      for (let i = 0; i < size; i++) out[i] = r(state[i] as number);
      return out;
    },
  };
}

export const crossing = (n: Node, layout: Layout): Crossing =>
  n.op === "sum" && n.axes.length === 0 && (n.attribute as readonly Axis[]).every(isOuter)
    ? total(n)
    : partial(n, layout.size(n.axes));
