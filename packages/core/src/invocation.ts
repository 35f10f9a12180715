/**
 * One way to call a loss again and again: with or without the value, with these gradients. Where the arguments come in the
 * form in which they came last time, nothing is read and nothing is looked up: their data goes to the kernel that ran last.
 */
import { sameShape } from "./align.ts";
import { type Callable, isNamed, readSplit, type SplitArguments, splitArguments } from "./arguments.ts";
import type { BackendBuffer, Eventually, Feed, Mode } from "./backend.ts";
import type { Request, Result, SettledCall } from "./call-site.ts";
import type { Options } from "./contract.ts";
import { type Engine, settled } from "./engine.ts";
import { LossError } from "./errors.ts";
import { described, type Tensor, type TensorLike, type TensorObject, toTensor } from "./tensor.ts";

/** What is wanted of each call. */
export interface WantedOfCalls {
  /** Whether the value is; true unless said otherwise. */
  readonly value?: boolean;
  readonly gradients: readonly string[];
  /** Arrays that gradients are written to, by input. */
  readonly out?: Readonly<Record<string, Feed>> | undefined;
  /** "gpu": the backend keeps the other gradients where its kernels run. */
  readonly output?: "gpu" | undefined;
  /** Refuses a call whose gradients the framework does not all have, instead of leaving them out. */
  readonly every?: boolean;
}

/** What a form holds between calls. */
const NOTHING = new Float32Array(0);

/** What an array holds: one of a backend says it, another is of a type that does. */
const heldIn = (data: BackendBuffer): unknown => data.dtype ?? data.constructor;

/** How one argument came, and the tensor that the kernel's call is given for it. */
interface Form {
  readonly name: string;
  /** By position; by name where it is undefined. */
  readonly at: number | undefined;
  readonly tensor: { -readonly [K in keyof Tensor]: Tensor[K] };
  /** Takes an argument's data if it comes in this form. */
  take(given: unknown): boolean;
}
/** It holds no data. Arrays of a backend are alike in the same memory, of the same dtype. */
function formOf(name: string, at: number | undefined, { data, dtype, type }: TensorObject, read: Tensor): Form {
  const { backend, length } = data as BackendBuffer;
  const held = heldIn(data as BackendBuffer);
  const shape = [...read.shape];
  const tensor: Form["tensor"] = { ...read, shape, data: NOTHING };
  return {
    name,
    at,
    tensor,
    take(given) {
      const own = described(given, name);
      const next = own?.data as BackendBuffer;
      const isLike =
        own !== undefined &&
        heldIn(next) === held &&
        next.length === length &&
        next.backend === backend &&
        own.dtype === dtype &&
        own.type === type &&
        sameShape(own.shape ?? own.dims ?? [length], shape);
      if (isLike) tensor.data = next;
      return isLike;
    },
  };
}

/** The last call, as far as the next one may be like it. */
interface Last<M extends Mode> {
  readonly call: SettledCall<M>;
  readonly request: Request;
  readonly count: number;
  readonly forms: readonly Form[];
  /** The number of arguments by name, where the last argument holds such. */
  readonly names: number | undefined;
  /** The options among them, all of them plain values. */
  readonly given: readonly (readonly [name: string, value: unknown])[];
  /** The loss's own options then. */
  readonly options: Options;
}

const isPlain = (value: unknown): boolean => typeof value !== "object" || value === null;

/** Calls one loss in one way. */
export class Invocation<M extends Mode> {
  readonly #engine: Engine<M>;
  readonly #callable: Callable<M>;
  readonly #wanted: WantedOfCalls;
  #last: Last<M> | undefined;

  constructor(engine: Engine<M>, callable: Callable<M>, wanted: WantedOfCalls) {
    this.#engine = engine;
    this.#callable = callable;
    this.#wanted = wanted;
  }

  /** Calls the loss. `upstream`: the gradient that flows in; ones without it. `options`: in place of the callable's own. */
  run(args: readonly unknown[], upstream?: TensorLike, options = this.#callable.options): Eventually<M, Result> {
    // As `settled` does it, without a closure for each call of a synchronous backend.
    return this.#engine.backend.mode === "sync"
      ? (this.#start(args, options, upstream) as Eventually<M, Result>)
      : settled(this.#engine, () => this.#start(args, options, upstream));
  }
  #start(args: readonly unknown[], options: Options, upstream: TensorLike | undefined): Result | Promise<Result> {
    const last = upstream === undefined ? this.#likeLast(args, options) : undefined;
    const { call, request, forms } = last ?? this.#settle(args, options, upstream);
    const result = call.start(request); // which has taken the data, also where it is a promise
    for (let i = 0; i < forms.length; i++) (forms[i] as Form).tensor.data = NOTHING;
    return result;
  }

  /** Plans and compiles a call without running it. */
  prepare(args: readonly unknown[], upstream?: TensorLike): Eventually<M, void> {
    return settled(
      this.#engine,
      () => this.#settle(args, this.#callable.options, upstream).call.prepare() as void | Promise<void>,
    );
  }

  /** The last call with the data of these arguments, where they come in the form in which they came then. */
  #likeLast(args: readonly unknown[], options: Options): Last<M> | undefined {
    const last = this.#last;
    if (last === undefined || args.length !== last.count || options !== last.options) return undefined;
    const { forms, names, given } = last;
    const named = (names === undefined ? undefined : args[last.count - 1]) as Readonly<Record<string, unknown>>;
    if (names !== undefined && !(isNamed(named) && Object.keys(named).length === names)) return undefined;
    for (let i = 0; i < forms.length; i++) {
      const form = forms[i] as Form;
      if (!form.take(form.at === undefined ? named[form.name] : args[form.at])) return undefined;
    }
    for (const [name, value] of given) if (!Object.is(named[name], value)) return undefined;
    return last;
  }

  #settle(
    args: readonly unknown[],
    options: Options,
    upstream: TensorLike | undefined,
  ): Pick<Last<M>, "call" | "request" | "forms"> {
    const { value = true, gradients, out, output, every } = this.#wanted;
    const callable = this.#callable;
    const split = splitArguments(callable, args);
    const request: Request = {
      ...readSplit(callable, split, options),
      value,
      gradients,
      out,
      output,
      upstream: upstream === undefined ? undefined : toTensor(upstream, "upstream", { numbers: "float64" }),
    };
    const call = callable.site.settle(request);
    const { plan } = call;
    if (every && !call.refusal && plan.gradients.length < gradients.length)
      throw withoutGradient(callable, gradients, plan.gradients);
    for (const text of plan.warnings) callable.warn(text);
    if (upstream === undefined) this.#last = this.#remember(args, options, split, request, call);
    return { call, request, forms: [] };
  }

  /** Where every tensor's data is used as it came, the next call's may be taken as it is. */
  #remember(
    args: readonly unknown[],
    options: Options,
    { inputs, options: ownOptions }: SplitArguments,
    request: Request,
    call: SettledCall<M>,
  ): Last<M> | undefined {
    const { names } = this.#callable;
    const named = args[args.length - 1];
    const own = isNamed(named) ? Object.keys(named).length : undefined;
    const positions = own === undefined ? args.length : args.length - 1;
    const read = Object.entries(request.inputs);
    const given = Object.entries(ownOptions);
    const isAll = read.length + given.length === positions + (own ?? 0);
    if (!isAll || !given.every(([, value]) => isPlain(value))) return undefined;
    if (!read.every(([name, { data }]) => data === inputs[name]?.data)) return undefined;
    const forms = read.map(([name, tensor]) => {
      const i = names.indexOf(name);
      return formOf(name, i < positions ? i : undefined, inputs[name] as TensorObject, tensor);
    });
    const tensors = Object.fromEntries(forms.map(({ name, tensor }) => [name, tensor]));
    return { call, request: { ...request, inputs: tensors }, count: args.length, forms, names: own, given, options };
  }
}

function withoutGradient(
  { title }: Callable,
  wanted: readonly string[],
  got: readonly { readonly name: string }[],
): LossError {
  const missing = wanted.filter((name) => !got.some((g) => g.name === name));
  return new LossError("gradient", `${title} has no gradient for '${missing.join("', '")}' in this call`);
}
