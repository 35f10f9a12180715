/** What the fields of two contract records say differently about one call. Each field is tried in the other's place for its share. */
import { type Call, type CallDTypes, type Contract, isOuter, type Layout, type TensorType } from "@isoloss/core";
import { roleOf } from "../contestants/contestant.ts";
import { argumentsOf } from "../contestants/own.ts";
import type { Tensors } from "../evaluate.ts";
import type { Difference, Side } from "./explanation.ts";

/** The share of the difference that goes if one side has another contract. */
export type ShareOf = (contract: Contract, of: "first" | "other") => number | undefined;

interface Said {
  readonly side: Side;
  readonly contract: Contract;
  readonly call: Call;
  readonly layout: Layout;
  readonly reduction: ReturnType<Contract["reduction"]>;
  readonly dtypes: CallDTypes;
}

function saidBy(side: Side, tensors: Tensors): Said {
  const { call: loss } = side.system;
  const given = argumentsOf(side.system, tensors);
  const inputs: Record<string, TensorType> = {};
  for (const name of Object.keys(loss.contract.inputs)) if (given[name]) inputs[name] = given[name];
  const call: Call = { inputs, options: loss.options, gradients: [], as: loss.as };
  const { contract } = loss;
  const layout = contract.layout(call);
  return { side, contract, call, layout, reduction: contract.reduction(call, layout), dtypes: contract.dtypes(call) };
}

const required = (c: Contract): string[] => Object.entries(c.inputs).flatMap(([n, i]) => (i.optional ? [] : [n]));

/** The kind of port that an argument feeds. */
function portKind({ contract, call }: Said, role: string): string | undefined {
  const name = required(contract).find((n) => roleOf(n) === role);
  const port = name === undefined ? undefined : contract.inputs[name]?.port;
  const { loss } = contract.define(call);
  return (loss.inputs as Record<string, { kind: string }>)[port ?? ""]?.kind;
}
/** Where the classes of the prediction lie, counted from the front, and its rank. */
function classAxis({ contract, layout }: Said): { at: number; rank: number } | undefined {
  const name = required(contract).find((n) => roleOf(n) === "prediction");
  const dims = layout.ports[contract.inputs[name ?? ""]?.port ?? ""];
  const at = dims?.findIndex((d) => !isOuter(d.axis)) ?? -1;
  return dims && at >= 0 ? { at, rank: dims.length } : undefined;
}
const whenZero = {
  nan: "NaN where that is 0",
  zero: "0 where that is 0",
  undivided: "the undivided sum where that is 0",
} as const;
const divisor = (by: string | number): string =>
  by === "count" ? "the number of loss elements" : by === "weights" ? "the sum of the weights" : String(by);
const meaning = ({ kind, rule }: Said["reduction"]): string =>
  kind === "mean"
    ? `divides by ${divisor(rule.by)}, ${whenZero[rule.whenZero]}`
    : kind === "sum"
      ? "adds up"
      : "does not reduce";

/** The differences that the records tell. */
export function recordDifferences(first: Side, other: Side, tensors: Tensors, share: ShareOf): Difference[] {
  const a = saidBy(first, tensors);
  const b = saidBy(other, tensors);
  const out: Difference[] = [];
  const both = (field: string): string => `${field} of ${first.label} and of ${other.label}`;

  const [orderA, orderB] = [required(a.contract), required(b.contract)].map((l) => l.map(roleOf).join(", "));
  if (orderA !== orderB)
    out.push({
      aspect: "argument order",
      text: `${first.label} takes (${required(a.contract).join(", ")}), ${other.label} takes (${required(b.contract).join(", ")})`,
      where: both("inputs"),
      share: undefined,
    });
  const [formA, formB] = [portKind(a, "target"), portKind(b, "target")];
  if (formA !== formB && formA && formB)
    out.push({
      aspect: "target form",
      text: `the target of ${first.label} holds ${kindText(formA)}, that of ${other.label} ${kindText(formB)}`,
      where: both("define"),
      share: undefined,
    });
  const [axisA, axisB] = [classAxis(a), classAxis(b)];
  if (axisA && axisB && axisA.at !== axisB.at)
    out.push({
      aspect: "class axis",
      text: `the classes lie on axis ${axisA.at} in ${first.label}, on axis ${axisB.at} in ${other.label}`,
      where: both("layout"),
      share: undefined,
    });
  out.push(...reductionDifferences(a, b, share, both));
  out.push(...dtypeDifferences(a, b, share, both));
  const differentiated = (s: Said): string =>
    s.contract.gradient.of
      .map(roleOf)
      .filter((r) => r === "target" || r === "prediction")
      .sort()
      .join(" and ");
  if (differentiated(a) !== differentiated(b))
    out.push({
      aspect: "gradient",
      text: `${first.label} differentiates by the ${differentiated(a)}, ${other.label} by the ${differentiated(b)}`,
      where: both("gradient.of"),
      share: undefined,
    });
  return out;
}
const kindText = (kind: string): string =>
  kind === "labels" ? "class indices" : "a number for every element of the prediction";

function reductionDifferences(a: Said, b: Said, share: ShareOf, both: (field: string) => string): Difference[] {
  const out: Difference[] = [];
  const [ra, rb] = [a.reduction, b.reduction];
  const differs =
    ra.kind !== rb.kind || (ra.kind === "mean" && (ra.rule.by !== rb.rule.by || ra.rule.whenZero !== rb.rule.whenZero));
  if (differs)
    out.push({
      aspect: "denominator",
      text: `${a.side.label} ${meaning(ra)}; ${b.side.label} ${meaning(rb)}`,
      where: both("reduction"),
      share: share({ ...b.contract, reduction: () => ra }, "other"),
    });
  if (a.contract.mean !== b.contract.mean) {
    const [per, whole] = a.contract.mean ? [a, b] : [b, a];
    out.push({
      aspect: "reduction granularity",
      text: `${per.side.label} first takes the mean over the last axis, one number a sample; ${whole.side.label} keeps one a element`,
      where: both("mean"),
      share: share({ ...b.contract, mean: a.contract.mean }, "other"),
    });
  }
  return out;
}

function dtypeDifferences(a: Said, b: Said, share: ShareOf, both: (field: string) => string): Difference[] {
  const said = (s: Said): string => {
    const { compute, tail = compute, result = tail } = s.dtypes;
    return `computes in ${compute}, reduces in ${tail}, gives ${result}`;
  };
  if (said(a) === said(b)) return [];
  return [
    {
      aspect: "dtype",
      text: `${a.side.label} ${said(a)}; ${b.side.label} ${said(b)}`,
      where: both("dtypes"),
      share: share({ ...b.contract, dtypes: () => a.dtypes }, "other"),
    },
  ];
}
