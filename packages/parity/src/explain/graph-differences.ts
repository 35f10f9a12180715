/** What one graph has and the other lacks: each bound and epsilon is taken away in turn, for its share of the difference. */
import { type Contract, type Node, print, topological } from "@isoloss/core";
import { argumentsOf } from "../contestants/own.ts";
import type { Tensors } from "../evaluate.ts";
import { planTypes } from "../forms.ts";
import type { Difference, Side } from "./explanation.ts";
import { replaced, type Suspect, suspectsOf } from "./suspects.ts";

/** The value of a call under a contract, or undefined: it refuses. */
export type Run = (
  tensors: Tensors,
  contract?: Contract,
  change?: (outputs: readonly Node[], suspects: readonly Suspect[]) => Node[],
) => number[] | undefined;
export interface GraphContext {
  readonly runA: Run;
  readonly runB: Run;
  readonly shareOf: (a: Run | undefined, b: Run | undefined) => number | undefined;
}
const signature = (s: Suspect): string => `${s.kind} ${s.numbers}`;

/** The suspects that only one graph has, and the share of them all together. */
export function graphDifferences(
  a: Side,
  b: Side,
  tensors: Tensors,
  { runA, runB, shareOf }: GraphContext,
): { differences: Difference[]; together: number } {
  const graph = ({ system }: Side) => planTypes(system.call, argumentsOf(system, tensors))?.outputs ?? [];
  const [ga, gb] = [graph(a), graph(b)];
  const [sa, sb] = [suspectsOf(ga), suspectsOf(gb)];
  const unmatched = (own: readonly Suspect[], others: readonly Suspect[]): number[] => {
    const left = others.map(signature);
    return own.flatMap((s, i) => {
      const k = left.indexOf(signature(s));
      if (k < 0) return [i];
      left.splice(k, 1);
      return [];
    });
  };
  const ua = unmatched(sa, sb);
  const ub = unmatched(sb, sa);
  const without =
    (run: Run, indices: readonly number[]): Run =>
    (t) =>
      run(t, undefined, (outputs, suspects) =>
        replaced(
          outputs,
          new Map(indices.flatMap((i) => (suspects[i] ? [[suspects[i].node, suspects[i].without] as const] : []))),
        ),
      );
  const all = shareOf(without(runA, ua), without(runB, ub));
  /** Alone, or as the last of all: a bound of one side may only matter where the other's does not act. */
  const best = (mine: "a" | "b", i: number): number | undefined => {
    const own = mine === "a" ? shareOf(without(runA, [i]), undefined) : shareOf(undefined, without(runB, [i]));
    if (own === undefined || all === undefined) return undefined;
    const others = (list: readonly number[]) => list.filter((k) => k !== i);
    const rest =
      mine === "a"
        ? shareOf(without(runA, others(ua)), without(runB, ub))
        : shareOf(without(runA, ua), without(runB, others(ub)));
    return Math.max(own, all - (rest ?? 0));
  };
  const tell = (side: Side, s: Suspect, outputs: readonly Node[], share: number | undefined): Difference => ({
    aspect: s.kind,
    text: `in ${side.label} ${s.text}`,
    where: `${side.label}: ${lineOf(outputs, s.node)}`,
    share,
  });
  const differences = [
    ...ua.map((i) => tell(a, sa[i] as Suspect, ga, best("a", i))),
    ...ub.map((i) => tell(b, sb[i] as Suspect, gb, best("b", i))),
  ];
  return { differences, together: all ?? 0 };
}

/** The line of the printed graph that defines a node. */
export function lineOf(outputs: readonly Node[], node: Node): string {
  const at = topological(outputs).indexOf(node);
  return print(outputs).split("\n")[at] ?? "";
}
