/** A session of ONNX Runtime as a kernel: binds a call's data, sizes and parameters, and runs. */
import type { Axis, DType, Extents, Feed, Feeds, Kernel, Outputs, Program, TypedArray } from "@isoloss/core";
import { fromNumbers } from "@isoloss/core";
import type { Provider } from "./providers.ts";
import type { Ort, OrtSession, OrtTensor, OrtType, Queue } from "./runtime.ts";
import { outputName, portName, type SessionModel } from "./session-model.ts";
import { fromWire, toWire } from "./wire.ts";

interface Inlet {
  readonly name: string;
  readonly dtype: DType;
  readonly wire: OrtType;
  /** For each axis of the program: its position if the port has it, else −1. */
  readonly places: readonly number[];
}
interface Outlet {
  readonly name: string;
  readonly dtype: DType;
  readonly wire: OrtType;
}
type Tensors = readonly (readonly [string, OrtTensor])[];

const same = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
};

/** Remembers the last result: consecutive calls rarely change sizes or parameters. */
function lastOf(make: (numbers: ArrayLike<number>) => Tensors): (numbers: ArrayLike<number>) => Tensors {
  let key: number[] | undefined;
  let value: Tensors = [];
  return (numbers) => {
    if (key && same(key, numbers)) return value;
    value = make(numbers);
    key = Array.from(numbers);
    return value;
  };
}

export interface Environment {
  readonly ort: Ort;
  readonly provider: Provider;
  readonly queue: Queue;
  /** Called once, when the session is to go. */
  readonly onDispose: (kernel: Kernel<"async">) => void;
}

export function createKernel(
  program: Program,
  session: OrtSession,
  model: SessionModel,
  { ort, provider, queue, onDispose }: Environment,
): Kernel<"async"> & { readonly released: Promise<void> } {
  const wireOf = (dtype: DType): OrtType => provider.carriers[dtype]?.wire as OrtType;
  const inlets: readonly Inlet[] = program.inputs.map((p, i) => ({
    name: portName(i),
    dtype: p.dtype,
    wire: wireOf(p.dtype),
    places: program.axes.map((a, k) => (p.axes.includes(a) ? k : -1)),
  }));
  const outlets: readonly Outlet[] = program.outputs.map((o, i) => ({
    name: outputName(i),
    dtype: o.dtype,
    wire: wireOf(o.dtype),
  }));
  const fetches = Object.fromEntries(outlets.map((o) => [o.name, null]));

  const scalar = (type: OrtType, value: number): OrtTensor => new ort.Tensor(type, fromNumbers([value], type), []);
  const parametersFor = lastOf((numbers) =>
    model.parameters.map((p) => [p.name, scalar(p.type, numbers[p.slot] as number)]),
  );
  const sizesFor = lastOf((extents) => {
    const size = (a: Axis): number => extents[program.axes.indexOf(a)] as number;
    return model.sizes.map((s) => {
      if (s.kind === "extent") return [s.name, scalar(s.type, size(s.axis))];
      const shape = program.axes.map((a) => (s.axes.includes(a) ? size(a) : 1));
      return [s.name, new ort.Tensor("int64", fromNumbers(shape, "int64"), [shape.length])];
    });
  });

  function bind(feeds: Feeds, extents: Extents, parameters: Float64Array): Record<string, OrtTensor> {
    const bound: Record<string, OrtTensor> = {};
    for (let i = 0; i < inlets.length; i++) {
      const { name, dtype, wire, places } = inlets[i] as Inlet;
      const dims = places.map((k) => (k < 0 ? 1 : (extents[k] as number)));
      bound[name] = new ort.Tensor(wire, toWire(arrayOf(feeds[i]), dtype, wire), dims);
    }
    for (const [name, tensor] of sizesFor(extents)) bound[name] = tensor;
    for (const [name, tensor] of parametersFor(parameters)) bound[name] = tensor;
    return bound;
  }

  let running = 0;
  let disposed = false;
  let released: () => void;
  const whenReleased = new Promise<void>((resolve) => {
    released = resolve;
  });
  const release = (): void => {
    if (!disposed || running > 0) return;
    queue.add(() => session.release()).then(released, released);
  };

  return {
    released: whenReleased,
    async run(feeds, extents, parameters, outputs = []) {
      if (disposed) throw new TypeError("this kernel is disposed");
      const bound = bind(feeds, extents, parameters);
      running++;
      try {
        const task = () => session.run(bound, fetches) as Promise<Record<string, OrtTensor>>;
        const results = await (provider.concurrent ? task() : queue.add(task));
        return outlets.map((o, i) => deliver(results[o.name] as OrtTensor, o, outputs[i])) as Outputs;
      } finally {
        running--;
        release();
      }
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      release();
      onDispose(this);
    },
  };
}

function arrayOf(feed: Feed | undefined): TypedArray {
  const data = ArrayBuffer.isView(feed) ? feed : feed?.data;
  if (!data) throw new TypeError("a feed is a typed array, or a buffer of this backend");
  return data;
}

function deliver(tensor: OrtTensor, { dtype, wire }: Outlet, given: Feed | undefined): Feed {
  const data = fromWire(tensor.data, dtype, wire);
  if (given === undefined) return data;
  (arrayOf(given) as Float64Array).set(data as Float64Array);
  return given;
}
