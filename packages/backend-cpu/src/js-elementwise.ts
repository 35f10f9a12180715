/** The elementwise primitives of the JavaScript engine. */
import { type Axis, type DType, type ElementwiseOp, evaluate, type Node, round } from "@isoloss/core";
import { type Layout, storesRounded, type Values, valuesOf } from "./js-values.ts";
import { scalar } from "./scalar-arithmetic.ts";

type Scalar = (a: number, b: number, c: number) => number;

/** Steps from one element of the result to the next in an operand: 0 for one value, 1 for the same axes, else a table. */
const stepOf = (from: readonly Axis[], n: Node): 0 | 1 | undefined =>
  from.length === 0 ? 0 : from.length === n.axes.length ? 1 : undefined;

/** What the primitive computes for one element of this dtype, before it is stored. */
function scalarOf(n: Node): Scalar {
  if (n.op === "expand") return (a) => a;
  if (n.op === "exp" || n.op === "log" || n.op === "log1p")
    return scalar[n.dtype === "float64" ? "float64" : "float32"][n.op];
  return evaluate(n.op as ElementwiseOp) as Scalar;
}

const rounding = (n: Node): ((x: number) => number) | undefined =>
  storesRounded(n.dtype) || n.op === "expand" ? undefined : round[n.dtype as DType];

export function elementwiseLoop(n: Node, args: readonly Values[], layout: Layout, size: number): Values {
  const out = valuesOf(n.dtype, size);
  const f = scalarOf(n);
  const r = rounding(n);
  const [x, y, z] = [0, 1, 2].map((i) => {
    const arg = n.args[i];
    if (arg === undefined) return { data: out, step: 0 as const, places: undefined };
    const step = stepOf(arg.axes, n);
    return {
      data: args[i] as Values,
      step,
      places: step === undefined ? layout.places(n.axes, arg.axes) : undefined,
    };
  }) as [Operand, Operand, Operand];
  for (let i = 0; i < size; i++) {
    const value = f(element(x, i), element(y, i), element(z, i));
    out[i] = r === undefined ? value : r(value);
  }
  return out;
}
interface Operand {
  readonly data: Values;
  readonly step: 0 | 1 | undefined;
  readonly places: Int32Array | undefined;
}
const element = ({ data, step, places }: Operand, i: number): number =>
  data[step === 1 ? i : step === 0 ? 0 : ((places as Int32Array)[i] as number)] as number;
