/** Class indices of a program: where one is out of range, its row's results are NaN. */
import { type Axis, isFloat, type Node } from "@isoloss/core";
import type { Emitter } from "./emitter.ts";
import type { Name } from "./model.ts";

interface Indexed {
  readonly index: Node;
  readonly axis: Axis;
}

/** Indices that come from the data, and what they index: they pick along an axis, or are compared with its every position. */
function indicesOf(nodes: readonly Node[]): Indexed[] {
  const fromData = new Set<Node>();
  for (const n of nodes) if (n.op === "input" || n.args.some((a) => fromData.has(a))) fromData.add(n);
  const found = nodes.flatMap((n): Indexed[] => {
    const [a, b] = n.args as readonly [Node, Node];
    if (n.op === "pick") return [{ index: b, axis: n.attribute as Axis }];
    if (n.op !== "eq") return [];
    const [position, index] = a.op === "iota" ? [a, b] : [b, a];
    const axis = position.attribute as Axis;
    return position.op === "iota" && index.dtype === "int32" && !index.axes.includes(axis) ? [{ index, axis }] : [];
  });
  return found.filter(
    ({ index, axis }, i) => fromData.has(index) && found.findIndex((f) => f.index === index && f.axis === axis) === i,
  );
}

/** The condition that an index lies in its range. */
export const inRange = (e: Emitter, index: Name, axis: Axis): Name =>
  e.node("And", [
    e.node("LessOrEqual", [e.scalar(0, "int32"), index]),
    e.node("Less", [index, e.extent(axis, "int32")]),
  ]);

/** Makes each floating point result NaN in the rows whose class index is out of range. */
export function withoutStrayRows(
  e: Emitter,
  outputs: readonly Node[],
  values: ReadonlyMap<Node, Name>,
  results: readonly Name[],
): Name[] {
  const indices = indicesOf([...values.keys()]);
  return results.map((result, i) => {
    const { axes, dtype } = outputs[i] as Node;
    const own = indices.filter(({ index }) => isFloat(dtype) && index.axes.every((a) => axes.includes(a)));
    return own.reduce((x, { index, axis }) => {
      const isInside = inRange(e, values.get(index) as Name, axis);
      return e.node("Where", [isInside, x, e.scalar(Number.NaN, e.compute(dtype))]);
    }, result);
  });
}
