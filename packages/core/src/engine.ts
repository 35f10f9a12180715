/** The hot half of a call: plans remembered by signature, kernels by program, and the data through both. */
import { sameShape } from "./align.ts";
import type { Backend, Eventually, Feed, Kernel, Mode, Outputs } from "./backend.ts";
import { bindCall, type Call, type Contract, type Options, type OptionValue } from "./contract.ts";
import { decompose } from "./decompose.ts";
import { Lru } from "./lru.ts";
import { checkLabels, type Plan, planCall, type Source, UPSTREAM } from "./plan.ts";
import { type Program, program } from "./program.ts";
import type { Tensor, TensorType } from "./tensor.ts";

/** Goes on with a value or with what a promise brings: one code path for both modes. */
export const andThen = <T, R>(value: T | Promise<T>, next: (value: T) => R): R | Promise<R> =>
  value instanceof Promise ? value.then(next) : next(value);

/** A backend with its compiled kernels. Adapters make one for each backend that they are given. */
export interface Engine<M extends Mode = Mode> {
  readonly backend: Backend<M>;
  kernel(program: Program): Eventually<M, Kernel<M>>;
  /** The number of kernels held. */
  readonly size: number;
  /** Frees the kernels. */
  dispose(): void;
}

/** `kernels`: how many compiled programs to keep. */
export function createEngine<M extends Mode>(backend: Backend<M>, { kernels = 256 } = {}): Engine<M> {
  type Held = Eventually<M, Kernel<M>>;
  const cache = new Lru<string, Held>(kernels, (held) => {
    andThen(held as Kernel<M> | Promise<Kernel<M>>, (k) => k.dispose());
  });
  return {
    backend,
    kernel: (p) => cache.get(p.key) ?? cache.set(p.key, backend.compile(p)),
    get size() {
      return cache.size;
    },
    dispose: () => cache.clear(),
  };
}

/** What comes out of a call. */
export interface Result {
  readonly value: Tensor | undefined;
  readonly grads: Readonly<Record<string, Tensor>>;
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
}

interface Ready {
  readonly call: Call<Tensor>;
  readonly upstream: TensorType | undefined;
  readonly plan: Plan;
  readonly program: Program;
  readonly extents: readonly number[];
  /** Every tensor of the call, and its place among the program's inputs (−1: the program does not need it). */
  readonly feeds: readonly { readonly source: Source; readonly index: number }[];
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

function sameSignature(r: Ready, request: Request): boolean {
  const { call } = r;
  const { inputs, gradients } = request;
  if ((r.plan.value !== undefined) !== (request.value ?? true)) return false;
  if (!sameType(r.upstream, request.upstream)) return false;
  if (gradients !== call.gradients) {
    if (gradients.length !== call.gradients.length) return false;
    for (let i = 0; i < gradients.length; i++) if (gradients[i] !== call.gradients[i]) return false;
  }
  for (const name in call.inputs) if (!sameType(call.inputs[name], inputs[name])) return false;
  for (const name in inputs) if (inputs[name] !== undefined && call.inputs[name] === undefined) return false;
  return sameOptions(call.options, request.options);
}

/** Where calls of one entry go through. It remembers the plans of its last signatures. */
export interface CallSite<M extends Mode> {
  run(request: Request): Eventually<M, Result>;
  /** Plans and compiles without running. */
  prepare(request: Request): Eventually<M, void>;
  /** The program of a call, for inspection and export. */
  plan(request: Request): { readonly plan: Plan; readonly program: Program; readonly extents: readonly number[] };
}

const withoutUndefined = (inputs: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>> =>
  Object.values(inputs).includes(undefined as unknown as Tensor)
    ? Object.fromEntries(Object.entries(inputs).filter(([, t]) => t !== undefined))
    : inputs;

/** `signatures`: how many plans to keep. */
export function createCallSite<M extends Mode>(
  engine: Engine<M>,
  contract: Contract,
  as: Call["as"],
  { signatures = 8 } = {},
): CallSite<M> {
  const recent: Ready[] = [];

  function prepared(request: Request): Ready {
    const first = recent[0];
    if (first && sameSignature(first, request)) return first;
    const found = recent.findIndex((r) => sameSignature(r, request));
    const ready = found < 0 ? make(request) : (recent.splice(found, 1)[0] as Ready);
    recent.unshift(ready);
    if (recent.length > signatures) recent.pop();
    return ready;
  }

  function make(request: Request): Ready {
    const { upstream, value = true } = request;
    const call = bindCall(contract, withoutUndefined(request.inputs), request.options, request.gradients, as);
    const plan = planCall(contract, call, { value, ...(upstream && { upstream }) });
    const p = program(decompose(plan.outputs, engine.backend.primitives, engine.backend.name), plan.axes);
    const extents = p.axes.map((a) => plan.extents.get(a) as number);
    const feeds = [...plan.sources.values()].map((source) => ({
      source,
      index: p.inputs.findIndex((port) => port.name === source.name),
    }));
    return { call, upstream, plan, program: p, extents, feeds };
  }

  /** The data of each of the program's inputs. Refuses what only the data shows. */
  function feedsOf({ call, plan, feeds }: Ready, request: Request): Feed[] {
    for (const r of plan.refusals) {
      const verdict = r.values({ ...call, inputs: request.inputs, options: request.options });
      if (verdict) throw verdict;
    }
    const data: Feed[] = [];
    for (const { source, index } of feeds) {
      if (index < 0 && !source.labels) continue;
      const tensor = tensorOf(source.name, request);
      const feed = source.convert(tensor.data);
      checkLabels(source, feed, tensor);
      if (index >= 0) data[index] = feed;
    }
    return data;
  }

  const kernelOf = (ready: Ready) => engine.kernel(ready.program) as Kernel<M> | Promise<Kernel<M>>;

  function execute(request: Request): Result | Promise<Result> {
    const ready = prepared(request);
    const { plan, program: p, extents } = ready;
    const feeds = feedsOf(ready, request);
    const outputs = request.out && plan.gradients.map((g) => request.out?.[g.name]);
    if (outputs && plan.value) outputs.unshift(undefined);
    const results = andThen(
      kernelOf(ready),
      (kernel) => kernel.run(feeds, extents, p.parameters, outputs) as Outputs | Promise<Outputs>,
    );
    return andThen(results as Outputs | Promise<Outputs>, (data) => resultOf(plan, data));
  }

  /** A promise-making backend makes refusals rejections, so that a caller has one way to meet them. */
  const settle = <T>(action: () => T | Promise<T>): Eventually<M, T> => {
    if (engine.backend.mode === "sync") return action() as Eventually<M, T>;
    return new Promise<T>((resolve) => resolve(action())) as Eventually<M, T>;
  };
  return {
    prepare: (request) => settle(() => andThen(kernelOf(prepared(request)), () => {})),
    plan: (request) => {
      const { plan, program: p, extents } = prepared(request);
      return { plan, program: p, extents };
    },
    run: (request) => settle(() => execute(request)),
  };
}

const tensorOf = (name: string, request: Request): Tensor =>
  (name === UPSTREAM ? request.upstream : (request.inputs[name] ?? request.options[name])) as Tensor;

function resultOf(plan: Plan, data: readonly Feed[]): Result {
  const first = plan.value ? 1 : 0;
  const grads: Record<string, Tensor> = {};
  for (let i = 0; i < plan.gradients.length; i++) {
    const { name, dtype, shape } = plan.gradients[i] as Plan["gradients"][number];
    grads[name] = { dtype, shape, data: data[first + i] as Feed };
  }
  const value = plan.value && { dtype: plan.value.dtype, shape: plan.value.shape, data: data[0] as Feed };
  return { value, grads, warnings: plan.warnings };
}
