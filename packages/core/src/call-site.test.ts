import { describe, expect, it } from "vitest";
import {
  type Contract,
  createCallSite,
  createEngine,
  type Engine,
  Lru,
  type Tensor,
  toTensor,
  trailing,
} from "./index.ts";
import { squaredError } from "./losses/index.ts";
import { createReferenceBackend } from "./reference.ts";

const tensor = (data: readonly number[]): Tensor => toTensor(data, "x");
const squared: Contract = {
  inputs: { input: { port: "x" }, target: { port: "y" } },
  options: {},
  refuses: {},
  layout: ({ inputs: { input } }) => {
    const x = trailing(input?.shape ?? []);
    return { ports: { x, y: x }, value: x };
  },
  dtypes: () => ({ compute: "float32", result: "float32" }),
  gradient: { of: ["input"], refuses: {} },
  define: () => ({ loss: squaredError }),
  reduction: () => ({ kind: "mean", rule: { by: "count", whenZero: "nan" } }),
};
const request = (x: readonly number[]) => ({
  inputs: { input: tensor(x), target: tensor(x.map(() => 0)) },
  options: {},
  gradients: ["input"],
});

/** The reference, counting what it compiles and disposes. */
function counting(kernels: number): { engine: Engine<"sync">; compiled: () => number; disposed: () => number } {
  const backend = createReferenceBackend();
  let compiled = 0;
  let disposed = 0;
  const engine = createEngine(
    {
      ...backend,
      compile(p) {
        compiled++;
        const kernel = backend.compile(p);
        return { run: (...args) => kernel.run(...args), dispose: () => void disposed++ };
      },
    },
    { kernels },
  );
  return { engine, compiled: () => compiled, disposed: () => disposed };
}

describe("a call site", () => {
  it("settles a call that runs again with other data of the same signature", () => {
    const site = createCallSite(createEngine(createReferenceBackend()), squared, "class");
    const call = site.settle(request([1, 2]));
    expect(call.run(request([1, 3])).value?.item()).toBe(5);
    expect(call.run(request([3, 3])).grads["input"]?.tolist()).toEqual([3, 3]);
    expect(site.settle(request([5, 6]))).toBe(call);
    expect(site.settle(request([5, 6, 7]))).not.toBe(call);
  });
  it("refuses an output that cannot hold its gradient, before anything is written", () => {
    const site = createCallSite(createEngine(createReferenceBackend()), squared, "class");
    const short = new Float32Array(1);
    expect(() => site.run({ ...request([1, 2]), out: { input: short } })).toThrow(/out\.input has 1 .*shape \[2\]/);
    expect(() => site.run({ ...request([1, 2]), out: { input: new Float64Array(2) } })).toThrow(/Float32Array/);
    expect(short[0]).toBe(0);
  });
});

describe("an engine", () => {
  it("compiles again what it has dropped, and drops what is not used before what is", () => {
    const { engine, compiled, disposed } = counting(2);
    const used = createCallSite(engine, squared, "class");
    const unused = createCallSite(engine, squared, "class");
    used.run(request([1]));
    unused.run({ ...request([1]), gradients: [] });
    used.run(request([2])); // through the kernel that it holds
    createCallSite(engine, squared, "class").run({ ...request([1]), value: false });
    expect([compiled(), disposed(), engine.size]).toEqual([3, 1, 2]);
    used.run(request([3]));
    expect(compiled()).toBe(3);
    expect(unused.run({ ...request([2]), gradients: [] }).value?.item()).toBe(4);
    expect(compiled()).toBe(4);
  });
  it("frees its kernels, and compiles again after that", () => {
    const { engine, compiled, disposed } = counting(2);
    const site = createCallSite(engine, squared, "class");
    site.run(request([1]));
    engine.dispose();
    expect(disposed()).toBe(1);
    site.run(request([1]));
    expect(compiled()).toBe(2);
  });
  it("forgets a program that could not be compiled", async () => {
    const sync = createReferenceBackend();
    let fail = true;
    const engine = createEngine({
      ...sync,
      mode: "async" as const,
      compile: async (p: Parameters<typeof sync.compile>[0]) => {
        if (fail) throw new Error("out of memory");
        const kernel = sync.compile(p);
        return { ...kernel, run: async (...args: Parameters<typeof kernel.run>) => kernel.run(...args) };
      },
    });
    const site = createCallSite(engine, squared, "class");
    await expect(site.run(request([1]))).rejects.toThrow("out of memory");
    fail = false;
    expect((await site.run(request([1]))).value?.item()).toBe(1);
  });
});

describe("a bounded cache", () => {
  it("never drops what was just put in", () => {
    const dropped: number[] = [];
    const cache = new Lru<string, number>(1, (n) => dropped.push(n));
    cache.set("a", 1);
    cache.get("a");
    cache.set("b", 2);
    expect(dropped).toEqual([1]);
    expect(cache.get("b")).toBe(2);
  });
  it("drops what was not used before what was", () => {
    const dropped: number[] = [];
    const cache = new Lru<string, number>(2, (n) => dropped.push(n));
    cache.set("a", 1);
    cache.set("b", 2);
    cache.get("a");
    cache.set("c", 3);
    cache.set("d", 4);
    expect(dropped).toEqual([2, 3]);
  });
});

describe("a tensor that a call gives back", () => {
  it("nests its numbers by dimension, decodes halves, and has an item only if it is one", () => {
    const site = createCallSite(createEngine(createReferenceBackend()), squared, "class");
    const { value, grads } = site.run({
      ...request([0, 0]),
      inputs: {
        input: toTensor([[1], [2]], "input"),
        target: toTensor({ data: Uint16Array.of(0x3c00, 0), shape: [2, 1], dtype: "float16" }, "target"),
      },
    });
    expect(value?.tolist()).toBe(2);
    expect(grads["input"]?.tolist()).toEqual([[0], [2]]);
    expect(() => grads["input"]?.item()).toThrow(/2 elements/);
  });
});
