/** A graph as a program: canonical, with shared subexpressions, its constants as slots of a parameter vector. */
import type { DType } from "./dtype.ts";
import { type Axis, lineOf, type Node, node, print, rebuild, topological, withArgs } from "./node.ts";
import { simplify } from "./simplify.ts";

/** An input of a program: its data is row-major over `axes`, in the storage of `dtype`. */
export interface Port {
  readonly name: string;
  readonly dtype: DType;
  readonly axes: readonly Axis[];
}

/**
 * What a backend compiles. Every node lists its axes in the order of `axes`, so an output is row-major in that order, and
 * `extents[i]` of a call is the size of `axes[i]`. Programs with equal keys are the same but for `parameters`.
 */
export interface Program {
  readonly key: string;
  readonly axes: readonly Axis[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Node[];
  readonly parameters: Float64Array;
}

/** Constants that stay in the structure: backends have better code for them. All others are data. */
const structural = new Set([-1, 0, 0.5, 1, 2]);

/** One order for all axes: that of `first`, of every input, and whatever comes then. */
function axisOrder(nodes: readonly Node[], first: readonly Axis[]): Axis[] {
  const lists = [first, ...nodes.filter((n) => n.op === "input").map((n) => n.axes)];
  const measured = nodes.flatMap((n) => (n.op === "extent" ? [n.attribute] : [])); // its size is needed, whoever has it
  const names = [...new Set([...lists.flat(), ...nodes.flatMap((n) => n.axes), ...measured])];
  const order: Axis[] = [];
  while (order.length < names.length) {
    const free = names.find(
      (a) => !order.includes(a) && lists.every((l) => l.every((b, i) => i >= l.indexOf(a) || order.includes(b))),
    );
    if (free === undefined) throw new TypeError(`inputs disagree about the order of axes: ${lists.join(" | ")}`);
    order.push(free);
  }
  return order;
}

/** Gradient rules dropped (gradients are taken by now), axes in one order, simplified, equal nodes shared. */
function canonical(outputs: readonly Node[], axes: readonly Axis[]): Node[] {
  const sorted = (list: readonly Axis[]): Axis[] => [...list].sort((a, b) => axes.indexOf(a) - axes.indexOf(b));
  const ids = new Map<Node, number>();
  const known = new Map<string, Node>();
  const adopt = (n: Node): Node => {
    if (ids.has(n)) return n;
    const own = withArgs(n, n.args.map(adopt));
    const simple = simplify(own);
    if (simple !== own) return adopt(simple);
    const line = lineOf(own, ids);
    if (!known.has(line)) {
      known.set(line, own);
      ids.set(own, ids.size);
    }
    return known.get(line) as Node;
  };
  return rebuild(outputs, (n) => {
    if (n.op === "custom") return n.args[0] as Node;
    const attribute = Array.isArray(n.attribute) ? sorted(n.attribute) : n.attribute;
    return adopt({ ...n, attribute, axes: sorted(n.axes) } as Node);
  });
}

/** Builds the program that computes `outputs`. `first`: the order of the axes, as far as it is known. */
export function program(outputs: readonly Node[], first: readonly Axis[] = []): Program {
  const axes = axisOrder(topological(outputs), first);
  const parameters: number[] = [];
  const results = rebuild(canonical(outputs, axes), (n) =>
    n.op === "constant" && !structural.has(n.attribute)
      ? node("parameter", [], [], n.dtype, parameters.push(n.attribute) - 1)
      : n,
  );
  const inputs = topological(results).flatMap((n) =>
    n.op === "input" ? [{ name: n.attribute, dtype: n.dtype, axes: n.axes }] : [],
  );
  return {
    key: `${axes}\n${print(results)}`,
    axes,
    inputs,
    outputs: results,
    parameters: Float64Array.from(parameters),
  };
}
