/** The cases of the losses: options × layouts × dtypes × reductions, each a program that runs over sizes and values. */
import {
  type AnyLoss,
  type Axis,
  type FloatDType,
  fromNumbers,
  type LossOptions,
  type LossPorts,
  type TypedArray,
} from "@isoloss/core";
import { definitions, lossCases } from "./losses.ts";
import { type Built, type Layout, layoutsOf, lossProgram, type Tail, tails } from "./programs.ts";
import { random, seedOf } from "./random.ts";
import { type Domain, floatValues, labelValues, type Values } from "./values.ts";

/** In the order in which they are tried. */
export const floatTypes: readonly FloatDType[] = ["float32", "float64", "float16", "bfloat16"];

/** One call of a compiled program. */
export interface Run {
  readonly name: string;
  readonly sizes: Readonly<Record<Axis, number>>;
  readonly values: Values;
}
export const run = (outer: number, second: number, C: number, values: Values): Run => ({
  name: `${outer}×${second} C=${C} › ${values}`,
  sizes: { 0: outer, 1: second, C },
  values,
});
const runs: readonly Run[] = [
  run(1, 1, 1, "ordinary"),
  run(5, 2, 3, "ordinary"),
  run(17, 3, 2, "ordinary"),
  run(33, 1, 5, "ordinary"),
  run(2, 2, 40, "ordinary"),
  run(0, 2, 3, "ordinary"),
  run(17, 3, 3, "awkward"),
  run(33, 2, 5, "awkward"),
  run(5, 2, 4, "tied"),
  run(5, 2, 3, "ignored"),
];
const large = run(1030, 2, 3, "ordinary");
const few = runs.filter((r) => r.sizes["0"] === 17 || r.sizes["0"] === 5);

/** One compiled program with its runs. */
export interface LossGroup {
  readonly name: string;
  readonly dtype: FloatDType;
  readonly runs: readonly Run[];
  readonly build: () => Built;
  readonly loss: AnyLoss;
  readonly options: LossOptions;
  readonly domains: Readonly<Record<string, Domain>>;
}

/** Everything that is tried with a loss. */
export function groupsOf(name: string): LossGroup[] {
  const loss = definitions[name] as AnyLoss;
  const { options: tried, domains } = lossCases[name] as (typeof lossCases)[string];
  const optional = Object.values(loss.inputs as LossPorts).some((p) => p.optional);
  const group = (options: LossOptions, all: boolean, layout: Layout, tail: Tail, dtype: FloatDType): LossGroup => ({
    name: `${name} ${JSON.stringify(options)}${all ? " with optional ports" : ""} › ${layout.name} › ${dtype} › ${tail.name}`,
    dtype,
    runs: dtype !== "float32" ? few : tail.name === "mean" ? [...runs, large] : runs,
    build: () => lossProgram(loss, options, all, layout, tail, dtype),
    loss,
    options,
    domains,
  });
  return tried.flatMap((options) =>
    (optional ? [false, true] : [false]).flatMap((all) =>
      layoutsOf(loss).flatMap((layout, l) =>
        tails.flatMap((tail, t) =>
          floatTypes
            .filter((dtype) => dtype === "float32" || (l === 0 && t < 2))
            .map((dtype) => group(options, all, layout, tail, dtype)),
        ),
      ),
    ),
  );
}

/** The data of one run. A name makes its seed, so a case is the same wherever it runs. */
export function feedsOf(
  { loss, options, domains }: LossGroup,
  { program }: Built,
  { name, sizes, values }: Run,
): TypedArray[] {
  const all: LossOptions = { ...loss.options, ...options };
  return program.inputs.map((port) => {
    const r = random(seedOf(`${loss.name} ${port.name} ${name}`));
    const n = port.axes.reduce((m, a) => m * (sizes[a] as number), 1);
    const spec = (loss.inputs as LossPorts)[port.name];
    if (spec?.kind === "labels") {
      const exempt = spec.except === undefined ? undefined : all[spec.except];
      return labelValues(r, n, sizes["C"] as number, typeof exempt === "number" ? exempt : undefined, values);
    }
    if (port.dtype === "bool") return Uint8Array.from({ length: n }, () => r.below(2));
    const domain = domains[port.name] ?? (port.name === "sampleWeight" ? "weight" : "any");
    const own = port.name === "upstream" && values !== "awkward" ? "ordinary" : values;
    return fromNumbers(floatValues(r, n, domain as "any", own), port.dtype);
  });
}
