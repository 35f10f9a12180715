/** Reverse mode, graph to graph: the gradient of a program is a program. */
import { isFloat } from "./dtype.ts";
import { type Axis, type Node, topological } from "./node.ts";
import { add, constant, expand, neg, sub, sum, where } from "./ops.ts";
import { rules } from "./rules.ts";

/** Gradients of `y` with respect to `wrt`, seeded by `g`. Each has the axes and the dtype of what it differentiates. */
export function grad(y: Node, wrt: readonly Node[], g: Node): Node[] {
  const order = topological([y]);
  const needed = new Set(wrt);
  for (const n of order) if (n.args.some((a) => needed.has(a))) needed.add(n);
  const parts = new Map<Node, Node[]>([[y, [g]]]);
  for (const n of order.reverse()) {
    const own = parts.get(n);
    if (!own || !needed.has(n)) continue;
    const gn = together(own);
    parts.set(n, [gn]);
    rules[n.op].vjp?.(gn, n, ...n.args).forEach((ga, i) => {
      const arg = n.args[i] as Node;
      if (ga && isFloat(arg.dtype) && needed.has(arg)) parts.set(arg, [...(parts.get(arg) ?? []), fit(ga, arg.axes)]);
    });
  }
  return wrt.map((x) => expand(parts.get(x)?.[0] ?? constant(0, x.dtype), x.axes));
}

/** Undoes broadcasting: sums away the axes that the operand never had. */
const fit = (g: Node, axes: readonly Axis[]): Node => expand(sum(g, ...g.axes.filter((a) => !axes.includes(a))), axes);

const isZero = (n: Node): boolean => n.op === "constant" && n.attribute === 0;
function plus(a: Node, b: Node): Node {
  if (isZero(a)) return b;
  if (isZero(b)) return a;
  if (b.op === "neg") return sub(a, b.args[0] as Node);
  if (a.op === "neg") return sub(b, a.args[0] as Node);
  return add(a, b);
}
/**
 * The sum of the contributions to one node, those under one condition first:
 * where(c, g, 0) − where(c, h, 0) + where(c, 0, h) is where(c, g − h, h). This is the gradient's definition, here and not
 * in a backend, so that every backend rounds alike.
 */
function together(parts: readonly Node[]): Node {
  const cases = new Map<Node, readonly Node[]>();
  const rest: Node[] = [];
  for (const p of parts) {
    const negated = p.op === "neg";
    const w = negated ? (p.args[0] as Node) : p;
    const [c, ...branches] = w.args as readonly [Node, ...Node[]];
    if (w.op !== "where") rest.push(p);
    else {
      const own = branches.map((x) => (negated && !isZero(x) ? neg(x) : x));
      cases.set(c, cases.get(c)?.map((x, i) => plus(x, own[i] as Node)) ?? own);
    }
  }
  return [...[...cases].map(([c, [held, failed]]) => where(c, held as Node, failed as Node)), ...rest].reduce(plus);
}
