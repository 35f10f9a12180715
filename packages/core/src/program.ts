/** A graph as a program: canonical, with shared subexpressions, its constants as slots of a parameter vector. */
import type { DType } from "./dtype.ts";
import { type Axis, type Node, node, topological } from "./node.ts";
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
      (a) =>
        !order.includes(a) &&
        lists.every((l) => !l.includes(a) || l.slice(0, l.indexOf(a)).every((b) => order.includes(b))),
    );
    if (free === undefined)
      throw new TypeError(`inputs disagree about the order of axes: ${lists.map(String).join(" | ")}`);
    order.push(free);
  }
  return order;
}

const text = (n: Node, ids: ReadonlyMap<Node, number>): string => {
  const attribute = Object.is(n.attribute, -0) ? "-0" : String(n.attribute ?? "");
  return `${n.op}:${n.dtype}[${n.axes}](${n.args.map((a) => ids.get(a))})${attribute}`;
};

/** Gives equal nodes one identity, in order of first use. */
function interner(): { readonly ids: ReadonlyMap<Node, number>; intern(n: Node): Node } {
  const ids = new Map<Node, number>();
  const known = new Map<string, Node>();
  const intern = (n: Node): Node => {
    const line = text(n, ids);
    const same = known.get(line);
    if (same) return same;
    known.set(line, n);
    ids.set(n, ids.size);
    return n;
  };
  return { ids, intern };
}
const withArgs = (n: Node, args: readonly Node[]): Node =>
  args.every((a, i) => a === n.args[i]) ? n : ({ ...n, args } as Node);

/** Gradient rules dropped (gradients are taken by now), axes in one order, simplified, equal nodes shared. */
function canonical(outputs: readonly Node[], nodes: readonly Node[], axes: readonly Axis[]): Node[] {
  const sorted = (list: readonly Axis[]): Axis[] => [...list].sort((a, b) => axes.indexOf(a) - axes.indexOf(b));
  const { ids, intern } = interner();
  const adopt = (n: Node): Node => {
    if (ids.has(n)) return n;
    const own = withArgs(n, n.args.map(adopt));
    const simple = simplify(own);
    return simple === own ? intern(own) : adopt(simple);
  };
  const done = new Map<Node, Node>();
  for (const n of nodes) {
    const args = n.args.map((a) => done.get(a) as Node);
    const attribute = n.op === "sum" || n.op === "max" ? sorted(n.attribute) : n.attribute;
    done.set(n, n.op === "custom" ? (args[0] as Node) : adopt({ ...n, args, attribute, axes: sorted(n.axes) } as Node));
  }
  return outputs.map((o) => done.get(o) as Node);
}

/** Builds the program that computes `outputs`. `first`: the order of the axes, as far as it is known. */
export function program(outputs: readonly Node[], first: readonly Axis[] = []): Program {
  const nodes = topological(outputs);
  const axes = axisOrder(nodes, first);
  const simplified = canonical(outputs, nodes, axes);

  const { ids, intern } = interner();
  const done = new Map<Node, Node>();
  const parameters: number[] = [];
  for (const n of topological(simplified)) {
    const isSlot = n.op === "constant" && !structural.has(n.attribute);
    const own = isSlot ? node("parameter", [], [], n.dtype, parameters.push(n.attribute) - 1) : n;
    done.set(
      n,
      intern(
        withArgs(
          own,
          own.args.map((a) => done.get(a) as Node),
        ),
      ),
    );
  }
  const results = simplified.map((o) => done.get(o) as Node);
  const inputs = [...ids.keys()].flatMap((n) =>
    n.op === "input" ? [{ name: n.attribute, dtype: n.dtype, axes: n.axes }] : [],
  );
  const key = `${axes}\n${[...ids.keys()].map((n) => text(n, ids)).join("\n")}\n${results.map((o) => ids.get(o))}`;
  return { key, axes, inputs, outputs: results, parameters: Float64Array.from(parameters) };
}
