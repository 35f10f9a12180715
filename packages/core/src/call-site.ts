/** The hot half of a call: plans remembered by signature, and the data of each call through their kernels. */
import { sameShape, showShape, volumeOf } from "./align.ts";
import {
  type Backend,
  type Eventually,
  type Feed,
  isElsewhere,
  type Kernel,
  type Mode,
  type Outputs,
} from "./backend.ts";
import { bindCall, type Call, type Contract, type Options, type OptionValue } from "./contract.ts";
import { decompose } from "./decompose.ts";
import { storage } from "./dtype.ts";
import { andThen, type Engine, type Held } from "./engine.ts";
import { LossError, UnsupportedError } from "./errors.ts";
import { checkLabels, type Plan, planCall, type Source, UPSTREAM } from "./plan.ts";
import { type Program, program } from "./program.ts";
import type { Tensor, TensorType } from "./tensor.ts";
import { TensorValue } from "./tensor-value.ts";

/** What comes out of a call. */
export interface Result {
  readonly value: TensorValue | undefined;
  readonly grads: Readonly<Record<string, TensorValue>>;
  readonly warnings: readonly string[];
}

/** What goes into one. */
export interface Request {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly options: Options;
  /** The inputs to differentiate. */
  readonly gradients: readonly string[];
  readonly upstream?: Tensor | undefined;
  /** Whether the value is wanted; true unless said otherwise. */
  readonly value?: boolean;
  /** Arrays that gradients are written to, by input. */
  readonly out?: Readonly<Record<string, Feed>> | undefined;
  /** "gpu": the backend keeps the other gradients where its kernels run. */
  readonly output?: "gpu" | undefined;
}

/** A call whose signature is settled: what remains is data. */
export interface SettledCall<M extends Mode> {
  readonly plan: Plan;
  readonly program: Program;
  /** Sizes of the program's axes. */
  readonly extents: readonly number[];
  /** Runs a request that has this call's signature, which is not looked at again. */
  run(request: Request): Eventually<M, Result>;
  /** Compiles without running. */
  prepare(): Eventually<M, void>;
}

/** Where calls of one entry go through. It remembers the plans of its last signatures. */
export interface CallSite<M extends Mode> {
  run(request: Request): Eventually<M, Result>;
  /** Plans and compiles without running. */
  prepare(request: Request): Eventually<M, void>;
  /** The plan of a call. Throws the framework's refusals of its signature. */
  settle(request: Request): SettledCall<M>;
}

const sameType = (a: TensorType | undefined, b: TensorType | undefined): boolean =>
  a === b ||
  (a !== undefined && b !== undefined && a.dtype === b.dtype && a.weak === b.weak && sameShape(a.shape, b.shape));
const isTypeLike = (v: OptionValue): v is Tensor => typeof v === "object" && v !== null && "shape" in v;

function sameOptions(a: Options, b: Options): boolean {
  if (a === b) return true;
  for (const name in a) {
    const x = a[name];
    const y = b[name];
    if (Object.is(x, y)) continue;
    if (!isTypeLike(x) || !isTypeLike(y) || !sameType(x, y)) return false;
  }
  return true; // both come from one contract and have the same names
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** What is remembered of a tensor: neither its data nor its user's own list of sizes. */
const typeOf = ({ dtype, shape, weak }: Tensor): TensorType => ({
  dtype,
  shape: Object.freeze([...shape]),
  ...(weak !== undefined && { weak }),
});

const withoutUndefined = (inputs: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>> =>
  Object.values(inputs).includes(undefined as unknown as Tensor)
    ? Object.fromEntries(Object.entries(inputs).filter(([, t]) => t !== undefined))
    : inputs;

const tensorOf = (name: string, request: Request): Tensor =>
  (name === UPSTREAM ? request.upstream : (request.inputs[name] ?? request.options[name])) as Tensor;

/** Refuses an array that cannot hold a gradient. */
function checkOutput(out: Feed, { name, dtype, shape }: Plan["gradients"][number]): void {
  if (out.length !== volumeOf(shape))
    throw new LossError(
      "shape",
      `out.${name} has ${out.length} elements, the gradient of '${name}' has shape ${showShape(shape)}`,
    );
  const fits = ArrayBuffer.isView(out) ? out instanceof storage[dtype] : out.dtype === dtype;
  if (!fits) throw new LossError("dtype", `out.${name} must be a ${storage[dtype].name}: '${name}' is ${dtype}`);
}

/** A tensor that lies where a backend's kernels run, as its buffer. */
function adopted(feed: Feed, name: string, backend: Backend): Feed {
  if (!isElsewhere(feed)) return feed;
  if (backend.adopt) return backend.adopt(feed.tensor).data;
  throw new UnsupportedError(
    `${name}: its data is in a ${feed.backend}, out of reach of ${backend.name}: use a backend that runs there, ` +
      "which takes it by backend.adopt(tensor), or give what the tensor's getData() resolves to",
  );
}

/** Room for a gradient where the backend's kernels run. */
function roomFor(backend: Backend, { dtype, shape }: Plan["gradients"][number]): Feed {
  const room = backend.alloc?.(dtype, shape);
  if (room && room.data === undefined) return room;
  room?.dispose();
  throw new UnsupportedError(`${backend.name} keeps no gradients on a GPU: leave 'output' out, or use onnx:webgpu`);
}

class Settled<M extends Mode> implements SettledCall<M> {
  readonly plan: Plan;
  readonly program: Program;
  readonly extents: readonly number[];
  readonly #engine: Engine<M>;
  readonly #call: Call;
  readonly #upstream: TensorType | undefined;
  /** Every tensor of the call, and its place among the program's inputs (−1: the program does not need it). */
  readonly #sources: readonly { readonly source: Source; readonly index: number }[];
  #held: Held<M> | undefined;

  constructor(engine: Engine<M>, contract: Contract, as: Call["as"], request: Request) {
    const { upstream, value = true } = request;
    const { primitives, name } = engine.backend;
    this.#engine = engine;
    this.#upstream = upstream && typeOf(upstream);
    const bound = bindCall(contract, withoutUndefined(request.inputs), request.options, request.gradients, as);
    const types = Object.entries(bound.inputs).map(([name, tensor]) => [name, typeOf(tensor)] as const);
    this.#call = { ...bound, inputs: Object.fromEntries(types) };
    this.plan = planCall(contract, this.#call, { value, ...(this.#upstream && { upstream: this.#upstream }) });
    const p = program(decompose(this.plan.outputs, primitives, name), this.plan.axes);
    this.program = p;
    this.extents = p.axes.map((a) => this.plan.extents.get(a) as number);
    this.#sources = [...this.plan.sources.values()]
      .map((source) => ({ source, index: p.inputs.findIndex((port) => port.name === source.name) }))
      .filter(({ source, index }) => index >= 0 || source.labels);
  }

  hasSignature(request: Request): boolean {
    const { inputs, options } = this.#call;
    if ((this.plan.value !== undefined) !== (request.value ?? true)) return false;
    if (!sameType(this.#upstream, request.upstream)) return false;
    if (!sameNames(this.#call.gradients, request.gradients)) return false;
    for (const name in inputs) if (!sameType(inputs[name], request.inputs[name])) return false;
    for (const name in request.inputs)
      if (request.inputs[name] !== undefined && inputs[name] === undefined) return false;
    return sameOptions(options, request.options);
  }

  /** The kernel, held by the engine for as long as it is used. */
  #kernel(): Kernel<M> | Promise<Kernel<M>> {
    if (this.#held?.live) this.#held.used = true;
    else this.#held = this.#engine.hold(this.program);
    return this.#held.kernel as Kernel<M> | Promise<Kernel<M>>;
  }

  /** The data of each of the program's inputs. Refuses what only the data shows; puts checks that take time in `checks`. */
  #feeds(request: Request, checks: (() => Promise<void>)[]): Feed[] {
    const { backend } = this.#engine;
    const { refusals } = this.plan;
    if (refusals.length) {
      const call = { ...this.#call, inputs: withoutUndefined(request.inputs), options: request.options };
      for (const refusal of refusals) {
        const verdict = refusal.values(call);
        if (verdict) throw verdict;
      }
    }
    const feeds: Feed[] = [];
    for (const { source, index } of this.#sources) {
      const tensor = tensorOf(source.name, request);
      const feed = adopted(source.convert(tensor.data), source.name, backend);
      const isOutOfReach = !ArrayBuffer.isView(feed) && feed.data === undefined;
      if (!isOutOfReach) checkLabels(source, feed, tensor);
      else if (source.labels && backend.validate === "read")
        checks.push(() => feed.read().then((indices) => checkLabels(source, indices, tensor)));
      if (index >= 0) feeds[index] = feed;
    }
    return feeds;
  }

  #outputs({ out }: Request): (Feed | undefined)[] | undefined {
    if (!out) return undefined;
    const outputs: (Feed | undefined)[] = this.plan.value ? [undefined] : [];
    for (const gradient of this.plan.gradients) {
      const array = out[gradient.name];
      if (array) checkOutput(array, gradient);
      outputs.push(array);
    }
    return outputs;
  }

  /** All that can be refused is refused before anything is computed. */
  start(request: Request): Result | Promise<Result> {
    const checks: (() => Promise<void>)[] = [];
    const feeds = this.#feeds(request, checks);
    const outputs = this.#outputs(request);
    const run = (k: Kernel<M>) => this.#run(k, feeds, request.output ? this.#rooms(outputs) : outputs);
    const kernel = this.#kernel();
    if (checks.length) return this.#checked(kernel, checks).then(run);
    return kernel instanceof Promise ? kernel.then(run) : run(kernel);
  }

  /** The kernel, when data was read back and checked. A backend may need a kernel to read; it may let go of it meanwhile. */
  async #checked(kernel: Kernel<M> | Promise<Kernel<M>>, checks: readonly (() => Promise<void>)[]): Promise<Kernel<M>> {
    await kernel;
    await Promise.all(checks.map((check) => check()));
    return this.#kernel();
  }

  /** Makes room for the gradients that the caller gave none for. */
  #rooms(outputs: (Feed | undefined)[] = []): (Feed | undefined)[] {
    const first = this.plan.value ? 1 : 0;
    const rooms = this.plan.gradients.map((g, i) => outputs[first + i] ?? roomFor(this.#engine.backend, g));
    return first ? [undefined, ...rooms] : rooms;
  }

  #run(kernel: Kernel<M>, feeds: Feed[], outputs: (Feed | undefined)[] | undefined): Result | Promise<Result> {
    const { plan, extents } = this;
    const data = kernel.run(feeds, extents, this.program.parameters, outputs) as Outputs | Promise<Outputs>;
    return data instanceof Promise ? data.then((d) => resultOf(plan, d)) : resultOf(plan, data);
  }

  run(request: Request): Eventually<M, Result> {
    return this.#engine.backend.mode === "sync"
      ? (this.start(request) as Eventually<M, Result>)
      : settled(this.#engine, () => this.start(request));
  }
  prepare(): Eventually<M, void> {
    return settled(this.#engine, () => andThen(this.#kernel(), () => {}));
  }
}

function resultOf(plan: Plan, data: readonly Feed[]): Result {
  const { value, gradients, warnings } = plan;
  const first = value ? 1 : 0;
  const grads: Record<string, TensorValue> = {};
  for (let i = 0; i < gradients.length; i++) {
    const { name, dtype, shape } = gradients[i] as Plan["gradients"][number];
    grads[name] = new TensorValue(dtype, shape, data[first + i] as Feed);
  }
  return { value: value && new TensorValue(value.dtype, value.shape, data[0] as Feed), grads, warnings };
}

/** A promise-making backend makes refusals rejections, so that a caller has one way to meet them. */
export const settled = <M extends Mode, T>(engine: Engine<M>, action: () => T | Promise<T>): Eventually<M, T> =>
  engine.backend.mode === "sync"
    ? (action() as Eventually<M, T>)
    : (new Promise<T>((resolve) => resolve(action())) as Eventually<M, T>);

/** `signatures`: how many plans to keep. */
export function createCallSite<M extends Mode>(
  engine: Engine<M>,
  contract: Contract,
  as: Call["as"],
  { signatures = 8 } = {},
): CallSite<M> {
  const recent: Settled<M>[] = [];

  function settle(request: Request): Settled<M> {
    const first = recent[0];
    if (first?.hasSignature(request)) return first;
    const found = recent.findIndex((s) => s.hasSignature(request));
    const call = found < 0 ? new Settled(engine, contract, as, request) : (recent.splice(found, 1)[0] as Settled<M>);
    recent.unshift(call);
    if (recent.length > signatures) recent.pop();
    return call;
  }
  return {
    settle,
    run: (request) =>
      engine.backend.mode === "sync"
        ? (settle(request).start(request) as Eventually<M, Result>)
        : settled(engine, () => settle(request).start(request)),
    prepare: (request) => settled(engine, () => settle(request).prepare() as void | Promise<void>),
  };
}
