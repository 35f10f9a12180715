/** Values without axes: computed in JavaScript between two sweeps, by the scalar meaning of each primitive. */
import { type DType, decoder, type ElementwiseOp, evaluate, round, type TypedArray } from "@isoloss/core";
import { ofNumber } from "./array-arithmetic.ts";
import type { Value } from "./value.ts";

/** What uniform values are computed from in a call. */
export interface UniformSources {
  readonly parameters: Float64Array;
  /** The data of a 0-dimensional input. */
  input(name: string): TypedArray;
  extent(axis: string): number;
}
/** Computes one value: `values` is indexed by the values' ids. */
export type UniformStep = (values: Float64Array, sources: UniformSources) => void;

/** How a value without axes is computed; undefined where a sweep provides it. */
export function uniformStep(v: Value): UniformStep | undefined {
  const { id, args } = v;
  const r = round[v.dtype];
  switch (v.op) {
    case "total":
    case "total-max":
      return undefined;
    case "parameter":
      return (values, s) => {
        values[id] = r(s.parameters[v.attribute as number] as number);
      };
    case "extent":
      return (values, s) => {
        values[id] = r(s.extent(v.attribute as string));
      };
    case "input": {
      const decode = decoder(v.dtype);
      return (values, s) => {
        values[id] = decode(Number(s.input(v.attribute as string)[0]));
      };
    }
    default: {
      const f = scalarOf(v.op as ElementwiseOp, v.dtype) as (a: number, b: number, c: number) => number;
      const [a, b, c] = [0, 1, 2].map((i) => args[i]?.id ?? id) as [number, number, number];
      return (values) => {
        values[id] = r(f(values[a] as number, values[b] as number, values[c] as number));
      };
    }
  }
}
const scalarOf = (op: ElementwiseOp, dtype: DType): ((...x: number[]) => number) =>
  op === "exp" || op === "log" || op === "log1p"
    ? (ofNumber(dtype === "float64" ? "float64" : "float32", op) as (...x: number[]) => number)
    : evaluate(op);
