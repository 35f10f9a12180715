/** How losses are named, saved and found again: `get`, `serialize`, `deserialize`, `get_config`, `Reduction` of each release, as functions over data. */
import { type Call, holdsIn, LossError, type Options, type OptionValue, type Span } from "@isoloss/core";
import { type EntryName, functionOf, names } from "./names.ts";
import { findEntry, namesOf, versionOf } from "./profiles.ts";

/** A loss by its public name: a class with the options of an instance, or a function. */
export interface Identity {
  readonly name: string;
  readonly as: Call["as"];
  readonly options: Readonly<Record<string, unknown>>;
}
/** What `serialize` makes of a loss: JSON. */
export type Serialized = string | Readonly<Record<string, unknown>>;
/** What `get_config` says of an instance. */
export type Config = Readonly<Record<string, OptionValue>>;

/** How a release saves a loss. */
interface Format extends Span {
  /** The common part of a config, in its order. */
  readonly common: readonly string[];
  /** The options that a config holds besides, by class: none where it is not named; all of any class unless given. */
  readonly own?: Readonly<Partial<Record<EntryName, readonly string[]>>>;
  /** Whether a config names the function. */
  readonly fn?: boolean;
  /** Whether objects carry their module, and functions are objects too. */
  readonly modules: boolean;
  /** Whether an instance without a name is given one. */
  readonly named?: boolean;
  /** The strings that `deserialize` knows: those of `get`, or no aliases. */
  readonly strings: "all" | "canonical";
  /** Whether there is `losses.Reduction`. */
  readonly reductions?: boolean;
  /** How an unknown identifier is refused. */
  unknown(identifier: unknown): string;
}

const crossentropy: readonly string[] = ["from_logits", "label_smoothing", "axis"];
const formats: readonly Format[] = [
  {
    until: "2.13",
    reductions: true,
    common: ["reduction", "name"],
    modules: false,
    strings: "all",
    unknown: (x) =>
      typeof x === "string"
        ? `Unknown loss function: ${x}`
        : `Could not interpret loss function identifier: ${JSON.stringify(x)}`,
  },
  {
    since: "2.13",
    until: "3.0",
    reductions: true,
    common: ["reduction", "name"],
    fn: true,
    modules: true,
    strings: "canonical",
    unknown: (x) =>
      typeof x === "string"
        ? `Unknown loss function: '${x}'`
        : `Could not interpret loss function identifier: ${JSON.stringify(x)}`,
  },
  {
    since: "3.0",
    common: ["name", "reduction"],
    own: {
      BinaryCrossentropy: crossentropy,
      CategoricalCrossentropy: crossentropy,
      SparseCategoricalCrossentropy: ["from_logits", "ignore_class"],
    },
    modules: true,
    named: true,
    strings: "canonical",
    unknown: (x) => `Could not interpret loss identifier: ${typeof x === "string" ? x : JSON.stringify(x)}`,
  },
];
const formatOf = (profile: string): Format => formats.find((format) => holdsIn(format, versionOf(profile))) as Format;

const isEntry = (name: string): name is EntryName => names[name]?.as === "class";
const isObject = (x: unknown): x is Readonly<Record<string, unknown>> =>
  typeof x === "object" && x !== null && !Array.isArray(x);
const notShared: ReadonlySet<string> = new Set(["reduction", "name", "dtype"]);

/** The name that a class gives its instances. */
const defaultName = (entry: EntryName): string => (entry === "Huber" ? "huber_loss" : functionOf(entry));

/** What an instance is called. Keras 3 gives a name also where None is passed. */
export function instanceName(profile: string, entry: EntryName, options: Options): string | null {
  const { name } = options;
  if (name === undefined || (name === null && formatOf(profile).named)) return defaultName(entry);
  return name === null ? null : String(name);
}

/** `get_config()` of an instance. Keras 3 forgets the δ of `Huber`, the axis of `CosineSimilarity`, and every dtype. */
export function configOf(profile: string, entry: EntryName, options: Options): Config {
  const { common, own, fn } = formatOf(profile);
  const shared: Config = {
    name: instanceName(profile, entry, options),
    reduction: options["reduction"],
  };
  const kept = own ? (own[entry] ?? []) : Object.keys(options).filter((option) => !notShared.has(option));
  return {
    ...Object.fromEntries(common.map((key) => [key, shared[key]])),
    ...Object.fromEntries(kept.map((key) => [key, options[key]])),
    ...(fn && { fn: functionOf(entry) }),
  };
}

/** `serialize(loss)`. `config`: the instance's; without it, the function of that name. */
export function serialize(profile: string, name: string, config?: Config): Serialized {
  const { modules } = formatOf(profile);
  const found = names[name];
  if (!found) throw new LossError("unknown-loss", `no loss '${name}' in ${profile}`);
  if (!config) {
    const canonical = functionOf(found.entry);
    return modules
      ? { module: "builtins", class_name: "function", config: canonical, registered_name: "function" }
      : canonical;
  }
  return modules
    ? { module: "keras.losses", class_name: name, config, registered_name: null }
    : { class_name: name, config };
}

/** The options in a config: all but what says which function it is. */
const optionsIn = (config: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(config).filter(([key]) => key !== "fn"));

function fromString(profile: string, text: string, known: (name: string) => boolean): Identity {
  if (!namesOf(profile).includes(text) || !known(text))
    throw new LossError("unknown-loss", formatOf(profile).unknown(text));
  const { entry, as } = findEntry(profile, text);
  return { name: as === "class" ? entry : functionOf(entry as EntryName), as, options: {} };
}

function fromObject(profile: string, object: Readonly<Record<string, unknown>>): Identity {
  const { modules, unknown } = formatOf(profile);
  const { class_name: name, config = modules ? {} : undefined } = object;
  if (typeof name !== "string" || config === undefined)
    throw new LossError("value", `Improper config format: ${JSON.stringify(object)}`);
  if (name === "function" && typeof config === "string") return fromString(profile, config, () => true);
  if (!namesOf(profile).includes(name)) throw new LossError("unknown-loss", unknown(modules ? object : name));
  if (!isEntry(name)) {
    if (modules) return { name, as: "function", options: {} };
    throw new LossError("missing", `${name}() missing 2 required positional arguments: 'y_true' and 'y_pred'`);
  }
  if (!isObject(config)) throw new LossError("value", `Improper config format: ${JSON.stringify(object)}`);
  return { name, as: "class", options: optionsIn(config) };
}

/** `deserialize(config)`: the loss that `serialize` has saved, or that a string names. */
export function deserialize(profile: string, config: unknown): Identity {
  const { strings, unknown } = formatOf(profile);
  if (isObject(config)) return fromObject(profile, config);
  if (typeof config !== "string") throw new LossError("unknown-loss", unknown(config));
  return fromString(profile, config, (name) => strings === "all" || isEntry(name) || isCanonical(name));
}
const isCanonical = (name: string): boolean => Object.values(names).some((n) => functionOf(n.entry) === name);

/** `get(identifier)`: the loss of a name or of a config; None of None. */
export function get(profile: string, identifier: unknown): Identity | null {
  if (identifier === null || identifier === undefined) return null;
  if (isObject(identifier)) return fromObject(profile, identifier);
  if (typeof identifier === "string") return fromString(profile, identifier, () => true);
  throw new LossError("unknown-loss", formatOf(profile).unknown(identifier));
}

const reductions = { AUTO: "auto", NONE: "none", SUM: "sum", SUM_OVER_BATCH_SIZE: "sum_over_batch_size" } as const;

/** `losses.Reduction`, where a release has it. */
export const reductionsOf = (profile: string): Readonly<Record<string, string>> | undefined =>
  formatOf(profile).reductions ? reductions : undefined;
