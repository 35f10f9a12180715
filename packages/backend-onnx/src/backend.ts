/** The backend: ONNX Runtime, as its user imported it, behind the contract of core. */
import { type Backend, type FloatDType, isFloat, type Kernel, type Program } from "@isoloss/core";
import { createKernel } from "./kernel.ts";
import { primitivesOf } from "./operators.ts";
import { type Provider, providers } from "./providers.ts";
import { type Ort, type OrtSession, queueOf } from "./runtime.ts";
import { sessionModel } from "./session-model.ts";

export interface OnnxBackendOptions {
  /** The module of ONNX Runtime: `import * as ort from "onnxruntime-web"`, `onnxruntime-web/webgpu`, `onnxruntime-node`. */
  readonly ort: Ort;
  /** One provider: "wasm", "webgpu" or "cpu" (`onnxruntime-node`). */
  readonly executionProviders: readonly [string];
}

/** A backend that knows how many sessions it holds. */
export interface OnnxBackend extends Backend<"async"> {
  /** Sessions that have been created and not released. */
  readonly sessions: number;
  dispose(): Promise<void>;
}

/**
 * Runs programs on ONNX Runtime. Sums are not added in the order of contributing/numerics.md and transcendental functions
 * are the provider's: results agree with the reference within a tolerance and not to the bit.
 */
export function createOnnxBackend({ ort, executionProviders }: OnnxBackendOptions): OnnxBackend {
  const provider = providerOf(executionProviders);
  const name = `onnx:${provider.label}`;
  const queue = queueOf(ort);
  const kernels = new Map<Kernel<"async">, Promise<void>>();
  const floats = Object.keys(provider.carriers).filter(
    (d): d is FloatDType => isFloat(d as FloatDType) && provider.carriers[d as FloatDType] !== undefined,
  );

  async function compile(program: Program): Promise<Kernel<"async">> {
    const model = sessionModel(program, provider, name);
    const options = { ...provider.session, executionProviders, logSeverityLevel: 3 as const };
    const session: OrtSession = await queue.add(() => ort.InferenceSession.create(model.bytes, options));
    const kernel = createKernel(program, session, model, {
      ort,
      provider,
      queue,
      onDispose: (k) => {
        kernel.released.then(() => kernels.delete(k));
      },
    });
    kernels.set(kernel, kernel.released);
    return kernel;
  }

  return {
    specVersion: 1,
    name,
    mode: "async",
    primitives: primitivesOf(provider),
    dtypes: new Set(floats),
    compile,
    get sessions() {
      return kernels.size;
    },
    async dispose() {
      const all = [...kernels];
      for (const [kernel] of all) kernel.dispose();
      await Promise.all(all.map(([, released]) => released));
    },
  };
}

function providerOf(names: readonly string[]): Provider {
  const [name] = names;
  const provider = name === undefined ? undefined : providers[name];
  if (!provider || names.length !== 1)
    throw new TypeError(
      `executionProviders is one of ${Object.keys(providers)
        .map((p) => `["${p}"]`)
        .join(", ")}, not ${JSON.stringify(names)}`,
    );
  return provider;
}
