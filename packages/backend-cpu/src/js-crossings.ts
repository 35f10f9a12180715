/** Reductions over tiled axes: the normative sums of contributing/numerics.md and maxima, carried from tile to tile. */
import { type Axis, isOuter, type Node, round } from "@isoloss/core";
import { GroupedSum } from "./js-groups.ts";
import { addsInSingle } from "./js-reduce.ts";
import { type Layout, type Values, valuesOf } from "./js-values.ts";

export interface Crossing {
  begin(): void;
  /** Takes the operand's elements of the next tile. */
  add(tile: Values, layout: Layout): void;
  finish(): Values;
}

/** A total, in groups of sixteen by absolute index. */
function total(n: Node): Crossing {
  const sum = new GroupedSum(addsInSingle(n));
  const result = valuesOf(n.dtype, 1);
  return {
    begin: () => sum.begin(),
    add: (x) => sum.add(x, 0, x.length),
    finish() {
      result[0] = round[n.dtype](sum.finish());
      return result;
    },
  };
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
