/** This project: both engines of the CPU backend through the public adapters, on the caller's arrays and on resident ones. */
import { createKeras } from "@isoloss/adapter-keras-style";
import { createTorch } from "@isoloss/adapter-torch-style";
import { createCpuBackend } from "@isoloss/backend-cpu";
import type { Feed } from "@isoloss/core";
import { type Answer, type Contender, type DataSet, timed } from "../contender.ts";
import type { Measured, Workload } from "../workload.ts";

type Backend = ReturnType<typeof createCpuBackend>;
type Shaped = { readonly data: Feed; readonly shape: readonly number[] };
interface Evaluated {
  readonly value: { item(): number };
  readonly grads: Readonly<Record<string, unknown>>;
}
type Evaluate = (...inputs: readonly Shaped[]) => Evaluated;
type Constructor = new (
  options: Readonly<Record<string, unknown>>,
) => (...inputs: readonly Shaped[]) => { item(): number };
type Gradients = (loss: unknown, settings: { readonly out: Readonly<Record<string, Feed>> }) => Evaluate;

/** The adapter's classes under one type: which loss runs is data here. */
function library(
  backend: Backend,
  style: Workload["style"],
): { classes: Record<string, Constructor>; gradients: Gradients } {
  if (style === "keras") {
    const { losses, valueAndGrad } = createKeras({ backend, profile: "keras@3" });
    return { classes: losses as never, gradients: valueAndGrad as never };
  }
  const { nn, valueAndGrad } = createTorch({ backend, profile: "torch@2" });
  return { classes: nn as never, gradients: valueAndGrad as never };
}

/** Puts data where the backend keeps it. */
type Place = (data: Float32Array | Int32Array, shape: readonly number[]) => Feed;

function contender(name: string, backend: Backend, place: Place): Contender {
  return {
    name,
    dispose: () => backend.dispose?.(),
    async prepare(workload: Workload, sets: readonly DataSet[], measured: Measured) {
      const { classes, gradients } = library(backend, workload.style);
      const shaped = sets.map((set) =>
        Object.fromEntries(
          Object.entries(workload.arrays).map(([key, { shape }]) => [
            key,
            { data: place(set[key] as Float32Array, shape), shape } satisfies Shaped,
          ]),
        ),
      );
      const option = (v: unknown, set: number): unknown =>
        typeof v === "string" && v.startsWith("array:") ? shaped[set]?.[v.slice(6)] : v;
      const Loss = classes[workload.loss] as Constructor;
      const out = Object.fromEntries(
        workload.differentiate.map((key) => {
          const { shape } = workload.arrays[key] as { shape: readonly number[] };
          return [key, place(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape)];
        }),
      );
      const calls = sets.map((_, set) => {
        const loss = new Loss(
          Object.fromEntries(Object.entries(workload.options ?? {}).map(([k, v]) => [k, option(v, set)])),
        );
        const [a, b, c] = workload.arguments.map((key) => shaped[set]?.[key] as Shaped) as [Shaped, Shaped, Shaped];
        const evaluate = gradients(loss, { out });
        if (c) return measured === "both" ? () => evaluate(a, b, c).value.item() : () => loss(a, b, c).item();
        return measured === "both" ? () => evaluate(a, b).value.item() : () => loss(a, b).item();
      });
      const call = (set: number) => calls[set] as () => number;
      return {
        run: async (set, repeat) => timed(call(set), repeat),
        async answer(set): Promise<Answer> {
          const value = call(set)();
          const read = (feed: Feed) => Float32Array.from((ArrayBuffer.isView(feed) ? feed : feed.data) as Float32Array);
          const grads =
            measured === "both" ? Object.fromEntries(Object.entries(out).map(([k, f]) => [k, read(f)])) : {};
          return { value, grads };
        },
        dispose() {
          for (const feed of [...shaped.flatMap((s) => Object.values(s).map((t) => t.data)), ...Object.values(out)])
            if (!ArrayBuffer.isView(feed)) feed.dispose();
        },
      };
    },
  };
}

const asGiven: Place = (data) => data;

export function isolossContenders(): Contender[] {
  const resident = createCpuBackend();
  const allocate: Place = (data, shape) => {
    const buffer = resident.alloc(data instanceof Int32Array ? "int32" : "float32", shape);
    buffer.write(data);
    return buffer;
  };
  return [
    contender("isoloss streamed", createCpuBackend(), asGiven),
    contender("isoloss resident", resident, allocate),
    contender("isoloss js engine", createCpuBackend({ engine: "js" }), asGiven),
  ];
}
