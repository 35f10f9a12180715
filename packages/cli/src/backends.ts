/** The backends that the command knows by name. Each is loaded when it is first asked for. */
import {
  type Backend,
  constant,
  createEngine,
  type Engine,
  LossError,
  type Mode,
  program,
  UnsupportedError,
} from "@isoloss/core";

/** Loads a package that its user may not have installed. */
async function optionalPackage<T>(specifier: string, backend: string): Promise<T> {
  try {
    return (await import(/* @vite-ignore */ specifier)) as T;
  } catch (e) {
    if ((e as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw e;
    throw new UnsupportedError(`backend ${backend} needs the package ${specifier}: npm install ${specifier}`);
  }
}

async function onnx(
  runtime: string,
  provider: string,
  name: string,
  session: Readonly<Record<string, unknown>> = {},
): Promise<Backend> {
  const { createOnnxBackend } = await import("@isoloss/backend-onnx");
  const ort = await optionalPackage<Parameters<typeof createOnnxBackend>[0]["ort"]>(runtime, name);
  return createOnnxBackend({ ort, executionProviders: [provider], session });
}

const open = {
  reference: async () => (await import("@isoloss/core/reference")).createReferenceBackend(),
  cpu: async () => (await import("@isoloss/backend-cpu")).createCpuBackend(),
  "cpu:js": async () => (await import("@isoloss/backend-cpu")).createCpuBackend({ engine: "js" }),
  onnx: () => onnx("onnxruntime-web", "wasm", "onnx"),
  "onnx:wasm": () => onnx("onnxruntime-web", "wasm", "onnx:wasm"),
  "onnx:webgpu": async () => {
    const isInRuntime = "gpu" in ((globalThis as { navigator?: object }).navigator ?? {});
    const ort = isInRuntime ? "onnxruntime-web/webgpu" : "onnxruntime-node"; // which brings WebGPU along
    const backend = await onnx(ort, "webgpu", "onnx:webgpu");
    (await backend.compile(program([constant(1, "float32")]))).dispose(); // refuses where there is no GPU
    return backend;
  },
  // Requests are small, and a stream has many programs: starting and ending a session's threads takes most of its time.
  "onnx:node": () => onnx("onnxruntime-node", "cpu", "onnx:node", { intraOpNumThreads: 1 }),
} as const satisfies Record<string, () => Promise<Backend>>;

/** The names of EVAL.md. */
export const backendNames: readonly string[] = Object.keys(open);

/** A line has room for little more: what is larger is refused before it is computed. */
const MOST_ELEMENTS = 2 ** 27;

/** An engine on the backend of that name. Refuses a name that is not known, and a backend that cannot run here. */
export async function openEngine(name: string): Promise<Engine> {
  if (!Object.hasOwn(open, name))
    throw new LossError("request", `no backend '${name}'; there are ${backendNames.join(", ")}`);
  const backend: Backend = await open[name as keyof typeof open]();
  const mostElements = Math.min(backend.mostElements ?? MOST_ELEMENTS, MOST_ELEMENTS);
  return createEngine<Mode>(Object.create(backend, { mostElements: { value: mostElements } }), { kernels: 128 });
}
