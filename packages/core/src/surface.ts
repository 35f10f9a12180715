/** What the public surfaces of all adapters share: callable instances, their options as attributes, value and gradient. */
import { type Callable, readGivenOptions } from "./arguments.ts";
import type { Eventually, Feed, Mode } from "./backend.ts";
import { createCallSite } from "./call-site.ts";
import type { Options, Parameter, ResolvedEntry } from "./contract.ts";
import type { Engine } from "./engine.ts";
import { LossError } from "./errors.ts";
import { Invocation } from "./invocation.ts";
import type { TensorLike } from "./tensor.ts";
import type { TensorValue } from "./tensor-value.ts";

/** What an adapter knows of all its losses. */
export interface Style<M extends Mode> {
  readonly engine: Engine<M>;
  /** Whether an input, by its name, is a prediction. */
  isPrediction(name: string): boolean;
  readonly onWarning: ((text: string) => void) | undefined;
}

/** A public name with the types of its arguments, of which nothing is there at run time. */
export interface PublicLoss<
  As extends "class" | "function" = "class" | "function",
  Inputs extends readonly unknown[] = readonly unknown[],
  Gradients extends string = string,
  O extends object = object,
> {
  readonly name: string;
  readonly as: As;
  /** The record that holds in a profile. Throws where the release lacks the name. */
  in(profile: string): ResolvedEntry;
  readonly types?: { readonly inputs: Inputs; readonly gradients: Gradients; readonly options: O };
}

const CALLABLE: unique symbol = Symbol.for("isoloss.callable");
/** Something that calls a loss, and says which: what `valueAndGrad` takes. */
export interface Calls<M extends Mode = Mode> {
  readonly [CALLABLE]: Callable<M>;
}
export { CALLABLE };

/** A loss of a style as something to call. `given`: the options of an instance. */
export function createCallable<M extends Mode>(
  { engine, isPrediction, onWarning }: Style<M>,
  entry: ResolvedEntry,
  title: string,
  given: Readonly<Record<string, unknown>> = {},
): Callable<M> {
  const { contract, as } = entry;
  const names = Object.keys(contract.inputs).filter((name) => (contract.inputs[name]?.only ?? as) === as);
  const told = new Set<string>();
  return {
    entry,
    title,
    names,
    site: createCallSite(engine, contract, as),
    options: readGivenOptions(entry, given),
    predictions: names.filter(isPrediction),
    warn(text) {
      if (told.has(text)) return;
      told.add(text);
      onWarning?.(text);
    },
  };
}

/** The prototype of instances that are functions: an attribute for each option, which reads it and sets it. */
export function attributes(entry: ResolvedEntry, methods: object): object {
  const prototype: object = Object.create(Function.prototype, Object.getOwnPropertyDescriptors(methods));
  for (const [name, parameter] of Object.entries(entry.contract.options))
    if (parameter && (parameter.only ?? entry.as) === entry.as && name !== "name")
      Object.defineProperty(prototype, name, attribute(name, parameter));
  return prototype;
}

const attribute = (name: string, parameter: Parameter): PropertyDescriptor & ThisType<Calls> => ({
  configurable: true,
  enumerable: true,
  get() {
    return this[CALLABLE].options[name];
  },
  set(value: unknown) {
    const callable = this[CALLABLE];
    callable.options = Object.freeze({ ...callable.options, [name]: parameter.read(value, name) });
  },
});

/** Makes a function an instance: its class's prototype behind it, its loss inside. */
export function instanceOf<M extends Mode, F extends object>(
  call: F,
  prototype: object,
  callable: Callable<M>,
  name: string,
): F & Calls<M> {
  Object.defineProperty(call, "name", { value: name, configurable: true });
  Object.defineProperty(call, CALLABLE, { value: callable });
  return Object.setPrototypeOf(call, prototype) as F & Calls<M>;
}

/** What `valueAndGrad` may be told. */
export interface ValueAndGradSettings<Names extends string> {
  /** What to differentiate: the keys of `out` unless given, else the predictions. */
  readonly wrt?: readonly Names[];
  /** Arrays that gradients are written to. */
  readonly out?: { readonly [K in Names]?: Feed };
  /** The gradient that flows into the value; ones unless given. */
  readonly upstream?: TensorLike;
}
/** A value with gradients by input. */
export interface ValueAndGrads<Names extends string> {
  readonly value: TensorValue;
  readonly grads: { readonly [K in Names]: TensorValue };
}

/** A function that gives a loss and its gradients. */
export interface ValueAndGrad<M extends Mode, Inputs extends readonly unknown[], Names extends string> {
  (...inputs: Inputs): Eventually<M, ValueAndGrads<Names>>;
  /** Compiles for arguments like these, without running. */
  prepare(...inputs: Inputs): Eventually<M, void>;
}

/** A function that gives the value of a loss and its gradients, one call of a kernel for both. */
export function valueAndGradOf<M extends Mode>(
  engine: Engine<M>,
  loss: Calls<M>,
  settings: ValueAndGradSettings<string> = {},
): ValueAndGrad<M, readonly unknown[], string> {
  const callable = loss?.[CALLABLE];
  if (!callable) throw new LossError("option", "valueAndGrad takes a loss: an instance of a class, or a function");
  const { wrt, out, upstream } = settings;
  const gradients = wrt ?? (out ? Object.keys(out) : callable.predictions);
  for (const name of gradients)
    if (!callable.names.includes(name))
      throw new LossError("missing", `${callable.title} has no input '${name}' to differentiate`);
  const invocation = new Invocation(engine, callable, {
    gradients,
    out: out as Readonly<Record<string, Feed>>,
    every: true,
  });
  const run = (...inputs: readonly unknown[]) => invocation.run(inputs, upstream);
  run.prepare = (...inputs: readonly unknown[]) => invocation.prepare(inputs, upstream);
  return run as ValueAndGrad<M, readonly unknown[], string>;
}

/** The options with which an instance computes, complete. */
export const optionsOf = (loss: Calls): Options => loss[CALLABLE].options;
