/** Sessions of ONNX Runtime as a kernel: who runs when, what is released when. */
import type { Extents, Feed, Feeds, Kernel, Outputs } from "@isoloss/core";
import type { Binding, Tensors } from "./binding.ts";
import { isGpuTensorBuffer } from "./gpu.ts";
import type { OrtSession, Queue } from "./runtime.ts";

/** A kernel whose sessions are gone when `released` is settled. */
export interface OnnxKernel extends Kernel<"async"> {
  readonly released: Promise<void>;
}

export interface Sessions {
  readonly main: OrtSession;
  /** Creates the session for calls with an extent of 0, where the main one cannot serve them. */
  readonly empty?: () => Promise<OrtSession>;
  readonly queue: Queue;
  /** Runs need not wait for each other. */
  readonly concurrent: boolean;
}

export function createKernel(binding: Binding, { main, empty, queue, concurrent }: Sessions): OnnxKernel {
  let running = 0;
  let disposed = false;
  let forEmpty: Promise<OrtSession> | undefined;
  let settle: () => void;
  const released = new Promise<void>((resolve) => {
    settle = resolve;
  });

  function releaseIfIdle(): void {
    if (!disposed || running > 0) return;
    const release = async (): Promise<void> => {
      await main.release();
      await (await forEmpty)?.release();
    };
    queue.add(release).then(settle, settle);
  }

  async function run(
    session: OrtSession,
    feeds: Tensors,
    fetches: Readonly<Record<string, unknown>>,
  ): Promise<Tensors> {
    const task = () => session.run(feeds, fetches) as Promise<Tensors>;
    return concurrent ? task() : queue.add(task);
  }

  /** Where there is nothing to compute with: data comes from the GPU and goes back there through JavaScript. */
  async function runEmpty(
    open: () => Promise<OrtSession>,
    feeds: Feeds,
    extents: Extents,
    parameters: Float64Array,
    outputs: readonly (Feed | undefined)[],
  ): Promise<Outputs> {
    forEmpty ??= open();
    const here = await Promise.all(feeds.map((f) => (isGpuTensorBuffer(f) ? f.read() : f)));
    const made = outputs.map((o) => (isGpuTensorBuffer(o) ? undefined : o));
    const tensors = await run(await forEmpty, binding.feeds(here, extents, parameters), binding.fetches([], extents));
    const results = binding.results(tensors, made);
    for (const [i, o] of outputs.entries()) if (isGpuTensorBuffer(o)) o.write(results[i] as Float32Array);
    return results.map((r, i) => outputs[i] ?? r);
  }

  return {
    released,
    async run(feeds, extents, parameters, outputs = []) {
      if (disposed) throw new TypeError("this kernel is disposed");
      running++;
      try {
        if (empty && extents.includes(0)) return await runEmpty(empty, feeds, extents, parameters, outputs);
        const bound = binding.feeds(feeds, extents, parameters);
        return binding.results(await run(main, bound, binding.fetches(outputs, extents)), outputs);
      } finally {
        running--;
        releaseIfIdle();
      }
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      releaseIfIdle();
    },
  };
}
