/**
 * From values to sweeps. A sweep passes once over the rows of its domain (all axes but the class axis); what crosses from one
 * to the next are totals, partial sums and nothing else: the rest is computed again. A total waits for the latest sweep that
 * its users allow, so a value's sum shares the sweep of the gradient.
 */

import { type Axis, isFloat, isOuter, type Node, type Program, topological } from "@isoloss/core";
import type { Type } from "./number-layout.ts";
import { planSweep, type Sweep, type SweepRoot } from "./sweep.ts";
import { turnsOf } from "./turns.ts";
import { crosses, isUniform, laneType, ONE, type OuterSum, type Value, Values } from "./value.ts";

export interface Schedule {
  readonly type: Type;
  readonly classAxis: Axis | undefined;
  readonly sweeps: readonly Sweep[];
  /** Uniform values in order of computation: those at i can be computed once i sweeps (of `sweepCount` turns) are done. */
  readonly uniforms: readonly (readonly Value[])[];
  /** Of each output that no sweep writes the value: a partial sum as it is, or a uniform value that fills it. */
  readonly results: readonly (Value | undefined)[];
  /** All values, operands first. */
  readonly values: readonly Value[];
}

const outerOf = (axes: readonly Axis[]): readonly Axis[] => {
  const outer = axes.filter(isOuter);
  return outer.length ? outer : [ONE];
};

export function schedule(program: Program): Schedule {
  const type = laneType(program);
  const values = new Values(program);
  // A cast at the very end is a matter of writing the result.
  const nodes = program.outputs.map((o) => (isWrittenCast(o, type) ? (o.args[0] as Node) : o));
  const outputs = values.build(nodes);
  const order = topological(outputs);
  const results = outputs.map((value, i) => {
    const isWhole = value.op === "partial" && String(value.axes) === String((program.outputs[i] as Node).axes);
    return isWhole || isUniform(value) ? value : undefined;
  });
  const { turn, count, ready } = turnsOf(order, outputs, crosses, (i) => !results[i]);

  const groups = new Map<string, { turn: number; domain: readonly Axis[]; roots: SweepRoot[] }>();
  const root = (at: number, axes: readonly Axis[], r: SweepRoot): void => {
    const domain = outerOf(axes);
    const group = groups.get(`${at}|${domain}`) ?? { turn: at, domain, roots: [] };
    groups.set(`${at}|${domain}`, group);
    group.roots.push(r);
  };
  for (const [of, at] of turn) {
    const { domain, left } = of.attribute as OuterSum;
    const kind = of.op === "partial" ? "partial" : "total";
    root(at, domain, { kind, of, value: of.args[0] as Value, axes: [...domain, ...left] });
  }
  outputs.forEach((value, of) => {
    const { axes } = program.outputs[of] as Node;
    if (!results[of]) root(count - 1, axes, { kind: "output", of, value, axes });
  });
  const sweeps = [...groups.values()]
    .sort((a, b) => a.turn - b.turn)
    .map((g) => planSweep(g.turn, g.domain, values.classAxis, g.roots));

  const computed = order.filter((v) => isUniform(v) && v.op !== "constant");
  const uniforms = Array.from({ length: count + 1 }, (_, i) => computed.filter((v) => ready.get(v) === i));
  return { type, classAxis: values.classAxis, sweeps, uniforms, results, values: order };
}

/** Whether an output is a cast that its writing can do: from the type of the lanes to another floating point type. */
export const isWrittenCast = (o: Node, type: Type): boolean =>
  o.op === "cast" && o.axes.length > 0 && isFloat(o.dtype) && (o.args[0] as Node).dtype === type;
