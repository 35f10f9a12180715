/** The hot half of a call: its data through checks and the kernel, when its signature is settled. */
import { showShape, volumeOf } from "./align.ts";
import {
  arrayOf,
  type Backend,
  type BackendBuffer,
  type Feed,
  isElsewhere,
  type Kernel,
  type Mode,
  type Outputs,
} from "./backend.ts";
import type { Request, Result, SettledCall } from "./call-site.ts";
import { bindCall, type Call, type Contract, refuse } from "./contract.ts";
import { storage } from "./dtype.ts";
import { andThen, type Engine, settled } from "./engine.ts";
import { LossError, UnsupportedError } from "./errors.ts";
import { type Plan, planCall, UPSTREAM, type Wanted } from "./plan.ts";
import { program } from "./program.ts";
import { tooLarge } from "./size-limit.ts";
import type { Tensor, TensorType } from "./tensor.ts";
import { TensorValue } from "./tensor-value.ts";

/** What is remembered of a tensor: neither its data nor its user's own list of sizes. */
const typeOf = ({ dtype, shape, weak }: Tensor): TensorType => ({
  dtype,
  shape: Object.freeze([...shape]),
  weak,
});

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

/** Whether writing to one array changes the other. Those that a backend hands out are apart. */
function overlap(a: Feed, b: Feed): boolean {
  if (a === b) return a.length > 0;
  if (!ArrayBuffer.isView(a) && !ArrayBuffer.isView(b)) return false;
  const x = arrayOf(a);
  const y = arrayOf(b);
  if (!x || !y || x.buffer !== y.buffer) return false;
  return x.byteOffset < y.byteOffset + y.byteLength && y.byteOffset < x.byteOffset + x.byteLength;
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
function roomFor(backend: Backend, { dtype, shape }: Plan["gradients"][number]): BackendBuffer {
  const room = backend.alloc?.(dtype, shape);
  if (room && room.data === undefined) return room;
  room?.dispose();
  throw new UnsupportedError(`${backend.name} keeps no gradients on a GPU: leave 'output' out, or use onnx:webgpu`);
}

/** The plan of a call; where only its gradients are refused that of its value, and why: its data is looked at before. */
function planned(contract: Contract, call: Call, wanted: Wanted): { plan: Plan; refusal?: unknown } {
  try {
    return { plan: planCall(contract, call, wanted) };
  } catch (refusal) {
    refuse(contract.refuses, call);
    return { plan: planCall(contract, { ...call, gradients: [] }, { value: true }), refusal };
  }
}

/** A call of one signature. It holds no data of the request that it is made for. */
export function createSettledCall<M extends Mode>(
  engine: Engine<M>,
  contract: Contract,
  as: Call["as"],
  { inputs, options, gradients, upstream, value = true }: Request,
): SettledCall<M> {
  const { backend } = engine;
  const bound = bindCall(contract, inputs, options, gradients, as);
  const types = Object.entries(bound.inputs).map(([name, tensor]) => [name, typeOf(tensor)] as const);
  const call: Call = { ...bound, inputs: Object.fromEntries(types) };
  const wanted = { value, ...(upstream && { upstream: typeOf(upstream) }) };
  const { plan, refusal: ofGradients } = planned(contract, call, wanted);
  const own = program(plan.outputs, plan.axes);
  const extents = own.axes.map((a) => plan.extents.get(a) as number);
  const refusal = ofGradients ?? tooLarge(own, extents, backend);
  /** Every tensor of the call, and its place among the program's inputs (−1: the program does not need it). */
  const sources = [...plan.sources.values()]
    .map((source) => ({ source, index: own.inputs.findIndex((port) => port.name === source.name) }))
    .filter(({ source, index }) => index >= 0 || source.labels);

  const kernel = () => engine.kernel(own) as Kernel<M> | Promise<Kernel<M>>;

  /** The data of each of the program's inputs. Refuses what only the data shows; puts checks that take time in `checks`. */
  function feedsOf(request: Request, checks: (() => Promise<void>)[]): Feed[] {
    if (plan.refusals.length) {
      const whole = { ...call, inputs: request.inputs, options: request.options };
      for (const refusing of plan.refusals) {
        const verdict = refusing.values(whole);
        if (verdict) throw verdict;
      }
    }
    const feeds: Feed[] = [];
    for (const { source, index } of sources) {
      const { name, labels } = source;
      const tensor = tensorOf(name, request);
      const feed = adopted(source.convert(tensor.data), name, backend);
      if (labels) {
        labels.check(feed, tensor);
        if (backend.validate === "read" && !arrayOf(feed))
          checks.push(async () => labels.check(await (feed as BackendBuffer).read(), tensor));
      }
      if (index >= 0) feeds[index] = feed;
    }
    return feeds;
  }

  /** The caller's arrays for gradients, each of them apart from all others of the call: a kernel reads while it writes. */
  function outputsOf({ out }: Request, feeds: readonly Feed[]): (Feed | undefined)[] {
    const outputs: (Feed | undefined)[] = plan.value ? [undefined] : [];
    for (const gradient of plan.gradients) {
      const { name } = gradient;
      const array = out?.[name];
      if (array) {
        checkOutput(array, gradient);
        for (let i = 0; i < feeds.length + outputs.length; i++) {
          const other = i < feeds.length ? feeds[i] : outputs[i - feeds.length];
          if (!other || !overlap(array, other)) continue;
          const owner = i < feeds.length ? `'${own.inputs[i]?.name}'` : "another gradient";
          throw new LossError("value", `out.${name} shares memory with ${owner}: a gradient takes an array of its own`);
        }
      }
      outputs.push(array);
    }
    return outputs;
  }

  /** The kernel, when data was read back and checked. A backend may need a kernel to read; it may let go of it meanwhile. */
  async function checked(checks: readonly (() => Promise<void>)[]): Promise<Kernel<M>> {
    await kernel();
    await Promise.all(checks.map((check) => check()));
    return kernel();
  }

  function runOn(compiled: Kernel<M>, feeds: Feed[], outputs: (Feed | undefined)[]): Result | Promise<Result> {
    const data = compiled.run(feeds, extents, own.parameters, outputs) as Outputs | Promise<Outputs>;
    return data instanceof Promise ? data.then((d) => resultOf(plan, d)) : resultOf(plan, data);
  }
  /** Runs with room on a GPU for the gradients that the caller gave none for, which is freed if that fails. */
  function runInRooms(compiled: Kernel<M>, feeds: Feed[], outputs: (Feed | undefined)[]): Result | Promise<Result> {
    const made: BackendBuffer[] = [];
    const free = (e: unknown): never => {
      for (const room of made) room.dispose();
      throw e;
    };
    try {
      plan.gradients.forEach((gradient, i) => {
        outputs[i + (plan.value ? 1 : 0)] ??= made[made.push(roomFor(backend, gradient)) - 1];
      });
      const result = runOn(compiled, feeds, outputs);
      return result instanceof Promise ? result.catch(free) : result;
    } catch (e) {
      return free(e);
    }
  }

  /** All that can be refused is refused before anything is computed. */
  function start(request: Request): Result | Promise<Result> {
    const checks: (() => Promise<void>)[] = [];
    const feeds = feedsOf(request, checks);
    if (refusal) throw refusal;
    const outputs = outputsOf(request, feeds);
    const run = request.output ? runInRooms : runOn;
    const ready = checks.length ? checked(checks) : kernel();
    return ready instanceof Promise ? ready.then((k) => run(k, feeds, outputs)) : run(ready, feeds, outputs);
  }

  return {
    plan,
    program: own,
    extents,
    refusal,
    start,
    run: (request) => settled(engine, () => start(request)),
    prepare: () =>
      settled(engine, () => {
        if (refusal) throw refusal;
        return andThen(kernel(), () => {});
      }),
  };
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
