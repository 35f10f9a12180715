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
import { locationOf, type Tensor, type TensorLike, toTensor } from "./tensor.ts";

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

type Loose = { readonly [K in "data" | "shape" | "dims" | "dtype" | "type"]?: unknown };

/** How one argument came, and the tensor that the kernel's call is given for it. */
class Form {
  readonly name: string;
  /** By position; by name where it is negative. */
  readonly at: number;
  readonly tensor: { -readonly [K in keyof Tensor]: Tensor[K] };
  readonly #isBare: boolean;
  readonly #isShaped: boolean;
  /** The array of a backend that the data was: another one is like it in the same memory, of the same dtype. */
  readonly #buffer: BackendBuffer | undefined;
  readonly #kind: unknown;
  readonly #declared: unknown;
  readonly #length: number;

  constructor(name: string, at: number, given: unknown, read: Tensor) {
    const { shape, dims, dtype, type } = given as Loose;
    this.name = name;
    this.at = at;
    this.tensor = { ...read, shape: [...read.shape], data: NOTHING };
    this.#isBare = given === read.data;
    this.#buffer = ArrayBuffer.isView(read.data) ? undefined : read.data;
    this.#isShaped = (shape ?? dims) !== undefined;
    this.#kind = read.data.constructor;
    this.#declared = dtype ?? type;
    this.#length = read.data.length;
  }

  /** Takes an argument's data if it comes in this form. */
  take(given: unknown): boolean {
    if (typeof given !== "object" || given === null || locationOf(given) !== undefined) return false;
    const data = (this.#isBare ? given : (given as Loose).data) as Feed | undefined;
    if (!data || data.constructor !== this.#kind || data.length !== this.#length) return false;
    if (this.#buffer && !isLikeBuffer(data as BackendBuffer, this.#buffer)) return false;
    if (!this.#isBare) {
      const { dtype, type, shape, dims } = given as Loose;
      if ((dtype ?? type) !== this.#declared) return false;
      const extents = (shape ?? dims) as readonly number[] | undefined;
      if (extents ? !(this.#isShaped && sameShape(extents, this.tensor.shape)) : this.#isShaped) return false;
    }
    this.tensor.data = data;
    return true;
  }
}
const isLikeBuffer = (a: BackendBuffer, b: BackendBuffer): boolean => a.backend === b.backend && a.dtype === b.dtype;
/** Whether a tensor was read without a change: only then may the next one's data be taken as it is. */
const isDirect = (given: unknown, { data }: Tensor): boolean =>
  given === data ||
  (typeof given === "object" && given !== null && locationOf(given) === undefined && (given as Loose).data === data);

/** The last call, as far as the next one may be like it. */
interface Last<M extends Mode> {
  readonly call: SettledCall<M>;
  readonly request: Request;
  readonly count: number;
  readonly forms: readonly Form[];
  /** Options given with the call, all of them plain values; their number with that of the tensors beside them. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly names: number;
  /** The callable's own options then. */
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

  /** Calls the loss. `upstream`: the gradient that flows in; ones without it. */
  run(args: readonly unknown[], upstream?: TensorLike): Eventually<M, Result> {
    if (upstream === undefined && this.#isLikeLast(args)) {
      const { call, request, forms } = this.#last as Last<M>;
      const result = call.run(request); // which has taken the data, also where it gives a promise
      for (let i = 0; i < forms.length; i++) (forms[i] as Form).tensor.data = NOTHING;
      return result;
    }
    return settled(this.#engine, () => {
      const { call, request } = this.#settle(args, upstream);
      return call.run(request) as Result | Promise<Result>;
    });
  }

  /** Plans and compiles a call without running it. */
  prepare(args: readonly unknown[], upstream?: TensorLike): Eventually<M, void> {
    return settled(this.#engine, () => this.#settle(args, upstream).call.prepare() as void | Promise<void>);
  }

  #isLikeLast(args: readonly unknown[]): boolean {
    const last = this.#last;
    if (last === undefined || args.length !== last.count || this.#callable.options !== last.options) return false;
    const { forms } = last;
    for (let i = 0; i < forms.length; i++) {
      const form = forms[i] as Form;
      if (form.at >= 0 && !form.take(args[form.at])) return false;
    }
    if (last.names === 0) return true;
    const named = args[last.count - 1];
    return isNamed(named) && isLikeNamed(named, last);
  }

  #settle(args: readonly unknown[], upstream: TensorLike | undefined): { call: SettledCall<M>; request: Request } {
    const { value = true, gradients, out, output, every } = this.#wanted;
    const callable = this.#callable;
    const split = splitArguments(callable, args);
    const request: Request = {
      ...readSplit(callable, split),
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
    if (upstream === undefined) this.#last = this.#remember(args, split, request, call);
    return { call, request };
  }

  #remember(
    args: readonly unknown[],
    split: SplitArguments,
    request: Request,
    call: SettledCall<M>,
  ): Last<M> | undefined {
    const { names, options } = this.#callable;
    const named = isNamed(args[args.length - 1]) ? (args[args.length - 1] as object) : undefined;
    const positions = named ? args.length - 1 : args.length;
    const forms: Form[] = [];
    for (const [name, given] of Object.entries(split.inputs)) {
      const tensor = request.inputs[name] as Tensor;
      const at = names.indexOf(name);
      // A name in the other spelling, or a tensor that had to be converted: such calls are read each time.
      if (!isDirect(given, tensor) || (at >= positions && !(name in (named as object)))) return undefined;
      forms.push(new Form(name, at < positions ? at : -1, given, tensor));
    }
    const byName = forms.filter((form) => form.at < 0).length + Object.keys(split.options).length;
    if (forms.filter((form) => form.at >= 0).length !== positions || !Object.values(split.options).every(isPlain))
      return undefined;
    if (named && Object.keys(named).length !== byName) return undefined;
    const inputs = Object.fromEntries(forms.map((form) => [form.name, form.tensor]));
    return {
      call,
      request: { ...request, inputs },
      count: args.length,
      forms,
      given: split.options,
      names: byName,
      options,
    };
  }
}

function isLikeNamed(named: Readonly<Record<string, unknown>>, { forms, given, names }: Last<Mode>): boolean {
  let count = 0;
  for (const name in named) {
    count++;
    const form = formNamed(name, forms);
    if (form ? !form.take(named[name]) : !(name in given && Object.is(named[name], given[name]))) return false;
  }
  return count === names;
}
function formNamed(name: string, forms: readonly Form[]): Form | undefined {
  for (let i = 0; i < forms.length; i++) {
    const form = forms[i] as Form;
    if (form.at < 0 && form.name === name) return form;
  }
  return undefined;
}

function withoutGradient(
  { title }: Callable,
  wanted: readonly string[],
  got: readonly { readonly name: string }[],
): LossError {
  const missing = wanted.filter((name) => !got.some((g) => g.name === name));
  return new LossError("gradient", `${title} has no gradient for '${missing.join("', '")}' in this call`);
}
