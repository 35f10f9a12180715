/** What a prediction usually holds, as its graph tells: a loss that takes its logarithm takes probabilities. */
import { type Node, topological } from "@isoloss/core";
import { type Domain, domains } from "./domain.ts";
import { planTypes } from "./forms.ts";
import type { Source } from "./probes.ts";

const linear = new Set<Node["op"]>(["input", "cast", "expand", "custom", "neg", "add", "sub", "sum", "pick"]);

/**
 * Any numbers; probabilities where the graph takes a logarithm of them; logarithms of probabilities where the loss is linear
 * in them. In other domains two losses may agree by coincidence: a hinge is linear where nothing exceeds its margin.
 */
export function usualDomains({ call, form }: Source, prediction: string): readonly Domain[] {
  const outputs = planTypes(call, form.types)?.outputs ?? [];
  const depends = new Set<Node>();
  let isLinear = true;
  let hasLogarithm = false;
  for (const n of topological(outputs)) {
    const [a, b] = n.args.map((x) => depends.has(x));
    if (!(n.op === "input" && n.attribute === prediction) && !n.args.some((x) => depends.has(x))) continue;
    depends.add(n);
    hasLogarithm ||= n.op === "log" || n.op === "log1p";
    const keeps =
      linear.has(n.op) || (n.op === "mul" && !(a && b)) || (n.op === "div" && !b) || (n.op === "where" && !a);
    isLinear &&= keeps;
  }
  const { real, unit, simplex, logSimplex } = domains;
  return [real, ...(hasLogarithm ? [unit, simplex] : []), ...(isLinear ? [logSimplex] : [])];
}
