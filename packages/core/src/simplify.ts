/**
 * Rewrites that keep every bit (all NaNs being equal), applied to each node while a program is built. A rule that changed
 * bits would belong in the loss.
 */
import { type Node, node, type Op, withArgs } from "./node.ts";
import { constant } from "./ops.ts";
import { rules } from "./rules.ts";

const isConstant = (n: Node, value?: number): boolean =>
  n.op === "constant" && (value === undefined || Object.is(n.attribute, value));

/** The other operand of one that changes nothing. */
const beside = (neutral: number, a: Node, b: Node): Node | undefined =>
  isConstant(a, neutral) ? b : isConstant(b, neutral) ? a : undefined;
/** The operand of an operation upon the same. */
const undone = (op: Op, a: Node): Node | undefined => (a.op === op ? a.args[0] : undefined);
const constantOf = (a: Node, b: Node): Node | undefined => [a, b].find((x) => isConstant(x));

/** The operand that a primitive of such operands is equal to, but that it may lack axes. */
export const simplifications: Readonly<Partial<Record<Op, (a: Node, b: Node, c: Node) => Node | undefined>>> = {
  /** where(true, a, b) and where(c, a, a) are a. */
  where: (c, a, b) => (isConstant(c, 0) ? b : isConstant(c) || a === b ? a : undefined),
  /** x·1, 1·x, x⁄1 and x−0 are x. (x+0 is not: −0 + 0 is 0.) */
  mul: (a, b) => beside(1, a, b),
  div: (a, b) => (isConstant(b, 1) ? a : undefined),
  sub: (a, b) => (isConstant(b, 0) ? a : undefined),
  /** true and x is x, false and x is false; and so on. */
  and: (a, b) => beside(1, a, b) ?? constantOf(a, b),
  or: (a, b) => beside(0, a, b) ?? constantOf(a, b),
  /** −(−x) and not not x are x. */
  neg: (a) => undone("neg", a),
  not: (a) => undone("not", a),
};

/** One step towards a simpler node; the node itself where there is none. Its operands are simplified already. */
export function simplify(n: Node): Node {
  const { evaluate } = rules[n.op];
  // What has only constants below is computed now, in float64, and rounded once to the node's dtype.
  if (evaluate && n.args.every((a) => isConstant(a)))
    return constant(evaluate(...n.args.map((a) => a.attribute as number)), n.dtype);
  const same = simplifications[n.op as Op]?.(...(n.args as [Node, Node, Node]));
  if (same) return same.axes.length === n.axes.length ? same : node("expand", [same], n.axes, same.dtype);
  if (!evaluate && n.op !== "expand") return n;
  // An expansion below an operation whose other operands have the axes anyway says nothing; two in a row are one.
  const needless = n.args.findIndex(
    (a, i) =>
      a.op === "expand" &&
      (n.op === "expand" ||
        a.axes.every((x) => a.args[0]?.axes.includes(x) || n.args.some((o, k) => k !== i && o.axes.includes(x)))),
  );
  return withArgs(
    n,
    n.args.map((a, i) => (i === needless ? (a.args[0] as Node) : a)),
  );
}
