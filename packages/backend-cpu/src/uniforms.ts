/** Values without axes: computed in JavaScript between two sweeps, by the scalar meaning of each primitive. */
import { decoder, type ElementwiseOp, evaluate, type Program, round } from "@isoloss/core";
import { ofNumber } from "./array-arithmetic.ts";
import type { Call } from "./sweep-plan.ts";
import type { Value } from "./value.ts";

/** Computes a value without axes from others and from what a call brings, and puts it beside them. */
export function uniformStep({ id, op, args, dtype, attribute }: Value, { inputs }: Program): (call: Call) => void {
  const r = round[dtype];
  if (op === "parameter")
    return ({ scalars, parameters }) => {
      scalars[id] = r(parameters[attribute as number] as number);
    };
  if (op === "input") {
    const decode = decoder(dtype);
    const input = inputs.findIndex((p) => p.name === attribute);
    return ({ scalars, feeds }) => {
      scalars[id] = decode(Number(feeds[input]?.[0]));
    };
  }
  const f = (
    op === "exp" || op === "log" || op === "log1p"
      ? ofNumber(dtype === "float64" ? dtype : "float32", op)
      : evaluate(op as ElementwiseOp)
  ) as (x: number, y: number, z: number) => number;
  const [x, y, z] = [0, 1, 2].map((i) => args[i]?.id ?? id) as [number, number, number];
  return ({ scalars }) => {
    scalars[id] = r(f(scalars[x] as number, scalars[y] as number, scalars[z] as number));
  };
}
