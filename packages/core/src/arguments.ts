/** Reads the arguments of a call as users write them: tensors of any library by position or by name, options by name. */
import type { Mode } from "./backend.ts";
import type { CallSite } from "./call-site.ts";
import { type Call, type Options, type ResolvedEntry, readOptions } from "./contract.ts";
import { isFloat } from "./dtype.ts";
import { LossError } from "./errors.ts";
import type { LossPorts } from "./loss.ts";
import {
  described,
  isTensorObject,
  isUndeclared,
  type Tensor,
  type TensorLike,
  type TensorObject,
  toTensor,
} from "./tensor.ts";
import { didYouMean, inOwnWords } from "./words.ts";

/** A loss that can be called: an instance of a class with its options, or a function with its defaults. */
export interface Callable<M extends Mode = Mode> {
  readonly entry: ResolvedEntry;
  readonly site: CallSite<M>;
  /** What it is called in messages. */
  readonly title: string;
  /** The inputs in order. */
  readonly names: readonly string[];
  /** An instance's options may be set to others of the same contract. */
  options: Options;
  /** The inputs that are predictions: what is differentiated unless something else is asked for. */
  readonly predictions: readonly string[];
  /** Hears of the framework's warnings, each once. */
  warn(text: string): void;
}

/** The arguments of one call, read. */
export interface ReadArguments {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly options: Options;
}
/** The arguments of one call, told apart but not read: a tensor as data and what is said of it, what is none as it came. */
export interface SplitArguments {
  readonly inputs: Readonly<Record<string, TensorObject>>;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Whether a value is an object of named arguments, and no tensor. */
export const isNamed = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !ArrayBuffer.isView(value) &&
  !("data" in value) &&
  !("dataSync" in value);

/** The options of a contract as a caller gives them: either spelling, tensors of any library. */
export function readGivenOptions(
  { contract, as, hint }: ResolvedEntry,
  given: Readonly<Record<string, unknown>>,
): Options {
  const own = inOwnWords(given, (name) => contract.options[name] !== undefined);
  for (const [name, value] of Object.entries(own)) {
    const isArray = Array.isArray(value) && contract.options[name]?.holds === "tensor";
    if (isArray || ArrayBuffer.isView(value) || isTensorObject(value)) own[name] = toTensor(value as TensorLike, name);
  }
  return readOptions(contract, own, as, hint);
}

/** Tells tensors by position, tensors by name and options apart. */
export function splitArguments(callable: Callable, args: readonly unknown[]): SplitArguments {
  const { names, title, entry } = callable;
  const inputs: Record<string, TensorObject> = {};
  const options: Record<string, unknown> = {};
  const last = args[args.length - 1];
  const named = isNamed(last) ? last : {};
  const count = named === last ? args.length - 1 : args.length;
  if (count > names.length)
    throw new LossError(
      "option",
      `${title} takes the tensors (${names.join(", ")}), got ${count}; options go by name, in one object at the end`,
    );
  const give = (name: string, value: unknown): void => {
    inputs[name] = described(value, name) ?? (value as TensorObject);
  };
  for (let i = 0; i < count; i++) if (args[i] !== undefined && args[i] !== null) give(names[i] as string, args[i]);
  const isOption = (name: string): boolean => entry.as === "function" && entry.contract.options[name] !== undefined;
  const own = inOwnWords(named, (name) => names.includes(name) || isOption(name));
  for (const [name, value] of Object.entries(own)) {
    if (value === undefined || (value === null && !isOption(name))) continue;
    if (!names.includes(name)) {
      if (entry.as === "class") throw misplaced(callable, name);
      options[name] = value;
    } else if (inputs[name] === undefined) give(name, value);
    else throw new LossError("option", `${title}: '${name}' is given by position and by name`);
  }
  return { inputs, options };
}

function misplaced({ title, names, entry }: Callable, name: string): LossError {
  const isOption = entry.contract.options[name] !== undefined;
  const more = isOption ? " It is an option of the constructor." : didYouMean(name, names);
  return new LossError("option", `${title}: unexpected argument '${name}'.${more}`);
}

/** The inputs that the call's definition reads as class indices. */
function labelsOf({ contract }: ResolvedEntry, call: Call): string[] {
  let ports: LossPorts;
  try {
    ports = contract.define(call).loss.inputs;
  } catch {
    return []; // a call that is refused; the refusal comes in its turn
  }
  return Object.entries(contract.inputs)
    .filter(([, { port }]) => ports[port]?.kind === "labels")
    .map(([name]) => name);
}

/** Reads the tensors of a call. What has no dtype of its own takes its neighbour's, or is class indices where the loss reads such. */
export function readInputs(
  entry: ResolvedEntry,
  given: SplitArguments["inputs"],
  options: Options,
): Readonly<Record<string, Tensor>> {
  const inputs: Record<string, Tensor> = {};
  const undeclared: string[] = [];
  let numbers: Tensor["dtype"] | undefined; // the float type of the first tensor that has one
  for (const [name, own] of Object.entries(given)) {
    const read = toTensor(own, name);
    inputs[name] = read;
    if (isUndeclared(own)) undeclared.push(name);
    else if (isFloat(read.dtype)) numbers ??= read.dtype;
  }
  if (undeclared.length === 0) return inputs;
  const labels = labelsOf(entry, { inputs, options, gradients: [], as: entry.as });
  for (const name of undeclared)
    inputs[name] = toTensor(given[name] as TensorObject, name, labels.includes(name) ? { labels: true } : { numbers });
  return inputs;
}

/** Reads what was told apart. `own`: the options where none are given with the call. */
export function readSplit({ entry }: Callable, { inputs, options }: SplitArguments, own: Options): ReadArguments {
  const read = entry.as === "class" || Object.keys(options).length === 0 ? own : readGivenOptions(entry, options);
  return { inputs: readInputs(entry, inputs, read), options: read };
}
/** Reads a whole call. */
export const readArguments = (callable: Callable, args: readonly unknown[]): ReadArguments =>
  readSplit(callable, splitArguments(callable, args), callable.options);
