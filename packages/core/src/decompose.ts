/** Primitives that a backend lacks, written in terms of others: once, here, and not in every backend. */
import { UnsupportedError } from "./errors.ts";
import { type Node, type Op, topological, withArgs } from "./node.ts";
import { add, and, cast, div, eq, iota, log, lt, mul, not, sub, sum, total, where } from "./ops.ts";

type Args = readonly [Node, Node, Node];
/** How a primitive is written with others, keeping its special values (NaN, ±0, ±∞). */
export const decompositions: Readonly<Partial<Record<Op, (args: Args, n: Node) => Node>>> = {
  neg: ([x]) => mul(x, -1),
  abs: ([x]) => where(lt(x, 0), mul(x, -1), where(eq(x, 0), 0, x)),
  sign: ([x]) => where(lt(x, 0), -1, where(lt(0, x), 1, x)),
  // log(u)·(x ⁄ (u − 1)) with u = 1 + x loses nothing near 0 (Kahan).
  log1p: ([x]) => {
    const u = add(x, 1);
    const infinite = eq(u, Number.POSITIVE_INFINITY);
    return where(eq(u, 1), x, where(infinite, u, mul(log(u), div(x, sub(u, 1)))));
  },
  or: ([a, b]) => not(and(not(a), not(b))),
  // Halves as every other sum adds them.
  accumulate: ([x, keep], n) => cast(total(cast(where(keep, x, 0), "float32")), n.dtype),
  pick: ([x, index], n) => {
    if (n.op !== "pick") return n;
    return sum(where(eq(iota(n.attribute), index), x, 0), n.attribute);
  },
};

/** The same graph in the primitives of `has`; refuses what cannot be written with them. */
export function decompose(outputs: readonly Node[], has: ReadonlySet<Op>, backend: string): Node[] {
  const done = new Map<Node, Node>();
  const visit = (roots: readonly Node[]): void => {
    for (const n of topological(roots)) {
      if (done.has(n)) continue;
      const own = withArgs(
        n,
        n.args.map((a) => done.get(a) as Node),
      );
      if (n.op === "custom" || has.has(n.op)) {
        done.set(n, own);
        continue;
      }
      const rule = decompositions[n.op];
      if (!rule) throw new UnsupportedError(`${backend} has no ${n.op}, and it cannot be written with what it has`);
      const written = rule(own.args as unknown as Args, own);
      visit([written]);
      done.set(n, done.get(written) as Node);
    }
  };
  visit(outputs);
  return outputs.map((o) => done.get(o) as Node);
}
