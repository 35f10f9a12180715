/**
 * Rewrites that keep every bit (all NaNs being equal), applied to each node while a program is built. A rule that changed
 * bits would belong in the loss. Each has a name and a reason, so that one can be looked up when a program is read.
 */
import { round } from "./dtype.ts";
import { type Axis, type Node, node } from "./node.ts";
import { rules } from "./rules.ts";

/** Whether it means something for one element alone. */
const isElementwise = (n: Node): boolean => rules[n.op].evaluate !== undefined;
const isConstant = (n: Node | undefined, value?: number): boolean =>
  n?.op === "constant" && (value === undefined || Object.is(n.attribute, value));
const expandTo = (x: Node, axes: readonly Axis[]): Node =>
  x.axes.length === axes.length ? x : node("expand", [x], axes, x.dtype);

/** The node that stands for `n`, or undefined: the rule says nothing about it. Operands are simplified already. */
type Simplification = (n: Node) => Node | undefined;

export const simplifications = {
  /** What has only constants below is computed now, in float64, and rounded once to the node's dtype. */
  fold: (n) => {
    if (!isElementwise(n) || !n.args.every((a) => isConstant(a))) return undefined;
    const value = rules[n.op].evaluate?.(...n.args.map((a) => a.attribute as number)) as number;
    return node("constant", [], [], n.dtype, round[n.dtype](value));
  },
  /** where(true, a, b) is a. */
  decided: (n) => {
    if (n.op !== "where" || !isConstant(n.args[0])) return undefined;
    return expandTo(n.args[n.args[0]?.attribute ? 1 : 2] as Node, n.axes);
  },
  /** where(c, a, a) is a. */
  indifferent: (n) => (n.op === "where" && n.args[1] === n.args[2] ? expandTo(n.args[1] as Node, n.axes) : undefined),
  /** x·1, 1·x, x⁄1 and x−0 are x. (x+0 is not: −0 + 0 is 0.) */
  neutral: (n) => {
    const [a, b] = n.args;
    if ((n.op === "mul" || n.op === "div") && isConstant(b, 1)) return a;
    if (n.op === "mul" && isConstant(a, 1)) return b;
    return n.op === "sub" && isConstant(b, 0) ? a : undefined;
  },
  /** true and x is x; false or x is x; and so on. */
  logic: (n) => {
    if (n.op !== "and" && n.op !== "or") return undefined;
    const i = n.args.findIndex((a) => isConstant(a));
    if (i < 0) return undefined;
    const absorbs = Boolean(n.args[i]?.attribute) === (n.op === "or");
    return expandTo(n.args[absorbs ? i : 1 - i] as Node, n.axes);
  },
  /** −(−x) and not not x are x. */
  twice: (n) =>
    (n.op === "neg" || n.op === "not") && n.args[0]?.op === n.op ? (n.args[0].args[0] as Node) : undefined,
  /** An expansion below an operation whose other operands have the axes anyway says nothing; two in a row are one. */
  expanded: (n) => {
    if (!isElementwise(n) && n.op !== "expand") return undefined;
    if (!n.args.some((a) => a.op === "expand")) return undefined;
    const args = [...n.args];
    for (const [i, a] of args.entries()) {
      if (a.op !== "expand") continue;
      const others = new Set(n.op === "expand" ? n.axes : args.flatMap((o, k) => (k === i ? [] : o.axes)));
      const inner = a.args[0] as Node;
      if (a.axes.every((x) => inner.axes.includes(x) || others.has(x))) args[i] = inner;
    }
    return args.every((a, i) => a === n.args[i]) ? undefined : ({ ...n, args } as Node);
  },
} satisfies Record<string, Simplification>;

const list: readonly Simplification[] = Object.values(simplifications);

/** Applies the rules until none has anything to say. */
export function simplify(n: Node): Node {
  for (const rule of list) {
    const simpler = rule(n);
    if (simpler) return simplify(simpler);
  }
  return n;
}
