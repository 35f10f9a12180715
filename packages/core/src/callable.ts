/** Losses as functions that users call: instances of classes, with their options as attributes, and plain functions. */
import { type Callable, isNamed, readGivenOptions } from "./arguments.ts";
import type { Mode } from "./backend.ts";
import { createCallSite } from "./call-site.ts";
import { namesFor, type ResolvedEntry } from "./contract.ts";
import type { Engine } from "./engine.ts";
import { LossError } from "./errors.ts";

/** What an adapter knows of all its losses. */
export interface Style<M extends Mode> {
  readonly engine: Engine<M>;
  /** Whether an input, by its name, is a prediction. */
  isPrediction(name: string): boolean;
  readonly onWarning: ((text: string) => void) | undefined;
}

/** The property under which a function says which loss it calls. */
export const CALLABLE: unique symbol = Symbol.for("isoloss.callable");
/** Something that calls a loss, and says which: what `valueAndGrad` takes. */
export interface Calls<M extends Mode = Mode> {
  readonly [CALLABLE]: Callable<M>;
}

/** A loss of a style as something to call. `given`: the options of an instance. */
export function createCallable<M extends Mode>(
  { engine, isPrediction, onWarning }: Style<M>,
  entry: ResolvedEntry,
  title: string,
  given: Readonly<Record<string, unknown>> = {},
): Callable<M> {
  const { contract, as } = entry;
  const names = namesFor(contract.inputs, as);
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

/** What an adapter makes of a loss: the function that calls it, the methods beside it, and its name where it has one. */
export interface Equipment {
  readonly call: object;
  readonly methods: object;
  readonly name?: string;
}

/** What a style makes of one loss. */
export type MakeLoss<M extends Mode> = (style: Style<M>, entry: ResolvedEntry, title: string) => object;

/** A loss as its entry is called: a class whose instances are functions, or a function. */
export function lossOf<M extends Mode>(
  style: Style<M>,
  entry: ResolvedEntry,
  title: string,
  equip: (callable: Callable<M>) => Equipment,
): object {
  if (entry.as === "function") return functionOf(style, entry, title, equip);
  function Loss(options: unknown = {}): unknown {
    if (!isNamed(options)) throw byName(title, entry, options);
    return Object.setPrototypeOf(functionOf(style, entry, title, equip, options), Loss.prototype);
  }
  Loss.prototype = Object.create(Function.prototype, { ...attributesOf(entry), constructor: { value: Loss } });
  return Object.defineProperty(Loss, "name", { value: title });
}

/** A function that calls a loss, with its defaults unless options are given. */
export function functionOf<M extends Mode>(
  style: Style<M>,
  entry: ResolvedEntry,
  title: string,
  equip: (callable: Callable<M>) => Equipment,
  options?: Readonly<Record<string, unknown>>,
): object {
  const callable = createCallable(style, entry, title, options);
  const { call, methods, name = title } = equip(callable);
  return Object.defineProperties(Object.assign(call, methods), {
    name: { value: name, configurable: true },
    [CALLABLE]: { value: callable },
  });
}

const byName = (title: string, { contract }: ResolvedEntry, given: unknown): LossError =>
  new LossError(
    "option",
    `${title}: options go by name, in one object of { ${Object.keys(contract.options).join(", ")} }, got ${String(given)}`,
  );

/** An attribute for each option of a class, which reads it and sets it. A function's name is its own. */
const attributesOf = ({ contract, as }: ResolvedEntry): PropertyDescriptorMap =>
  Object.fromEntries(
    namesFor(contract.options, as).flatMap((name) => (name === "name" ? [] : [[name, attribute(name)]])),
  );

const attribute = (name: string): PropertyDescriptor & ThisType<Calls> => ({
  configurable: true,
  enumerable: true,
  get() {
    return this[CALLABLE].options[name];
  },
  set(value: unknown) {
    const callable = this[CALLABLE];
    const read = readGivenOptions(callable.entry, { [name]: value });
    callable.options = Object.freeze({ ...callable.options, [name]: read[name] });
  },
});
