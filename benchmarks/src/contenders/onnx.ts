/** ONNX Runtime, one thread, on hand-written graphs: the WASM of onnxruntime-web, and the native onnxruntime-node. */
import { type Answer, type Contender, type Missing, timedAsync } from "../contender.ts";
import { onnxGraph } from "./onnx-graphs.ts";

interface OrtTensor {
  readonly data: Float32Array;
}
interface Session {
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, OrtTensor>>>;
  release(): Promise<void>;
}
interface Ort {
  readonly env: { readonly wasm: { numThreads?: number } };
  readonly Tensor: new (type: string, data: unknown, dims: readonly number[]) => OrtTensor;
  readonly InferenceSession: { create(bytes: Uint8Array, options: object): Promise<Session> };
}

export async function ortContender(name: string, module: string, provider: string): Promise<Contender | Missing> {
  let ort: Ort;
  try {
    ort = (await import(module)) as Ort;
  } catch (error) {
    return { name, reason: `${module} is not installed (${(error as Error).message.split("\n")[0]})` };
  }
  ort.env.wasm.numThreads = 1;
  return {
    name,
    dispose() {},
    async prepare(workload, sets, measured) {
      const bytes = onnxGraph(workload, measured);
      if (!bytes) return undefined;
      const session = await ort.InferenceSession.create(bytes, {
        executionProviders: [provider],
        intraOpNumThreads: 1,
      });
      const feeds = sets.map((set) =>
        Object.fromEntries(
          Object.entries(workload.arrays).map(([key, { shape }]) => {
            const data = set[key] as Float32Array | Int32Array;
            return data instanceof Int32Array
              ? [key, new ort.Tensor("int64", BigInt64Array.from(data, BigInt), shape)]
              : [key, new ort.Tensor("float32", data, shape)];
          }),
        ),
      );
      const call = (set: number) => session.run(feeds[set] as Record<string, unknown>);
      return {
        run: (set, repeat) => timedAsync(() => call(set), repeat),
        async answer(set): Promise<Answer> {
          const results = await call(set);
          const [value, ...grads] = session.outputNames.map((output) => (results[output] as OrtTensor).data);
          return {
            value: (value as Float32Array)[0] as number,
            grads: Object.fromEntries(grads.map((g, i) => [workload.differentiate[i] as string, g])),
          };
        },
        dispose: () => session.release(),
      };
    },
  };
}
