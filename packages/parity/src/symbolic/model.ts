/** A call as a term: its graph read with every tensor a parametrised one, under facts. */
import type { Plan } from "@isoloss/core";
import type { Domain } from "../domain.ts";
import { planTypes } from "../forms.ts";
import type { LossCall } from "../system.ts";
import { elementOf, type TensorExpression, type Types, typeOf } from "../tensor-expression.ts";
import { algebraOf } from "./algebra.ts";
import { type Calculus, createCalculus } from "./calculus.ts";
import type { Facts } from "./facts.ts";
import { readPlan } from "./read.ts";
import type { Term } from "./term.ts";

/** What the tensors of the source call hold. */
export interface Sources {
  readonly types: Types;
  readonly domains: Readonly<Record<string, Domain>>;
  readonly classAxis: Readonly<Record<string, number>>;
}

/** The element of a source tensor as a term. */
function sourceElement(sources: Sources, calculus: Calculus) {
  const algebra = algebraOf(calculus);
  return (name: string, at: readonly Term[]): Term => {
    const type = sources.types[name];
    const domain = sources.domains[name];
    if (!type || !domain) throw new TypeError(`no tensor ${name}`);
    const of = { shape: type.shape, axis: sources.classAxis[name] ?? type.shape.length - 1 };
    return domain.value(at, of, algebra, (i) => calculus.element(name, i));
  };
}

export interface ReadCall {
  /** The value, then the gradients. */
  readonly terms: readonly Term[];
  readonly plan: Plan;
}

/** Reads a call whose tensors are expressions over the sources. `undefined`: its record refuses them. */
export function readCall(
  call: LossCall,
  tensors: Readonly<Record<string, TensorExpression>>,
  sources: Sources,
  facts: Facts,
  gradients: readonly string[] = [],
): ReadCall | undefined {
  const calculus = createCalculus(facts);
  const algebra = algebraOf(calculus);
  const element = sourceElement(sources, calculus);
  const types: Record<string, Types[string]> = {};
  for (const [name, e] of Object.entries(tensors)) {
    const type = typeOf(e, sources.types);
    if (!type) return undefined;
    types[name] = type;
  }
  const plan = planTypes(call, types, gradients);
  if (!plan) return undefined;
  const shapes = new Map(Object.entries(types).map(([n, t]) => [n, t.shape]));
  const numbers = new Set(Object.values(call.options).filter((v) => typeof v === "number"));
  const leaf = (name: string, at: readonly Term[]): Term =>
    elementOf(tensors[name] as TensorExpression, at, sources.types, algebra, element);
  return { terms: readPlan(plan, { shapes, leaf, calculus, numbers }), plan };
}

/** The facts that domains bring along. */
export const factsOf = (sources: Sources): Facts => ({
  ranges: new Map(Object.entries(sources.domains).flatMap(([n, d]) => (d.range ? [[n, d.range] as const] : []))),
  signs: [],
  equal: new Map(),
});
