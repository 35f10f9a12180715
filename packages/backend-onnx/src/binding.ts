/** A call's data, sizes and parameters as tensors of ONNX Runtime, and its results as the caller wants them. */
import {
  type Axis,
  type DType,
  type Extents,
  type Feed,
  type Feeds,
  fromNumbers,
  type Outputs,
  type Program,
  type TypedArray,
} from "@isoloss/core";
import { type GpuTensorBuffer, isGpuTensorBuffer } from "./gpu.ts";
import type { Provider } from "./providers.ts";
import type { GpuType, Ort, OrtTensor, OrtType } from "./runtime.ts";
import { outputName, portName, type SessionModel } from "./session-model.ts";
import { fromWire, toWire } from "./wire.ts";

/** An input or an output of the session that holds data of the caller. */
interface Port {
  readonly name: string;
  readonly dtype: DType;
  readonly wire: OrtType;
  /** The extent of each dimension by its position among the program's axes; −1: 1. */
  readonly places: readonly number[];
}
export type Tensors = Readonly<Record<string, OrtTensor>>;

export interface Binding {
  feeds(feeds: Feeds, extents: Extents, parameters: Float64Array): Tensors;
  /** Null where ONNX Runtime is to make the result. */
  fetches(outputs: readonly (Feed | undefined)[], extents: Extents): Readonly<Record<string, OrtTensor | null>>;
  results(tensors: Tensors, outputs: readonly (Feed | undefined)[]): Outputs;
}

export function createBinding(program: Program, model: SessionModel, ort: Ort, provider: Provider): Binding {
  const port = (name: string, { dtype, axes }: { dtype: DType; axes: readonly Axis[] }): Port => ({
    name,
    dtype,
    wire: provider.carriers[dtype]?.wire as OrtType,
    places: program.axes.map((a, k) => (axes.includes(a) ? k : -1)),
  });
  const inlets = program.inputs.map((p, i) => port(portName(i), p));
  const outlets = program.outputs.map((o, i) => {
    const own = port(outputName(i), o);
    return o.axes.length ? own : { ...own, places: [] };
  });
  const allMade = Object.fromEntries(outlets.map((o) => [o.name, null]));

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

  const dimsOf = ({ places }: Port, extents: Extents): number[] =>
    places.map((k) => (k < 0 ? 1 : (extents[k] as number)));
  const onGpu = ({ gpuBuffer }: GpuTensorBuffer, p: Port, extents: Extents): OrtTensor =>
    ort.Tensor.fromGpuBuffer(gpuBuffer, { dataType: p.wire as GpuType, dims: dimsOf(p, extents) });

  return {
    feeds(feeds, extents, parameters) {
      const bound: Record<string, OrtTensor> = {};
      for (let i = 0; i < inlets.length; i++) {
        const inlet = inlets[i] as Port;
        const { name, dtype, wire } = inlet;
        const feed = feeds[i];
        bound[name] = isGpuTensorBuffer(feed)
          ? onGpu(feed, inlet, extents)
          : new ort.Tensor(wire, toWire(arrayOf(feed), dtype, wire), dimsOf(inlet, extents));
      }
      for (const [name, tensor] of sizesFor(extents)) bound[name] = tensor;
      for (const [name, tensor] of parametersFor(parameters)) bound[name] = tensor;
      return bound;
    },
    fetches(outputs, extents) {
      if (!outputs.some(isGpuTensorBuffer)) return allMade;
      return Object.fromEntries(
        outlets.map((o, i) => {
          const given = outputs[i];
          return [o.name, isGpuTensorBuffer(given) ? onGpu(given, o, extents) : null];
        }),
      );
    },
    results: (tensors, outputs) =>
      outlets.map(({ name, dtype, wire }, i) => {
        const given = outputs[i];
        if (isGpuTensorBuffer(given)) return given;
        const data = fromWire((tensors[name] as OrtTensor).data, dtype, wire);
        if (given === undefined) return data;
        (arrayOf(given) as Float64Array).set(data as Float64Array);
        return given;
      }),
  };
}

type Entries = readonly (readonly [string, OrtTensor])[];
/** Remembers the last result: consecutive calls rarely change sizes or parameters. */
function lastOf(make: (numbers: ArrayLike<number>) => Entries): (numbers: ArrayLike<number>) => Entries {
  let key: number[] | undefined;
  let value: Entries = [];
  return (numbers) => {
    if (key && same(key, numbers)) return value;
    value = make(numbers);
    key = Array.from(numbers);
    return value;
  };
}
function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

function arrayOf(feed: Feed | undefined): TypedArray {
  const data = ArrayBuffer.isView(feed) ? feed : feed?.data;
  if (!data) throw new TypeError("a feed is a typed array, or a buffer of this backend");
  return data;
}
