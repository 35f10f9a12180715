/**
 * How the JavaScript engine cuts a program: along outer axes into tiles, at the reductions over those axes into sweeps. What
 * crosses from one sweep to the next are such reductions and what lies on no tiled axis; the rest is computed again.
 */
import { type Axis, isOuter, type Node, type Program, topological } from "@isoloss/core";
import { type SizeOf, sizeOf } from "./js-values.ts";
import { turnsOf } from "./turns.ts";

/** Nodes in order that are computed for the whole call, or for one tile after the other. */
export interface Pass {
  readonly isTiled: boolean;
  /** After the values of a tile, the reductions that they feed: the next pass has the results of those. */
  readonly nodes: readonly Node[];
  /** Whether it writes the outputs of its kind. */
  readonly writes: boolean;
}

/** Whether a node lies along any of the axes. */
export const isAlong = (n: Node, axes: readonly Axis[]): boolean => n.axes.some((a) => axes.includes(a));

/** Whether a tile may hold one index of each of `axes` but the last: reductions take all of them or none, nothing indexes them. */
const canTile = (nodes: readonly Node[], axes: readonly Axis[]): boolean =>
  nodes.every((n) => {
    const gone = axes.filter((a) => !n.axes.includes(a) && n.args.some((x) => x.axes.includes(a)));
    return gone.length === 0 || (gone.length === axes.length && (n.op === "sum" || n.op === "max"));
  });

/** The axes to tile along, and elements of the largest value under one index of each. */
export interface Tiling {
  readonly axes: readonly Axis[];
  readonly row: number;
}
/**
 * The outer axes to tile along: as many of the first as it takes until what lies under one index of each fits a tile. All
 * but the last have one index in a tile. None where a program cannot be tiled: all its values are then whole.
 */
export function tilingOf(program: Program, size: SizeOf, elements: number): Tiling {
  const nodes = topological(program.outputs);
  const outer = program.axes.filter((a) => isOuter(a) && nodes.some((n) => n.axes.includes(a)));
  let tiling: Tiling = { axes: [], row: Infinity };
  for (let k = 1; k <= outer.length && tiling.row > elements; k++) {
    const axes = outer.slice(0, k);
    const isEmpty = k > 1 && axes.some((a) => size(a) === 0); // no tile at all: what lacks that axis would be left out
    if (isEmpty || !canTile(nodes, axes)) break;
    const inside = nodes.filter((n) => isAlong(n, axes)).map((n) => n.axes.filter((a) => !axes.includes(a)));
    tiling = { axes, row: Math.max(1, ...inside.map((rest) => sizeOf(rest, size))) };
  }
  return tiling;
}

/** Cuts a program into passes. A reduction waits for the latest sweep that its users allow, so a value's sum shares the gradient's. */
export function passesOf(program: Program, axes: readonly Axis[]): Pass[] {
  const order = topological(program.outputs);
  const isTiled = (n: Node): boolean => isAlong(n, axes);
  const crosses = (n: Node): boolean => !isTiled(n) && n.args.some(isTiled);
  const { turn, count, ready } = turnsOf(order, program.outputs, crosses, (i) => isTiled(program.outputs[i] as Node));
  return Array.from({ length: count + 1 }, (_, i): Pass[] => {
    const writes = i === count - 1;
    const needed = new Set(
      order.filter((n) => turn.get(n) === i || (writes && isTiled(n) && program.outputs.includes(n))),
    );
    for (const n of [...order].reverse()) if (needed.has(n)) for (const a of n.args.filter(isTiled)) needed.add(a);
    return [
      { isTiled: false, nodes: order.filter((n) => !isTiled(n) && ready.get(n) === i), writes: i === count },
      { isTiled: true, nodes: order.filter((n) => needed.has(n)), writes },
    ];
  }).flat();
}
