/**
 * How the JavaScript engine cuts a program: along outer axes into tiles, at the reductions over those axes into sweeps. What
 * crosses from one sweep to the next are such reductions and what lies on no tiled axis; the rest is computed again.
 */
import { type Axis, isOuter, type Node, type Program, topological } from "@isoloss/core";
import { turnsOf } from "./turns.ts";

/** One pass over all tiles: nodes in order, the reductions that it feeds, whether it writes the tiled outputs. */
export interface Sweep {
  readonly nodes: readonly Node[];
  readonly crossings: readonly Node[];
  readonly writes: boolean;
}
export interface Cut {
  readonly tiled: (n: Node) => boolean;
  /** Whole values in order: those at i can be computed once i sweeps are done. */
  readonly whole: readonly (readonly Node[])[];
  readonly sweeps: readonly Sweep[];
}

/** Whether a tile may hold one index of each of `axes` but the last: reductions take all of them or none, nothing indexes them. */
function canTile(nodes: readonly Node[], axes: readonly Axis[]): boolean {
  return nodes.every((n) => {
    if (n.op === "pick") return !axes.includes(n.attribute);
    if (n.op === "accumulate") return !n.args[0]?.axes.some((a) => axes.includes(a));
    if (n.op !== "sum" && n.op !== "max") return true;
    const over = axes.filter((a) => n.attribute.includes(a));
    return over.length === 0 || over.length === axes.length;
  });
}

/**
 * The outer axes to tile along: as many of the first as it takes until what lies under one index of each fits a tile. All
 * but the last have one index in a tile. None where a program cannot be tiled: all its values are then whole.
 */
export function tiledAxes(program: Program, sizeOf: (axis: Axis) => number, elements: number): readonly Axis[] {
  const nodes = topological(program.outputs);
  const outer = program.axes.filter((a) => isOuter(a) && nodes.some((n) => n.axes.includes(a)));
  for (let k = 1; k <= outer.length; k++) {
    const axes = outer.slice(0, k);
    const isEmpty = k > 1 && axes.some((a) => sizeOf(a) === 0); // no tile at all: what lacks that axis would be left out
    if (isEmpty || !canTile(nodes, axes)) return outer.slice(0, k - 1);
    if (rowElements(nodes, axes, sizeOf) <= elements) return axes;
  }
  return outer;
}

/** Elements of the largest value under one index of each of `axes`. */
export function rowElements(nodes: readonly Node[], axes: readonly Axis[], sizeOf: (axis: Axis) => number): number {
  const inside = (n: Node): number => n.axes.reduce((m, a) => (axes.includes(a) ? m : m * sizeOf(a)), 1);
  return nodes.reduce((m, n) => (n.axes.some((a) => axes.includes(a)) ? Math.max(m, inside(n)) : m), 1);
}

/** Cuts a program into sweeps. A reduction waits for the latest sweep that its users allow, so a value's sum shares the gradient's. */
export function cut(program: Program, axes: readonly Axis[]): Cut {
  const order = topological(program.outputs);
  const tiled = (n: Node): boolean => n.axes.some((a) => axes.includes(a));
  const crosses = (n: Node): boolean => !tiled(n) && n.args.some(tiled);

  const { turn, count, ready } = turnsOf(order, program.outputs, crosses, (i) => tiled(program.outputs[i] as Node));

  const sweeps = Array.from({ length: count }, (_, i): Sweep => {
    const crossings = order.filter((n) => turn.get(n) === i);
    const writes = i === count - 1 && program.outputs.some(tiled);
    const needed = new Set([...crossings.flatMap((n) => n.args), ...(writes ? program.outputs : [])].filter(tiled));
    for (const n of [...order].reverse()) if (needed.has(n)) for (const a of n.args.filter(tiled)) needed.add(a);
    return { nodes: order.filter((n) => needed.has(n)), crossings, writes };
  });

  const whole = Array.from({ length: count + 1 }, (_, i) =>
    order.filter((n) => !tiled(n) && !crosses(n) && ready.get(n) === i),
  );
  return { tiled, whole, sweeps };
}
