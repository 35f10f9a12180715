/**
 * Rewrites that keep every bit (all NaNs being equal), applied to each node while a program is built. A rule that changed
 * bits would belong in the loss.
 */
import { type Node, node, type Op, withArgs } from "./node.ts";
import { constant } from "./ops.ts";
import { rules } from "./rules.ts";

const isConstant = (n: Node): boolean => n.op === "constant";
const is = (n: Node, value: number): boolean => isConstant(n) && Object.is(n.attribute, value);

/** The operand that a primitive of such operands is equal to, but that it may lack axes. */
export const simplifications: Readonly<Partial<Record<Op, (a: Node, b: Node, c: Node) => Node | undefined>>> = {
  /** where(true, a, b) and where(c, a, a) are a. */
  where: (c, a, b) => (is(c, 0) ? b : isConstant(c) || a === b ? a : undefined),
  /** x·1, 1·x, x⁄1 and x−0 are x. (x+0 is not: −0 + 0 is 0.) */
  mul: (a, b) => (is(b, 1) ? a : is(a, 1) ? b : undefined),
  div: (a, b) => (is(b, 1) ? a : undefined),
  sub: (a, b) => (is(b, 0) ? a : undefined),
  /** true and x is x, false and x is false; and so on. */
  and: (a, b) => (is(a, 0) || is(b, 1) ? a : is(a, 1) || is(b, 0) ? b : undefined),
  or: (a, b) => (is(a, 1) || is(b, 0) ? a : is(a, 0) || is(b, 1) ? b : undefined),
  /** −(−x) and not not x are x. */
  neg: (a) => (a.op === "neg" ? a.args[0] : undefined),
  not: (a) => (a.op === "not" ? a.args[0] : undefined),
};

/** One step towards a simpler node; the node itself where there is none. Its operands are simplified already. */
export function simplify(n: Node): Node {
  const { evaluate } = rules[n.op];
  // What has only constants below is computed now, in float64, and rounded once to the node's dtype.
  if (evaluate && n.args.every(isConstant))
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
