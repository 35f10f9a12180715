/** A user's own definition as a contract, as far as no framework has a say: its ports are its arguments, its options its options. */
import { broadcastDims, trailing } from "./align.ts";
import type { Mode } from "./backend.ts";
import type { MakeLoss, Style } from "./callable.ts";
import type { Call, Contract, OptionValue, Parameter } from "./contract.ts";
import { type DType, isFloat, promote } from "./dtype.ts";
import { LossError } from "./errors.ts";
import type { AnyLoss, Loss, LossOptions, LossPorts } from "./loss.ts";
import type { Axis } from "./node.ts";
import type { TensorLike } from "./tensor.ts";
import { didYouMean } from "./words.ts";

/** A custom loss's tensors by name. */
export type PortInputs<I extends LossPorts> = {
  readonly [K in keyof I as I[K]["optional"] extends false ? K : never]: TensorLike;
} & { readonly [K in keyof I as I[K]["optional"] extends false ? never : K]?: TensorLike | null | undefined };
/** The ports and the options of a definition. */
export type PortsOf<D> = D extends Loss<infer I, infer _O> ? I : never;
export type DefinitionOptionsOf<D> = D extends Loss<infer _I, infer O> ? Partial<O> : never;
/** The ports that can be differentiated. */
export type FloatPortsOf<D> = {
  [K in keyof PortsOf<D>]: PortsOf<D>[K]["kind"] extends "floats" ? K : never;
}[keyof PortsOf<D>] &
  string;

/** An option of a definition: its type is that of its default. */
function parameter(fallback: LossOptions[string]): Parameter {
  return {
    default: fallback,
    read(value, name) {
      const fits =
        fallback === undefined
          ? ["number", "string", "boolean"].includes(typeof value)
          : typeof value === typeof fallback;
      if (!fits)
        throw new LossError("option", `${name}: expected a ${typeof fallback}, got ${JSON.stringify(value) ?? value}`);
      return value as OptionValue;
    },
  };
}

/** The promotion of the call's floating inputs; float32 where none is. */
export function promotedFloat(call: Call, ports: LossPorts): DType {
  const floats = Object.entries(call.inputs)
    .filter(([name, { dtype }]) => ports[name]?.kind === "floats" && isFloat(dtype))
    .map(([, { dtype }]) => dtype);
  return floats.length ? floats.reduce(promote) : "float32";
}

/** Where the loss's own axes begin in a tensor of this many dimensions, and how many of them it has. */
export type OwnAxes = (rank: number, own: number) => number;

function layoutOf(ports: LossPorts, begin: OwnAxes): Contract["layout"] {
  return ({ inputs }) => {
    const placed = Object.entries(inputs).flatMap(([name, { shape }]) => {
      const own = ports[name]?.own;
      if (!own) return [];
      if (shape.length < own.length)
        throw new LossError(
          "shape",
          `${name} has the axes ${own.join(", ")}, but its shape [${shape.join(", ")}] has too few dimensions`,
        );
      const first = begin(shape.length, own.length);
      return [[name, trailing(shape, Object.fromEntries(own.map((axis: Axis, i) => [first + i, axis])))] as const];
    });
    const outer = placed.map(([name, dims]) => dims.filter((d) => !ports[name]?.own.includes(d.axis)));
    return { ports: Object.fromEntries(placed), value: broadcastDims(...outer) };
  };
}

/** What a definition says by itself. An adapter adds its framework's reductions, weights and dtypes. */
export function contractOfDefinition(definition: AnyLoss, begin: OwnAxes): Omit<Contract, "reduction"> {
  const ports: LossPorts = definition.inputs;
  const names = Object.keys(ports);
  const own = Object.keys(definition.options as LossOptions);
  for (const { axis } of Object.values(ports).filter((p) => p.kind === "labels"))
    if (!Object.values(ports).some((p) => p.own.includes(axis)))
      throw new LossError("option", `${definition.name}: labels into the axis ${axis}, which no port has`);
  return {
    inputs: Object.fromEntries(names.map((name) => [name, { port: name, optional: ports[name]?.optional === true }])),
    options: Object.fromEntries(own.map((name) => [name, parameter((definition.options as LossOptions)[name])])),
    refuses: {},
    layout: layoutOf(ports, begin),
    dtypes(call) {
      const dtype = promotedFloat(call, ports);
      return { compute: dtype, result: dtype };
    },
    gradient: { of: names.filter((name) => ports[name]?.kind === "floats"), refuses: {} },
    define: ({ options }) => ({
      loss: definition,
      options: Object.fromEntries(own.map((name) => [name, options[name]])) as LossOptions,
    }),
  };
}

export interface CustomWanted<W extends string> {
  /** What `valueAndGrad` differentiates unless told otherwise: the first floating port unless given. */
  readonly wrt?: readonly W[];
}

/** What is differentiated of a custom loss unless something else is asked for. */
function predictionsOf(definition: AnyLoss, wrt: readonly string[] | undefined): readonly string[] {
  const ports: LossPorts = definition.inputs;
  const floats = Object.keys(ports).filter((name) => ports[name]?.kind === "floats");
  for (const name of wrt ?? [])
    if (!floats.includes(name))
      throw new LossError("missing", `${definition.name} has no floating port '${name}'.${didYouMean(name, floats)}`);
  return wrt ?? floats.slice(0, 1);
}

/** A definition as a class and as a function of a style. `contract`: what the style says of it. */
export function customOf<M extends Mode>(
  style: Style<M>,
  make: MakeLoss<M>,
  definition: AnyLoss,
  contract: Contract,
  { wrt }: CustomWanted<string> = {},
): { readonly Loss: object; readonly loss: object } {
  const predictions = predictionsOf(definition, wrt);
  const own: Style<M> = { ...style, isPrediction: (name) => predictions.includes(name) };
  const made = (as: Call["as"]) => make(own, { entry: definition.name, contract, as, hint: () => "" }, definition.name);
  return { Loss: made("class"), loss: made("function") };
}
