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
  readonly nodes: readonly Node[];
  /** The reductions that the tiles feed; the next pass has their results. */
  readonly crossings: readonly Node[];
  /** Whether it writes the outputs of its kind. */
  readonly writes: boolean;
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
    const inside = nodes
      .map((n) => n.axes.filter((a) => !axes.includes(a)))
      .filter((rest, i) => rest.length < (nodes[i] as Node).axes.length);
    tiling = { axes, row: Math.max(1, ...inside.map((rest) => sizeOf(rest, size))) };
  }
  return tiling;
}

/** Cuts a program into passes. A reduction waits for the latest sweep that its users allow, so a value's sum shares the gradient's. */
export function passesOf(program: Program, axes: readonly Axis[]): Pass[] {
  const order = topological(program.outputs);
  const isTiled = (n: Node): boolean => n.axes.some((a) => axes.includes(a));
  const crosses = (n: Node): boolean => !isTiled(n) && n.args.some(isTiled);
  const { turn, count, ready } = turnsOf(order, program.outputs, crosses, (i) => isTiled(program.outputs[i] as Node));
  return Array.from({ length: count + 1 }, (_, i): Pass[] => {
    const whole = order.filter((n) => !isTiled(n) && ready.get(n) === i);
    const crossings = order.filter((n) => turn.get(n) === i);
    const writes = i === count - 1;
    const needed = new Set([...crossings.flatMap((n) => n.args), ...(writes ? program.outputs : [])].filter(isTiled));
    for (const n of [...order].reverse()) if (needed.has(n)) for (const a of n.args.filter(isTiled)) needed.add(a);
    return [
      { isTiled: false, nodes: whole, crossings: [], writes: i === count },
      { isTiled: true, nodes: order.filter((n) => needed.has(n)), crossings, writes },
    ];
  }).flat();
}
