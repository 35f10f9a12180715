/** Whether gradients differ where values agree. */
import { topological } from "@isoloss/core";
import { roleOf } from "../contestants/contestant.ts";
import { argumentsOf } from "../contestants/own.ts";
import { createReferenceEvaluator, type Tensors } from "../evaluate.ts";
import { planTypes } from "../forms.ts";
import { type Difference, gap, type Side } from "./explanation.ts";
import { lineOf } from "./graph-differences.ts";

/** Where the values agree and the gradients do not: a kink, a bound, or a rule of the framework's own. */
export function gradientDifference(a: Side, b: Side, inputs: readonly Tensors[]): Difference[] {
  const evaluator = createReferenceEvaluator();
  const of = ({ system }: Side, t: Tensors) => {
    const given = argumentsOf(system, t);
    const name = system.call.contract.gradient.of.find((n) => roleOf(n) === "prediction" || n === "input1");
    if (name === undefined || system.around) return undefined;
    const outcome = evaluator.run(system.call, given, [name]);
    return outcome.refusal ? undefined : { value: outcome.value.data, grad: outcome.grads[name]?.data };
  };
  let seen = 0;
  let example: string | undefined;
  for (const t of inputs) {
    const [x, y] = [of(a, t), of(b, t)];
    if (!x?.grad || !y?.grad || gap(x.value, y.value) > 1e-5) continue;
    const i = x.grad.findIndex((g, k) => Math.abs(g - (y.grad?.[k] ?? 0)) > 1e-4 * Math.max(1, Math.abs(g)));
    if (i < 0) continue;
    seen++;
    example ??= `element ${i} has ${Number(x.grad[i]?.toPrecision(5))} and ${Number(y.grad[i]?.toPrecision(5))}`;
  }
  if (seen === 0) return [];
  const rules = [a, b].flatMap(({ system, label }) => {
    const plan = planTypes(system.call, argumentsOf(system, inputs[0] as Tensors));
    const nodes = topological(plan?.outputs ?? []).filter((n) => n.op === "custom" && n.args.length > 1);
    return nodes.map((n) => `${label}: ${lineOf(plan?.outputs ?? [], n)}`);
  });
  return [
    {
      aspect: "gradient",
      text: `on ${seen} inputs the values agree and the gradients do not: ${example}`,
      where: rules.join("; ") || "the derivatives of both graphs at a kink",
      share: undefined,
    },
  ];
}
