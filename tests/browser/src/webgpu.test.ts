/** ONNX Runtime's WebGPU provider: everything on the GPU, data that stays there, any number of calls at once. */
import { createOnnxBackend, exportOnnx, type GpuDevice, providers } from "@isoloss/backend-onnx";
import * as core from "@isoloss/core";
import { type Node, type Op, program, type TypedArray, UnsupportedError } from "@isoloss/core";
import { interpret } from "@isoloss/core/reference";
import * as ort from "onnxruntime-web/webgpu";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const backend = createOnnxBackend({ ort, executionProviders: ["webgpu"] });
afterAll(() => backend.dispose());

const float = (name: string, ...axes: string[]): Node => core.input(name, axes, "float32");
const index = core.input("label", ["0"], "int32");
const x = float("x", "0", "C");
const y = float("y", "C");
const positive = core.add(core.abs(x), 0.5);
const { neg, abs, sign, exp, log, log1p, sqrt, trunc, add, sub, mul, div, lt, le, eq, and, or, not, cast } = core;

/** One program a primitive; the reference says what is right. */
const primitives: Readonly<Record<Exclude<Op, "input" | "parameter">, Node>> = {
  constant: mul(x, 2),
  extent: mul(x, core.extent("0", "float32")),
  iota: mul(x, cast(core.iota("C"), "float32")),
  expand: core.expand(y, ["0", "C"]),
  sum: core.sum(x, "C"),
  max: core.max(x, "C"),
  pick: core.pick(x, "C", index),
  neg: neg(x),
  abs: abs(x),
  sign: sign(x),
  exp: exp(x),
  log: log(positive),
  log1p: log1p(positive),
  sqrt: sqrt(positive),
  trunc: trunc(mul(x, 3)),
  not: not(lt(x, y)),
  cast: cast(lt(x, 0), "float32"),
  add: add(x, y),
  sub: sub(x, y),
  mul: mul(x, y),
  div: div(x, positive),
  lt: lt(x, y),
  le: le(x, y),
  eq: eq(core.iota("C"), index),
  and: and(lt(x, 0), lt(x, y)),
  or: or(lt(x, 0), lt(x, y)),
  where: core.where(lt(x, y), x, y),
};
const [N, C] = [6, 5];
const data: Readonly<Record<string, TypedArray>> = {
  x: Float32Array.from({ length: N * C }, (_, i) => Math.sin(7 * i) * 3),
  y: Float32Array.from({ length: C }, (_, i) => Math.cos(5 * i)),
  label: Int32Array.from({ length: N }, (_, i) => (3 * i) % C),
};
const extentsOf = (p: core.Program): number[] => p.axes.map((a) => (a === "C" ? C : N));
const feedsOf = (p: core.Program): TypedArray[] => p.inputs.map((port) => data[port.name] as TypedArray);

/** Largest difference to the reference, relative to the largest value. */
function error(p: core.Program, got: readonly unknown[]): number {
  const wanted = interpret(p, feedsOf(p) as Float32Array[], extentsOf(p));
  return Math.max(
    ...wanted.map((w, i) => {
      const scale = Math.max(1, ...w.map(Math.abs));
      return Math.max(0, ...w.map((v, k) => Math.abs(v - Number((got[i] as TypedArray)[k])) / scale));
    }),
  );
}
const written = (outputs: readonly Node[], first: readonly string[] = []): core.Program =>
  program(core.decompose(outputs, backend.primitives, backend.name), first);

const logp = core.logSoftmax(x, "C");
const crossEntropy = core.mean(neg(core.pick(logp, "C", index)), "0");
const trained = written([crossEntropy, ...core.grad(crossEntropy, [x], core.constant(1, "float32"))], ["0", "C"]);

describe("onnx:webgpu", () => {
  beforeAll(async () => {
    const adapter = await navigator.gpu.requestAdapter();
    expect(adapter, "this browser has no WebGPU adapter").not.toBeNull();
    console.log(`WebGPU adapter: ${adapter?.info.vendor} ${adapter?.info.architecture}`);
  });

  it("creates no session of which a node would run on the CPU", async () => {
    // No kernel on the GPU adds int64.
    const wide = core.input("w", ["0"], "int64");
    const model = exportOnnx(program([add(wide, wide)]));
    const options = { executionProviders: ["webgpu"], ...providers["webgpu"]?.session };
    const allowed = await ort.InferenceSession.create(model, { executionProviders: ["wasm"] });
    await allowed.release();
    await expect(ort.InferenceSession.create(model, options)).rejects.toThrow(/Can't create a session/);
  });

  for (const [op, node] of Object.entries(primitives))
    it(`runs ${op} on the GPU, as the reference does`, async () => {
      const p = written([node], ["0", "C"]);
      const kernel = await backend.compile(p);
      const got = await kernel.run(feedsOf(p), extentsOf(p), p.parameters);
      kernel.dispose();
      expect(error(p, got)).toBeLessThan(1e-5);
    });

  it("runs a loss and its gradient with one session for all sizes", async () => {
    const kernel = await backend.compile(trained);
    const got = await kernel.run(feedsOf(trained), extentsOf(trained), trained.parameters);
    expect(error(trained, got)).toBeLessThan(1e-5);
    const [empty] = await kernel.run([new Float32Array(0), new Int32Array(0)], [0, C], trained.parameters);
    expect(empty).toEqual(Float32Array.of(Number.NaN));
    kernel.dispose();
  });

  it("has the logarithms of 0 and of negative numbers, whatever the driver thinks of them", async () => {
    const p = written([log(float("v", "0"))]);
    const kernel = await backend.compile(p);
    const [got] = await kernel.run([Float32Array.of(0, -1, Infinity, 1)], [4], p.parameters);
    kernel.dispose();
    expect(got).toEqual(Float32Array.of(-Infinity, Number.NaN, Infinity, 0));
  });

  it("gives NaN for a class index out of range", async () => {
    const p = written([core.pick(x, "C", index)], ["0", "C"]);
    const kernel = await backend.compile(p);
    const [got] = await kernel.run([Float32Array.of(1, 2, 3, 4, 5, 6), Int32Array.of(-1, 1, 2)], [3, 2], p.parameters);
    kernel.dispose();
    expect(got).toEqual(Float32Array.of(Number.NaN, 4, Number.NaN));
  });

  it("refuses to compute in a type that the GPU lacks, and names the way out", async () => {
    const wide = core.input("w", ["0"], "float64");
    await expect(backend.compile(program([exp(wide)]))).rejects.toThrow(UnsupportedError);
    await expect(backend.compile(program([exp(wide)]))).rejects.toThrow(/float64.*onnx:wasm/);
  });

  it("answers 100 calls that are made at once, on kernels that are still being compiled", async () => {
    const doubled = program([mul(float("v", "0"), core.constant(0.3, "float32"))]);
    const other = createOnnxBackend({ ort, executionProviders: ["webgpu"] });
    const kernels = [backend.compile(doubled), other.compile(doubled), backend.compile(trained)] as const;
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        if (i % 10 === 9) {
          const kernel = await kernels[2];
          return error(trained, await kernel.run(feedsOf(trained), extentsOf(trained), trained.parameters)) < 1e-5;
        }
        const kernel = (await kernels[i % 2]) as Awaited<(typeof kernels)[0]>;
        const [got] = await kernel.run([Float32Array.of(i)], [1], Float64Array.of(2));
        return (got as Float32Array)[0] === 2 * i;
      }),
    );
    expect(answers).toEqual(answers.map(() => true));
    for (const k of kernels) (await k).dispose();
    await other.dispose();
  });

  it("disposes kernels that are running", async () => {
    const kernel = await backend.compile(trained);
    const running = [1, 2, 3].map(() => kernel.run(feedsOf(trained), extentsOf(trained), trained.parameters));
    kernel.dispose();
    for (const got of await Promise.all(running)) expect(error(trained, got)).toBeLessThan(1e-5);
  });
});

describe("data on the GPU", () => {
  const device = async (): Promise<GPUDevice> => await (ort.env.webgpu as unknown as { device: GPUDevice }).device;

  it("goes in and out without being read", async () => {
    const kernel = await backend.compile(trained);
    const logits = backend.alloc("float32", [N, C]);
    const labels = backend.alloc("int32", [N]);
    const gradient = backend.alloc("float32", [N, C]);
    const value = backend.alloc("float32", []);
    await logits.write(data["x"] as Float32Array);
    await labels.write(data["label"] as Int32Array);
    const feeds = trained.inputs.map((p) => (p.name === "x" ? logits : labels));
    const results = await kernel.run(feeds, extentsOf(trained), trained.parameters, [value, gradient]);
    expect(results).toEqual([value, gradient]);
    expect(error(trained, [await value.read(), await gradient.read()])).toBeLessThan(1e-5);
    // What one program leaves on the GPU is what the next one reads.
    const total = written([core.total(core.square(x))], ["0", "C"]);
    const second = await backend.compile(total);
    const [squares] = await second.run([gradient], [N, C], total.parameters);
    const norm = ((await gradient.read()) as Float32Array).reduce((s, g) => s + g * g, 0);
    expect((squares as Float32Array)[0]).toBeCloseTo(norm, 6);
    for (const b of [logits, labels, gradient, value, kernel, second]) b.dispose();
  });

  it("may be a tensor of ONNX Runtime", async () => {
    const kernel = await backend.compile(trained);
    const gpu = await device();
    const buffer = gpu.createBuffer({ size: 128, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST });
    gpu.queue.writeBuffer(buffer, 0, data["x"] as Float32Array<ArrayBuffer>);
    const tensor = ort.Tensor.fromGpuBuffer(buffer, { dataType: "float32", dims: [N, C] });
    const { data: logits, shape } = backend.adopt(tensor);
    expect(shape).toEqual([N, C]);
    const feeds = trained.inputs.map((p) => (p.name === "x" ? logits : (data["label"] as Int32Array)));
    expect(error(trained, await kernel.run(feeds, extentsOf(trained), trained.parameters))).toBeLessThan(1e-5);
    kernel.dispose();
    buffer.destroy();
  });

  it("with a class index out of range gives NaN as that row's loss and gradient, and as no other's", async () => {
    const loss = neg(core.pick(logp, "C", index));
    const p = written([loss, ...core.grad(loss, [x], core.expand(core.constant(1, "float32"), ["0"]))], ["0", "C"]);
    const only = written(core.grad(loss, [x], core.expand(core.constant(1, "float32"), ["0"])), ["0", "C"]);
    const labels = backend.alloc("int32", [3]);
    await labels.write(Int32Array.of(0, 2, -1));
    const feeds = (q: core.Program) => q.inputs.map((port) => (port.name === "x" ? new Float32Array(6) : labels));
    const [both, alone] = await Promise.all([p, only].map((q) => backend.compile(q)));
    const [rows, gradient] = await (both as core.Kernel<"async">).run(feeds(p), [3, 2], p.parameters);
    const [again] = await (alone as core.Kernel<"async">).run(feeds(only), [3, 2], only.parameters);
    const { NaN: none } = Number;
    expect(Array.from(rows as Float32Array, Number.isNaN)).toEqual([false, true, true]);
    for (const g of [gradient, again]) expect(g).toEqual(Float32Array.of(-0.5, 0.5, none, none, none, none));
    for (const b of [labels, both, alone]) b?.dispose();
  });

  it("leaks nothing in 1,000 calls", async () => {
    const gpu = (await device()) as unknown as GpuDevice;
    let [live, made] = [0, 0];
    const create = gpu.createBuffer.bind(gpu);
    gpu.createBuffer = (descriptor) => {
      const buffer = create(descriptor);
      const destroy = buffer.destroy.bind(buffer);
      live++;
      made++;
      buffer.destroy = () => {
        live--;
        destroy();
      };
      return buffer;
    };
    const own = createOnnxBackend({ ort, executionProviders: ["webgpu"], device: gpu });
    const kernel = await own.compile(trained);
    const gradient = own.alloc("float32", [N, C]);
    const call = () => kernel.run(feedsOf(trained), extentsOf(trained), trained.parameters, [undefined, gradient]);
    for (let i = 0; i < 50; i++) await call();
    const [before, heap] = [live, memory()];
    for (let i = 0; i < 1000; i++) {
      await call();
      if (i % 100 === 0) await gradient.read();
    }
    const grown = memory() - heap;
    expect(made).toBeGreaterThan(0);
    expect(live - before, "GPU buffers").toBeLessThanOrEqual(0);
    expect(grown, "bytes of JavaScript").toBeLessThan(1e6);
    gradient.dispose();
    await own.dispose();
    expect(own.sessions).toBe(0);
  });
});

/** Bytes of JavaScript in use, when all that can be is collected. */
function memory(): number {
  const page = globalThis as unknown as { gc(): void; performance: { memory: { usedJSHeapSize: number } } };
  page.gc();
  return page.performance.memory.usedJSHeapSize;
}
