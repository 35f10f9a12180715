/** Expression graphs: immutable nodes over named axes with a concrete dtype. `cast` is the only place where precision changes. */
import type { DType } from "./dtype.ts";

/**
 * The name of an axis. Axes that mean something to a loss have a capital letter (`C`: class or feature); all others are
 * *outer* and are numbered from the right ("0" is the innermost).
 */
export type Axis = string;
export const isOuter = (axis: Axis): boolean => axis.charCodeAt(0) <= 57; // "9"

/** g and y are the gradient and the value of the node, then its inputs; `null`: no gradient. */
export type GradientRule = (g: Node, y: Node, ...inputs: Node[]) => readonly (Node | null)[];

/** What a node holds besides its operands. */
export interface Attributes {
  readonly input: string; // the port's name
  readonly constant: number;
  readonly parameter: number; // slot in the program's parameter vector
  readonly extent: Axis;
  readonly iota: Axis;
  readonly pick: Axis;
  readonly sum: readonly Axis[];
  readonly max: readonly Axis[];
  readonly accumulate: number; // levels of partial sums
  readonly custom: GradientRule;
}

/** Element by element; operands meet by axis name. */
export const elementwiseOps = [
  ...(["neg", "abs", "sign", "exp", "log", "log1p", "sqrt", "trunc", "not", "cast"] as const),
  ...(["add", "sub", "mul", "div", "lt", "le", "eq", "and", "or", "where"] as const),
] as const;
export type ElementwiseOp = (typeof elementwiseOps)[number];

/** The instruction set that backends implement. (`custom` only carries a gradient rule: programs do not contain it.) */
export type Op =
  | "input"
  | "constant"
  | "parameter"
  | "extent"
  | "iota"
  | "expand"
  | "sum"
  | "max"
  | "accumulate"
  | "pick"
  | ElementwiseOp;

interface NodeOf<K extends Op | "custom"> {
  readonly op: K;
  readonly args: readonly Node[];
  readonly axes: readonly Axis[];
  readonly dtype: DType;
  readonly attribute: K extends keyof Attributes ? Attributes[K] : undefined;
}
export type Node = { [K in Op | "custom"]: NodeOf<K> }[Op | "custom"];
export type Operand = Node | number;

export function node<K extends Op | "custom">(
  op: K,
  args: readonly Node[],
  axes: readonly Axis[],
  dtype: DType,
  attribute?: NodeOf<K>["attribute"],
): Node {
  return { op, args, axes, dtype, attribute } as unknown as Node;
}

/**
 * Every node below `roots`, operands before users; what `stop` holds for is included and not entered. Iterative: gradients of
 * long sums are deep. `T`: a node, or what a backend makes of it.
 */
export function topological<T extends { readonly args: readonly T[] } = Node>(
  roots: readonly T[],
  stop: (n: T) => boolean = () => false,
): T[] {
  const done = new Set<T>();
  const stack: T[] = [...roots].reverse();
  while (stack.length) {
    const n = stack[stack.length - 1] as T;
    const open = done.has(n) || stop(n) ? undefined : n.args.filter((a) => !done.has(a));
    if (open?.length) stack.push(...open.reverse());
    else {
      done.add(n);
      stack.pop();
    }
  }
  return [...done];
}

/** A node with these operands; itself where it has them already. */
export const withArgs = (n: Node, args: readonly Node[]): Node =>
  args.every((a, i) => a === n.args[i]) ? n : ({ ...n, args } as Node);

/** The graph below `roots` with every node, operands first, in the place of which `change` gives another. */
export function rebuild(roots: readonly Node[], change: (n: Node) => Node): Node[] {
  const done = new Map<Node, Node>();
  const of = (n: Node): Node => done.get(n) as Node;
  for (const n of topological(roots)) done.set(n, change(withArgs(n, n.args.map(of))));
  return roots.map(of);
}

/** A node as text, its operands by number: `float32[0,C] exp(%2)`. */
export function lineOf({ op, args, axes, dtype, attribute }: Node, ids: ReadonlyMap<Node, number>): string {
  const shown = typeof attribute === "function" ? undefined : Object.is(attribute, -0) ? "-0" : attribute;
  return `${dtype}[${axes}] ${op}${shown === undefined ? "" : ` ${shown}`}(${args.map((a) => `%${ids.get(a)}`).join(", ")})`;
}
/** A graph as text, one line a node: `%3 = float32[0,C] exp(%2)`. */
export function print(outputs: readonly Node[]): string {
  const ids = new Map<Node, number>();
  const lines = topological(outputs).map((n) => {
    ids.set(n, ids.size);
    return `%${ids.size - 1} = ${lineOf(n, ids)}`;
  });
  return [...lines, `return ${outputs.map((o) => `%${ids.get(o)}`).join(", ")}`].join("\n");
}
