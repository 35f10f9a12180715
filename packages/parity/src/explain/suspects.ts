/** Nodes of a graph that bound, guard or shift a value: what two definitions of one loss usually differ in. */
import { type ElementwiseOp, evaluate as evaluatePrimitive, type Node, topological } from "@isoloss/core";
import { written } from "../symbolic/read.ts";

export interface Suspect {
  readonly kind: "clip" | "kink" | "epsilon";
  readonly node: Node;
  /** What stands in its place if it is taken away. */
  readonly without: Node;
  /** The numbers in it. */
  readonly numbers: readonly number[];
  /** What it does, as a formula. */
  readonly text: string;
}

const bare = (n: Node): Node => (n.op === "custom" || n.op === "expand" ? bare(n.args[0] as Node) : n);
/** The number that a node is, arithmetic of constants included. */
const constantOf = (n: Node): number | undefined => {
  const b = bare(n);
  if (b.op === "constant") return written(b.attribute, b.dtype);
  if (!["add", "sub", "mul", "div", "neg"].includes(b.op)) return undefined;
  const args = b.args.map(constantOf);
  if (args.includes(undefined)) return undefined;
  return evaluatePrimitive(b.op as ElementwiseOp)(...(args as number[]));
};

/** What a condition compares: one node with constants, or undefined. */
function compared(condition: Node): { of: Node; with: number[] } | undefined {
  const numbers: number[] = [];
  let of: Node | undefined;
  const visit = (n: Node): boolean => {
    const b = bare(n);
    if (b.op === "and" || b.op === "or" || b.op === "not") return b.args.every(visit);
    if (b.op !== "lt" && b.op !== "le") return false;
    return b.args.every((a) => {
      const k = constantOf(a);
      if (k !== undefined) numbers.push(k);
      else if (of === undefined || of === bare(a)) of = bare(a);
      else return false;
      return true;
    });
  };
  return visit(condition) && of && numbers.length ? { of, with: numbers } : undefined;
}

const symbols: Readonly<Record<string, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  lt: "<",
  le: "<=",
  eq: "==",
};
/** A node as a short formula. */
export function formula(n: Node, depth = 4): string {
  const b = bare(n);
  const k = constantOf(b);
  if (k !== undefined) return String(Number(k.toPrecision(7)));
  if (b.op === "input") return b.attribute;
  if (b.op === "extent") return `size(${b.attribute})`;
  if (depth === 0) return "…";
  if (b.op === "cast") return formula(b.args[0] as Node, depth);
  const args = b.args.map((a) => formula(a, depth - 1));
  const symbol = symbols[b.op];
  if (symbol) return `(${args.join(` ${symbol} `)})`;
  return b.op === "neg" ? `-${args[0]}` : `${b.op}(${args.join(", ")})`;
}

const TINY = 1e-4;

/** The suspects of a graph, one for each value that is bounded or shifted. */
export function suspectsOf(outputs: readonly Node[]): Suspect[] {
  const clips = new Map<Node, Suspect>();
  const others: Suspect[] = [];
  for (const n of topological(outputs)) {
    if (n.op === "where") {
      const c = compared(n.args[0] as Node);
      if (!c || !reaches(n, c.of)) continue;
      const numbers = [...new Set(c.with)].sort((a, b) => a - b);
      const known = clips.get(c.of);
      const all = [...new Set([...(known?.numbers ?? []), ...numbers])].sort((a, b) => a - b);
      const kind = all.length === 1 && all[0] === 0 ? "kink" : "clip";
      clips.set(c.of, {
        kind,
        node: n,
        without: c.of,
        numbers: all,
        text: `${formula(c.of)} is bounded at ${all.join(" and ")}`,
      });
    }
    if (n.op === "add" || n.op === "sub") {
      const i = n.args.findIndex((a) => Math.abs(constantOf(a) ?? 1) < TINY && constantOf(a) !== 0);
      if (i < 0 || (n.op === "sub" && i === 0)) continue;
      const k = constantOf(n.args[i] as Node) as number;
      const x = n.args[1 - i] as Node;
      if (constantOf(x) !== undefined) continue;
      others.push({ kind: "epsilon", node: n, without: x, numbers: [k], text: `${k} is added to ${formula(x)}` });
    }
  }
  return [...clips.values(), ...others];
}

/** Whether a `where` passes x on in one of its branches, as a bound does. */
function reaches(n: Node, x: Node): boolean {
  const b = bare(n);
  if (b === x) return true;
  return b.op === "where" && b.args.slice(1).some((a) => reaches(a, x));
}

/** The graph with nodes replaced. */
export function replaced(outputs: readonly Node[], by: ReadonlyMap<Node, Node>): Node[] {
  const done = new Map<Node, Node>();
  for (const n of topological(outputs)) {
    const args = n.args.map((a) => done.get(a) as Node);
    const own = args.every((a, i) => a === n.args[i]) ? n : ({ ...n, args } as Node);
    const other = by.get(n);
    done.set(n, other ? (done.get(other) ?? other) : own);
  }
  return outputs.map((o) => done.get(o) as Node);
}
