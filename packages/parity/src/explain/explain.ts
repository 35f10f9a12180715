/**
 * Why two calls differ: the fields of their records that say different things, and the nodes of their graphs that one has
 * and the other lacks; each is taken away in turn, and its share is how much of the difference goes with it.
 */
import { LossError } from "@isoloss/core";
import { awkwardSample } from "../adversary.ts";
import { evaluate } from "../call/evaluate.ts";
import { argumentsOf } from "../contestants/own.ts";
import { createReferenceEvaluator, type Tensors } from "../evaluate.ts";
import { planTypes } from "../forms.ts";
import { sampleSources } from "../probes.ts";
import { commonSource } from "../run-parity.ts";
import type { LossCall, System } from "../system.ts";
import type { Values } from "../tensor-expression.ts";
import { type Explanation, gap, type Side } from "./explanation.ts";
import { gradientDifference } from "./gradient-difference.ts";
import { graphDifferences, type Run } from "./graph-differences.ts";
import { proportion } from "./proportion.ts";
import { recordDifferences } from "./records.ts";
import { runGraph } from "./run-graph.ts";
import { suspectsOf } from "./suspects.ts";

const nameOf = (s: System): string => `${s.call.profile} ${s.text.replace(/^\S+@\S+\s+/, "")}`;

/** Inputs that both take: typical ones, and awkward ones. */
function inputsFor(a: System, b: System): Tensors[] {
  const { source, assignments } = commonSource([a, b]);
  return Array.from({ length: 60 }, (_, i) => {
    const assignment = assignments[i % assignments.length] as (typeof assignments)[number];
    return i % 2
      ? awkwardSample(source, assignment, i, false).tensors
      : sampleSources(source.form, assignment, i + 1).tensors;
  });
}

/** Differences that are only rounding, and what stands for an infinite one. */
const NOTHING = 1e-6;
const ENORMOUS = 1e6;

const mean = (list: readonly number[]): number => list.reduce((s, x) => s + x, 0) / Math.max(1, list.length);

function runnerOf({ system }: Side): Run {
  return (tensors, contract = system.call.contract, change) => {
    const given = argumentsOf(system, tensors);
    const call: LossCall = { ...system.call, contract };
    try {
      const plan = planTypes(call, given);
      if (!plan) return undefined;
      const outputs = change ? change(plan.outputs, suspectsOf(plan.outputs)) : plan.outputs;
      const values = runGraph(outputs, plan, given);
      if (!system.around) return values;
      const { expression, call: inner } = system.around;
      const value: Values = { dtype: "float32", shape: [values.length], data: values };
      return [...(evaluate(expression, tensors, system.text, (e) => (e === inner ? value : undefined)) as Values).data];
    } catch (e) {
      if (e instanceof TypeError || e instanceof RangeError) return undefined;
      throw e;
    }
  };
}

/** Explains how two systems differ, on given inputs or on inputs of its own. */
export function explain(first: System, other: System, given?: readonly Tensors[]): Explanation {
  const inputs = given ?? inputsFor(first, other);
  const a: Side = { system: first, label: nameOf(first) };
  const b: Side = { system: other, label: nameOf(other) };
  const evaluator = createReferenceEvaluator();
  const runA = runnerOf(a);
  const runB = runnerOf(b);
  const kept = inputs.filter((t) => {
    const x = evaluator.run(first.call, argumentsOf(first, t));
    const y = evaluator.run(other.call, argumentsOf(other, t));
    return !x.refusal && !y.refusal;
  });
  if (kept.length === 0)
    throw new LossError("shape", `no input is taken by both ${a.label} and ${b.label}: their shapes or targets differ`);
  const va = kept.map((t) => runA(t));
  const vb = kept.map((t) => runB(t));
  const gaps = va.map((x, i) => gap(x ?? [], vb[i] ?? []));
  // shares are of what can be measured: inputs on which one side is infinite or NaN count only where there is nothing else
  const measured = gaps.some((g) => Number.isFinite(g) && g > NOTHING)
    ? gaps.map(Number.isFinite)
    : gaps.map(() => true);
  const size = (g: number): number => (Number.isFinite(g) ? g : ENORMOUS);
  const over = (list: readonly number[]): number => mean(list.filter((_, i) => measured[i]).map(size));
  const total = over(gaps);
  /** How much of the difference is gone when one side, or both, are changed. */
  const shareOf = (changedA: Run | undefined, changedB: Run | undefined): number | undefined => {
    if (total <= NOTHING) return undefined;
    const rest = over(
      kept.map((t, i) => gap((changedA ? changedA(t) : va[i]) ?? [], (changedB ? changedB(t) : vb[i]) ?? [])),
    );
    return Math.max(0, Math.min(1, 1 - rest / total));
  };
  const graph = graphDifferences(a, b, kept[0] as Tensors, { runA, runB, shareOf });
  const differences = [
    ...recordDifferences(a, b, kept[0] as Tensors, (contract, of) =>
      of === "other" ? shareOf(undefined, (t) => runB(t, contract)) : shareOf((t) => runA(t, contract), undefined),
    ),
    ...graph.differences,
    ...proportion(a, b, va, vb),
  ];
  const explained = Math.max(graph.together, ...differences.map((d) => d.share ?? 0));
  if (total > NOTHING && explained < 0.95)
    differences.push({
      aspect: "formula",
      text: `what is left: ${a.label} is defined by ${definitionOf(first, kept[0] as Tensors)}, ${b.label} by ${definitionOf(other, kept[0] as Tensors)}`,
      where: `define of ${a.label} and of ${b.label}`,
      share: 1 - explained,
    });
  differences.push(...gradientDifference(a, b, kept));
  return {
    first: a.label,
    other: b.label,
    inputs: kept.length,
    mean: mean(gaps),
    largest: Math.max(...gaps),
    differences: differences.sort((x, y) => (y.share ?? -1) - (x.share ?? -1)),
  };
}

const definitionOf = (system: System, tensors: Tensors): string => {
  const inputs = argumentsOf(system, tensors);
  const { loss } = system.call.contract.define({
    inputs,
    options: system.call.options,
    gradients: [],
    as: system.call.as,
  });
  return `"${loss.name}"`;
};
