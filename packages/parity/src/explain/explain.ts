/**
 * Why two calls differ: the fields of their records that say different things, and the nodes of their graphs that one has
 * and the other lacks; each is taken away in turn, and its share is how much of the difference goes with it.
 */
import { type Contract, LossError, type Node, print, topological } from "@isoloss/core";
import { awkwardSample } from "../adversary.ts";
import { evaluate } from "../call/evaluate.ts";
import { roleOf } from "../contestants/contestant.ts";
import { argumentsOf } from "../contestants/own.ts";
import { createReferenceEvaluator, type Tensors } from "../evaluate.ts";
import { planTypes } from "../forms.ts";
import { sampleSources } from "../probes.ts";
import { commonSource } from "../run-parity.ts";
import type { LossCall, System } from "../system.ts";
import type { Values } from "../tensor-expression.ts";
import { recordDifferences } from "./records.ts";
import { runGraph } from "./run-graph.ts";
import { replaced, type Suspect, suspectsOf } from "./suspects.ts";

export type Aspect =
  | "clip"
  | "epsilon"
  | "kink"
  | "denominator"
  | "reduction granularity"
  | "class axis"
  | "argument order"
  | "target form"
  | "sign"
  | "scale"
  | "dtype"
  | "refusal"
  | "gradient"
  | "formula";

/** One difference. */
export interface Difference {
  readonly aspect: Aspect;
  readonly text: string;
  /** The field of the record, or the line of the printed graph, and whose it is. */
  readonly where: string;
  /** How much of the difference on the inputs goes with it, from 0 to 1; undefined where it is not in the numbers. */
  readonly share: number | undefined;
}
export interface Explanation {
  readonly first: string;
  readonly other: string;
  readonly inputs: number;
  /** The mean absolute difference of the values, and the largest. */
  readonly mean: number;
  readonly largest: number;
  readonly differences: readonly Difference[];
}

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

interface Side {
  readonly system: System;
  readonly label: string;
}

/** Differences that are only rounding, and what stands for an infinite one. */
const NOTHING = 1e-6;
const ENORMOUS = 1e6;

/** |a − b|, where two that are not finite alike are no distance apart. */
const gap = (a: readonly number[], b: readonly number[]): number => {
  if (a.length !== b.length) return Infinity;
  const each = a.map((x, i) => {
    const y = b[i] as number;
    if (x === y || (Number.isNaN(x) && Number.isNaN(y))) return 0;
    return Number.isFinite(x - y) ? Math.abs(x - y) : Infinity;
  });
  return each.reduce((s, x) => s + x, 0) / Math.max(1, each.length);
};
const mean = (list: readonly number[]): number => list.reduce((s, x) => s + x, 0) / Math.max(1, list.length);

/** The value of a call under a contract, or undefined: it refuses. */
type Run = (
  tensors: Tensors,
  contract?: Contract,
  change?: (outputs: readonly Node[], suspects: readonly Suspect[]) => Node[],
) => number[] | undefined;
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

interface GraphContext {
  readonly runA: Run;
  readonly runB: Run;
  readonly shareOf: (a: Run | undefined, b: Run | undefined) => number | undefined;
}
const signature = (s: Suspect): string => `${s.kind} ${s.numbers}`;

/** The suspects that only one graph has, and the share of them all together. */
function graphDifferences(
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
function lineOf(outputs: readonly Node[], node: Node): string {
  const at = topological(outputs).indexOf(node);
  return print(outputs).split("\n")[at] ?? "";
}

/** One factor and one offset between the values, on nearly every input. */
function proportion(
  a: Side,
  b: Side,
  va: readonly (number[] | undefined)[],
  vb: readonly (number[] | undefined)[],
): Difference[] {
  const pairs = va.flatMap((v, i) => {
    const w = vb[i];
    return v?.length === 1 && w?.length === 1 && Number.isFinite(v[0]) && Number.isFinite(w[0])
      ? [[v[0] as number, w[0] as number] as const]
      : [];
  });
  const fits = (k: number, c: number): number =>
    pairs.filter(([x, y]) => Math.abs(x - (k * y + c)) <= 1e-3 * Math.max(1e-3, Math.abs(x))).length;
  const [p, q] = pairs.filter(([, y]) => Math.abs(y) > 1e-4);
  if (!p || !q || pairs.length < 4) return [];
  const slope = (p[0] - q[0]) / (p[1] - q[1]);
  const rounded = (x: number): number => Number(x.toPrecision(3));
  const candidates = [
    { k: p[0] / p[1], c: 0 },
    { k: rounded(slope), c: Math.round(p[0] - slope * p[1]) },
  ];
  const found = candidates.find(({ k, c }) => Number.isFinite(k) && k !== 0 && fits(k, c) >= 0.8 * pairs.length);
  if (!found || (Math.abs(found.k - 1) < 1e-3 && found.c === 0)) return [];
  const { k, c } = found;
  const factor = Math.abs(k - 1) < 1e-3 ? "" : `${Number(k.toPrecision(5))} * `;
  return [
    {
      aspect: k < 0 ? "sign" : "scale",
      text: `${a.label} = ${c === 0 ? "" : `${c} + `}${factor}${b.label} on ${fits(k, c)} of ${pairs.length} inputs`,
      where: "values of both graphs",
      share: fits(k, c) / pairs.length,
    },
  ];
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

/** Where the values agree and the gradients do not: a kink, a bound, or a rule of the framework's own. */
function gradientDifference(a: Side, b: Side, inputs: readonly Tensors[]): Difference[] {
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
