/** A framework's contract as a record: names, order, defaults, shapes, dtypes, refusals, reductions. It holds no arithmetic. */
import type { Dims } from "./align.ts";
import type { DType } from "./dtype.ts";
import { LossError } from "./errors.ts";
import type { AnyLoss, LossOptions, Terms } from "./loss.ts";
import type { Axis, Node } from "./node.ts";
import type { Division, ReductionKind } from "./reduce.ts";
import type { Tensor, TensorType } from "./tensor.ts";
import { refuseUnknown } from "./words.ts";

/** What an option may hold once it is read. */
export type OptionValue = number | string | boolean | null | undefined | readonly OptionValue[] | Tensor;
export type Options = Readonly<Record<string, OptionValue>>;

/** One call, bound to the contract's parameters. Rules about its signature see types; only rules about values see data. */
export interface Call<T extends TensorType = TensorType> {
  readonly inputs: Readonly<Record<string, T>>;
  readonly options: Options;
  /** The inputs whose gradients are asked for. */
  readonly gradients: readonly string[];
  readonly as: "class" | "function";
}

export type Verdict = LossError | false | undefined | null | "" | 0;
/** Refuses a call by its signature, or says nothing: it is asked once a signature, not once a call. */
export type SignatureRefusal = (call: Call) => Verdict;
/** Refuses a call, or says nothing. */
export type Refusal = SignatureRefusal | ValueRefusal;
/** A refusal that reads data, and so is asked in every call. */
export interface ValueRefusal {
  readonly values: (call: Call<Tensor>) => Verdict;
}
/** Declares a refusal that reads data. */
export const refuseValues = (values: (call: Call<Tensor>) => Verdict): ValueRefusal => ({ values });

/** How one option is read from the caller's value; throws what the framework refuses. */
export interface Parameter<T extends OptionValue = OptionValue> {
  readonly default: T;
  /** The option exists for the class or for the function only. */
  readonly only?: "class" | "function";
  /** The definition's port that a tensor option feeds; that of the option's own name unless given. */
  readonly port?: string;
  /** The option holds a tensor: an array that a caller gives is one. */
  readonly holds?: "tensor";
  /** An integer is not the float of the same value: a bigint is Python's int, a number its float. */
  readonly integers?: true;
  read(value: unknown, name: string): T;
}

/** How the call's tensors lie on axes. */
export interface Layout {
  /** Each port's dimensions. The product of the extents is the length of the tensor's data. */
  readonly ports: Readonly<Record<string, Dims>>;
  /** The dimensions of the unreduced value. */
  readonly value: Dims;
  /** Its shape, where it is not simply the extents of `value`. */
  readonly shape?: readonly number[];
  /** Inputs are repeated over all of these before they are cast: a gradient takes its type before it is summed over them. */
  readonly repeats?: boolean;
}

/** Where the arithmetic rounds. */
export interface CallDTypes {
  /** What the definition's body computes in. */
  readonly compute: DType;
  /** The mean over the named axes; `compute` unless given. */
  readonly mean?: DType;
  /** That mean where there is nothing; NaN unless given. */
  readonly meanOfNothing?: number;
  /** Weighting and reduction; `compute` unless given. */
  readonly tail?: DType;
  /** The value's; what the reduction yields unless given. */
  readonly result?: DType;
  /** Ports that are not cast to `compute`, but to this. Class indices are int32 inside and need not be named. */
  readonly of?: Readonly<Record<string, DType>>;
}

/** An argument that is a tensor: the port that it feeds. `only`: the class or the function has it, the other refuses it. */
export interface Argument {
  readonly port: string;
  readonly optional?: boolean;
  readonly only?: "class" | "function";
}

/** What a contract uses of core: the definition, and its options from the framework's. */
export interface Definition {
  readonly loss: AnyLoss;
  readonly options?: LossOptions;
}

export interface Contract {
  /** The framework's argument → the definition's port. The order of keys is Python's. */
  readonly inputs: Readonly<Record<string, Argument>>;
  /** In Python's order. A tensor option feeds a port. */
  readonly options: Readonly<Record<string, Parameter | undefined>>;
  /** In the framework's order. A row of a later release replaces or deletes one by name. */
  readonly refuses: Readonly<Record<string, Refusal | undefined>>;
  layout(call: Call): Layout;
  dtypes(call: Call): CallDTypes;
  readonly gradient: {
    /** The inputs that the framework differentiates; for others it gives None. */
    readonly of: readonly string[];
    /** What is asked of the inputs to be differentiated, before the gradient that flows in is looked at. */
    readonly requires?: SignatureRefusal;
    /** Refusals of calls that ask for a gradient. */
    readonly refuses: Readonly<Record<string, Refusal | undefined>>;
  };
  define(call: Call): Definition;
  /** What the per-sample loss is of the definition's, which is so over `axes`: `meanOfOwn`, its mean over the named ones. */
  readonly mean?: ((loss: Node, axes: readonly Axis[], dtypes: CallDTypes) => Node) | undefined;
  /** What follows the definition and precedes the division. */
  readonly after?: (terms: Terms, ports: Readonly<Record<string, Node>>, context: AfterContext) => Terms;
  reduction(call: Call, layout: Layout): { readonly kind: ReductionKind; readonly rule: Division };
  /** Texts that the framework warns with, by name. */
  readonly warnings?: Readonly<Record<string, ((call: Call) => string | false | undefined) | undefined>>;
}
export interface AfterContext {
  /** The aligned axes of every port and of the value. */
  readonly axes: Readonly<Record<string, readonly Axis[]>>;
  readonly call: Call;
}

/** A public name of a release: its record there, and how it is called. */
export interface ResolvedEntry {
  /** The record's own name, which class and function share. */
  readonly entry: string;
  readonly contract: Contract;
  readonly as: Call["as"];
  /** Adds to the refusal of an option that another release has. */
  hint(option: string): string;
}

/** The names that a class or a function has, of inputs or of options. */
export const namesFor = (
  of: Readonly<Record<string, { readonly only?: Call["as"] } | undefined>>,
  as: Call["as"],
): string[] => Object.entries(of).flatMap(([name, own]) => (own && (own.only ?? as) === as ? [name] : []));

/** The options of a call, read by the contract's parameters. `hint` may add to the refusal of an unknown one. */
export function readOptions(
  contract: Contract,
  given: Readonly<Record<string, unknown>>,
  as: Call["as"],
  hint?: (name: string) => string,
): Options {
  const names = namesFor(contract.options, as);
  refuseUnknown(given, names, "unexpected keyword argument", hint);
  const read = (name: string): OptionValue => {
    const parameter = contract.options[name] as Parameter;
    return Object.hasOwn(given, name) && given[name] !== undefined
      ? parameter.read(given[name], name)
      : parameter.default;
  };
  return Object.freeze(Object.fromEntries(names.map((name) => [name, read(name)])));
}

/** Binds a call. Refuses unknown and missing inputs. */
export function bindCall(
  contract: Contract,
  inputs: Readonly<Record<string, Tensor>>,
  options: Options,
  gradients: readonly string[],
  as: Call["as"],
): Call<Tensor> {
  const names = namesFor(contract.inputs, as);
  refuseUnknown(inputs, names, "unexpected argument");
  for (const name of names)
    if (!inputs[name] && !contract.inputs[name]?.optional)
      throw new LossError("missing", `missing required argument '${name}'`);
  for (const name of gradients)
    if (!contract.inputs[name]) throw new LossError("missing", `no input '${name}' to differentiate`);
  return { inputs, options, gradients, as };
}

/** Whether an option holds a tensor, or something is the type of one. */
export const isTensor = <T extends OptionValue | TensorType>(value: T): value is Exclude<T, Plain> =>
  typeof value === "object" && value !== null && "shape" in value;
type Plain = Exclude<OptionValue, Tensor>;

/** Asks the refusals that look at the signature; the first that refuses throws. */
export function refuse(refusals: Contract["refuses"], call: Call): void {
  for (const r of Object.values(refusals)) {
    const verdict = typeof r === "function" && r(call);
    if (verdict) throw verdict;
  }
}
/** The refusals that look at values. */
export const valueRefusals = (refusals: Contract["refuses"]): ValueRefusal[] =>
  Object.values(refusals).filter((r): r is ValueRefusal => typeof r === "object");
