/** The backend: ONNX Runtime, as its user imported it, behind the contract of core. */
import {
  type Backend,
  type DType,
  type FloatDType,
  isFloat,
  type Kernel,
  type Program,
  UnsupportedError,
  volumeOf,
} from "@isoloss/core";
import { createBinding } from "./binding.ts";
import { createGpuTensorBuffer, type GpuBuffer, type GpuDevice, type GpuTensorBuffer } from "./gpu.ts";
import { createKernel, type OnnxKernel } from "./kernel.ts";
import { ModelBuilder, typeNumber } from "./model.ts";
import { primitivesOf } from "./operators.ts";
import { type Provider, providers } from "./providers.ts";
import { type Ort, type OrtSession, type OrtSessionOptions, queueOf } from "./runtime.ts";
import { sessionModel } from "./session-model.ts";

export interface OnnxBackendOptions {
  /** The module of ONNX Runtime: `import * as ort from "onnxruntime-web"`, `onnxruntime-web/webgpu`, `onnxruntime-node`. */
  readonly ort: Ort;
  /** One provider: "wasm" or "webgpu"; "cpu" or "webgpu" with `onnxruntime-node`. */
  readonly executionProviders: readonly [string];
  /** A GPUDevice to run on, which shares its buffers; without one, ONNX Runtime's own. */
  readonly device?: GpuDevice;
  /** "read": class indices on the GPU are read back before each call, so that one out of range is refused. */
  readonly validate?: "read";
  /** Options of ONNX Runtime's sessions, as `{ intraOpNumThreads: 1 }`: threads take longer to start than small calls to run. */
  readonly session?: Readonly<Record<string, unknown>>;
}

/** What an ORT tensor with `location: "gpu-buffer"` shows. */
export interface GpuResident {
  readonly gpuBuffer: GpuBuffer;
  readonly type: string;
  readonly dims: readonly number[];
}

/** The values of all nodes are held while a session runs, in float64 where they are added; WebAssembly has 4 GiB. */
const MOST_ELEMENTS = 2 ** 25;

/** A backend that knows how many sessions it holds. */
export interface OnnxBackend extends Backend<"async"> {
  /** Kernels whose sessions have not been released. */
  readonly sessions: number;
  /** Room on the GPU for results, or for data that is written to it. Needs a device: given, or that of a first compile. */
  alloc(dtype: DType, shape: readonly number[]): GpuTensorBuffer;
  /**
   * A tensor of ONNX Runtime that lies on the GPU as an input that is not copied. Class indices that lie there cannot be
   * checked before a call, unless `validate` says so: one out of range makes the loss and the gradient of its row NaN.
   * Calls take such tensors as they are.
   */
  adopt(tensor: GpuResident): { readonly data: GpuTensorBuffer; readonly shape: readonly number[] };
  dispose(): Promise<void>;
}

/**
 * Runs programs on ONNX Runtime. Sums are not added in the order of contributing/numerics.md and transcendental functions
 * are the provider's: results agree with the reference within a tolerance and not to the bit.
 */
export function createOnnxBackend({
  ort,
  executionProviders,
  device,
  validate,
  session,
}: OnnxBackendOptions): OnnxBackend {
  let provider = providerOf(executionProviders, ort);
  const name = `onnx:${provider.label}`;
  const queue = queueOf(ort);
  const kernels = new Set<OnnxKernel>();
  let gpu = device;
  let anchor: Promise<OrtSession> | undefined;
  const on: OrtSessionOptions["executionProviders"] =
    device && provider.buffers ? [{ name: executionProviders[0], device }] : executionProviders;

  const open = (
    model: Uint8Array,
    providers: OrtSessionOptions["executionProviders"],
    options: Provider["session"] = {},
  ): Promise<OrtSession> =>
    queue.add(() =>
      ort.InferenceSession.create(model, {
        ...session,
        ...options,
        executionProviders: providers,
        graphOptimizationLevel: "disabled", // fusions round elsewhere, and one of them breaks graphs
        logSeverityLevel: 3,
      }),
    );

  /** ONNX Runtime gives its GPU device up with its last session, and all buffers with it: one session stays. */
  async function holdDevice(): Promise<void> {
    if (!provider.device) return;
    anchor ??= open(smallestModel(), on).catch((e: Error) => {
      throw new UnsupportedError(`${name} finds no GPU that it can use: ${e.message.split(" : ").at(-1)?.trim()}`);
    });
    await anchor;
    if (provider.buffers) gpu ??= (await ort.env.webgpu?.device) as GpuDevice | undefined;
  }

  let looked: Promise<void> | undefined;
  /** Finds out once whether this build of the runtime has the kernels that the provider should have. */
  async function look(): Promise<void> {
    const { reduced } = provider;
    if (!reduced) return;
    try {
      const session = await open(wideModel(), on);
      await queue.add(() => session.release());
    } catch {
      provider = reduced;
    }
  }

  async function compile(program: Program): Promise<Kernel<"async">> {
    looked ??= look();
    await looked;
    const model = sessionModel(program, provider, name);
    await holdDevice();
    const main = await open(model.bytes, on, provider.session);
    const { concurrent, whenEmpty } = provider;
    const empty = whenEmpty === undefined ? {} : { empty: () => open(model.bytes, [whenEmpty]) };
    const kernel = createKernel(createBinding(program, model, ort, provider), { main, queue, concurrent, ...empty });
    kernels.add(kernel);
    kernel.released.then(() => kernels.delete(kernel));
    return kernel;
  }

  const held = (): GpuDevice => {
    if (!gpu) throw new TypeError(`${name} has no device yet: give createOnnxBackend one, or compile first`);
    return gpu;
  };

  function buffer(dtype: DType, shape: readonly number[], existing?: GpuBuffer): GpuTensorBuffer {
    if (!provider.buffers) throw new UnsupportedError(`${name} keeps nothing on a GPU: use onnx:webgpu`);
    if (provider.carriers[dtype]?.wire !== dtype)
      throw new UnsupportedError(`${name} keeps no ${dtype} on the GPU: use float32 or int32`);
    return createGpuTensorBuffer(name, held, dtype, volumeOf(shape), existing);
  }

  return {
    specVersion: 1,
    name,
    mode: "async",
    validate,
    mostElements: MOST_ELEMENTS,
    primitives: primitivesOf(provider),
    get dtypes() {
      return floatsOf(provider);
    },
    compile,
    alloc: (dtype, shape) => buffer(dtype, shape),
    adopt: ({ gpuBuffer, type, dims }) => ({ data: buffer(type as DType, dims, gpuBuffer), shape: dims }),
    get sessions() {
      return kernels.size;
    },
    async dispose() {
      const all = [...kernels];
      for (const kernel of all) kernel.dispose();
      await Promise.all(all.map((k) => k.released));
      const last = await anchor?.catch(() => undefined);
      anchor = undefined;
      gpu = device;
      if (last) await queue.add(() => last.release());
    },
  };
}

/** Needs float64 and bfloat16. */
function wideModel(): Uint8Array {
  const model = new ModelBuilder(17);
  const cast = (x: string, to: DType): string => model.node("Cast", [x], { to: typeNumber(to) });
  const x = cast(cast(model.input("x", "float32", []), "bfloat16"), "float64");
  model.output("y", model.node("Exp", [x]), "float64", []);
  return model.encode();
}

function smallestModel(): Uint8Array {
  const model = new ModelBuilder(17);
  model.output("y", model.input("x", "float32", []), "float32", []);
  return model.encode();
}

/** The floating point types to which a provider rounds. */
const floatsOf = ({ carriers }: Provider): ReadonlySet<FloatDType> =>
  new Set(
    (Object.keys(carriers) as DType[]).filter((d): d is FloatDType => {
      const rounding = carriers[d]?.rounding;
      return isFloat(d) && (rounding === "native" || rounding === "cast");
    }),
  );

function providerOf(names: readonly string[], ort: Ort): Provider {
  const [name] = names;
  const provider = name === undefined ? undefined : providers[name];
  if (provider && names.length === 1) return (ort.listSupportedBackends && provider.native) ?? provider;
  const known = Object.keys(providers).map((p) => `["${p}"]`);
  throw new TypeError(`executionProviders is one of ${known.join(", ")}, not ${JSON.stringify(names)}`);
}
