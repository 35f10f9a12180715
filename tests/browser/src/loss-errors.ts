/** How far a backend is from the reference on every loss of core: the largest error of value and gradients. */
import { lossCases } from "@isoloss/conformance";
import {
  type AnyLoss,
  type Backend,
  constant,
  fromNumbers,
  grad,
  input,
  type LossOptions,
  type LossPorts,
  type Node,
  type Program,
  program,
  reduce,
  type TypedArray,
  toNumbers,
} from "@isoloss/core";
import * as losses from "@isoloss/core/losses";
import { interpret } from "@isoloss/core/reference";

const sizes = { 0: 64, C: 7 } as const;
type Domain = (typeof lossCases)[string]["domains"][string];

/** Numbers that are nothing special: inside the domain, away from kinks. */
const ordinary: Readonly<Record<Exclude<Domain, "label">, (u: number) => number>> = {
  any: (u) => 8 * u - 4,
  probability: (u) => 0.05 + 0.9 * u,
  "log-probability": (u) => -0.05 - 3 * u,
  positive: (u) => 0.1 + 4 * u,
  sign: (u) => (u < 0.5 ? -1 : 1),
  binary: (u) => (u < 0.5 ? 0 : 1),
  weight: (u) => 0.25 + u,
  distribution: (u) => 0.05 + u,
};
const golden = (i: number): number => (i * 0.6180339887498949) % 1;

function programOf(loss: AnyLoss, options: LossOptions): Program {
  const specs = Object.entries(loss.inputs as LossPorts).filter(([, p]) => !p.optional);
  const hasC = specs.some(([, p]) => p.own.includes("C"));
  const ports = Object.fromEntries(
    specs.map(([name, p]) => [
      name,
      input(name, hasC && p.own.includes("C") ? ["0", "C"] : ["0"], p.kind === "labels" ? "int32" : "float32"),
    ]),
  );
  const terms = loss.build(ports, { ...loss.options, ...options });
  const value = reduce(terms, "mean", ["0"], { by: "count", whenZero: "nan" });
  const wrt = specs.flatMap(([name, p]) => (p.kind === "floats" ? [ports[name] as Node] : []));
  return program([value, ...grad(value, wrt, constant(1, "float32"))], hasC ? ["0", "C"] : ["0"]);
}

function dataOf(p: Program, domains: (typeof lossCases)[string]["domains"]): TypedArray[] {
  return p.inputs.map((port, k) => {
    const n = port.axes.reduce((m, a) => m * sizes[a as "C"], 1);
    const domain = domains[port.name] ?? "any";
    const make = domain === "label" ? (u: number) => Math.floor(u * sizes.C) : ordinary[domain];
    return fromNumbers(
      Array.from({ length: n }, (_, i) => make(golden(i * (k + 1) + 3 * k + 1))),
      port.dtype,
    );
  });
}

/** The largest |difference| over all options of a loss, relative to the largest element of each output. */
export async function largestError(backend: Backend, name: string): Promise<number> {
  const loss = (losses as unknown as Readonly<Record<string, AnyLoss>>)[name] as AnyLoss;
  const { options: tried, domains } = lossCases[name] as (typeof lossCases)[string];
  let largest = 0;
  for (const options of tried) {
    const p = programOf(loss, options);
    const feeds = dataOf(p, domains);
    const extents = p.axes.map((a) => sizes[a as "C"]);
    const kernel = await backend.compile(p);
    const got = await kernel.run(feeds, extents, p.parameters);
    kernel.dispose();
    const wanted = interpret(
      p,
      p.inputs.map((port, i) => toNumbers(feeds[i] as TypedArray, port.dtype)),
      extents,
    );
    for (const [i, w] of wanted.entries()) {
      const scale = w.reduce((m, x) => Math.max(m, Math.abs(x)), 1e-30);
      const have = got[i] as Float32Array;
      for (let k = 0; k < w.length; k++)
        largest = Math.max(largest, Math.abs((have[k] as number) - (w[k] as number)) / scale);
    }
  }
  return largest;
}
/** Names of the losses, as core exports them. */
export const lossNames: readonly string[] = Object.keys(lossCases);
