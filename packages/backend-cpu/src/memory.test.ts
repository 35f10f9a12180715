import { random } from "@isoloss/conformance";
import type { Node, Program, TypedArray } from "@isoloss/core";
import { describe, expect, it, vi } from "vitest";
import { type CpuBackend, createCpuBackend } from "./index.ts";
import { cosine, logistic, softmax, squaredError } from "./losses.test.support.ts";
import { Memory } from "./memory.ts";
import { sameBits } from "./same-bits.test.support.ts";

const programs: readonly (readonly [string, Program, readonly number[]])[] = [
  ["squared error", squaredError(), [20_001]],
  ["logistic", logistic(), [10_007]],
  ["softmax, long rows", softmax(["0", "C"]), [37, 1001]],
  ["softmax, short rows", softmax(["0", "C"]), [3001, 10]],
  ["softmax, two classes", softmax(["0", "C"]), [1003, 2]],
  ["softmax, strided", softmax(["1", "C", "0"]), [3, 21, 997]],
  ["softmax, a row that is longer than a tile", softmax(["0", "C"]), [2, 250_000]],
  ["softmax, weighted", softmax(["0", "C"], "float32", true), [70, 45]],
  ["softmax in float64", softmax(["0", "C"], "float64"), [50, 200]],
  ["cosine", cosine(), [501, 128]],
];
const sizeOf = (p: Program, axes: readonly string[], extents: readonly number[]): number =>
  axes.reduce((n, a) => n * (extents[p.axes.indexOf(a)] as number), 1);
function feedsFor(p: Program, extents: readonly number[]): TypedArray[] {
  const r = random(5);
  const classes = extents[p.axes.indexOf("C")] ?? 1;
  return p.inputs.map(({ axes, dtype }) => {
    const length = sizeOf(p, axes, extents);
    if (dtype === "int32") return Int32Array.from({ length }, () => (r.below(9) ? r.below(classes) : -100));
    const make = (): number => r.unit() * 12 - 6;
    return dtype === "float64" ? Float64Array.from({ length }, make) : Float32Array.from({ length }, make);
  });
}
const guard = (backend: CpuBackend): TypedArray => {
  const data = backend.alloc("float32", [64]).data as Float32Array;
  return data.fill(7);
};

describe("arrays in the backend's memory", () => {
  it.each(programs)("%s has the bits of the streamed call and writes nowhere else", (_, p, extents) => {
    const backend = createCpuBackend({ engine: "wasm" });
    const feeds = feedsFor(p, extents);
    const kernel = backend.compile(p);
    const streamed = kernel.run(feeds, extents, p.parameters) as TypedArray[];
    const again = createCpuBackend({ engine: "js" }).compile(p).run(feeds, extents, p.parameters) as TypedArray[];
    const resident = feeds.map((f, i) => {
      const buffer = backend.alloc(p.inputs[i]?.dtype ?? "float32", [f.length]);
      buffer.write(f);
      return buffer;
    });
    const outputs = p.outputs.map((o) => backend.alloc(o.dtype, [sizeOf(p, o.axes, extents)]));
    guard(backend);
    const behind = backend.alloc("float32", [64]);
    (behind.data as Float32Array).fill(7);
    const results = kernel.run(resident, extents, p.parameters, outputs);
    p.outputs.forEach((o, i) => {
      expect(results[i]).toBe(outputs[i]);
      expect(sameBits(streamed[i] as TypedArray, again[i] as TypedArray, o.dtype)).toBe(true);
      expect(sameBits(outputs[i]?.data as TypedArray, streamed[i] as TypedArray, o.dtype)).toBe(true);
    });
    resident.forEach((b, i) => {
      expect(sameBits(b.data as TypedArray, feeds[i] as TypedArray, b.dtype)).toBe(true);
    });
    expect((behind.data as Float32Array).every((x) => x === 7)).toBe(true);
    const others = feeds.map((f) => f.slice().reverse());
    const fresh = createCpuBackend({ engine: "wasm" }).compile(p).run(others, extents, p.parameters) as TypedArray[];
    kernel.run(others, extents, p.parameters).forEach((x, i) => {
      const { dtype } = p.outputs[i] as Node;
      expect(sameBits(x as TypedArray, fresh[i] as TypedArray, dtype), "a streamed call after it").toBe(true);
    });
  });
  it("are zeros, keep what is written, and refuse after their disposal", async () => {
    const buffer = createCpuBackend({ engine: "wasm" }).alloc("float64", [2, 3]);
    expect(Array.from(buffer.data as Float64Array)).toEqual([0, 0, 0, 0, 0, 0]);
    buffer.write(Float64Array.of(1, 2, 3, 4, 5, 6));
    expect(await buffer.read()).toEqual(Float64Array.of(1, 2, 3, 4, 5, 6));
    buffer.dispose();
    expect(() => buffer.data).toThrow(/disposed/);
  });
  it("are refused where they belong to another kind of backend", () => {
    const p = squaredError();
    const foreign = {
      backend: "gpu",
      dtype: "float32",
      length: 3,
      data: undefined,
      read: async () => new Float32Array(3),
      write() {},
      dispose() {},
    } as const;
    expect(() => createCpuBackend({ engine: "wasm" }).compile(p).run([foreign, foreign], [3], p.parameters)).toThrow(
      /gpu/,
    );
  });
});

describe("the memory", () => {
  it("gives out blocks that do not overlap, and takes them back", () => {
    const memory = new Memory();
    const r = random(3);
    const blocks: { address: number; bytes: number }[] = [];
    let most = 0;
    for (let i = 0; i < 4000; i++) {
      if (blocks.length > 20) memory.free((blocks.splice(r.below(blocks.length), 1)[0] as { address: number }).address);
      const bytes = 1 << r.below(16);
      const address = memory.allocate(bytes);
      expect(address % 64).toBe(16);
      expect(address + bytes).toBeLessThanOrEqual(memory.buffer.byteLength);
      for (const b of blocks) expect(address + bytes <= b.address || b.address + b.bytes <= address).toBe(true);
      blocks.push({ address, bytes });
      if (i === 1000) most = memory.buffer.byteLength;
    }
    expect(memory.buffer.byteLength).toBeLessThanOrEqual(2 * most);
    for (const b of blocks) memory.free(b.address);
    memory.allocate(memory.buffer.byteLength - 4096);
    expect(memory.buffer.byteLength).toBeLessThanOrEqual(2 * most);
  });
  it("keeps the scratch area where the system refuses a larger one", () => {
    const memory = new Memory();
    memory.reserve(100_000);
    const { scratchAddress } = memory;
    const grow = vi.spyOn(WebAssembly.Memory.prototype, "grow").mockImplementation(() => {
      throw new RangeError("no more");
    });
    expect(() => memory.reserve(1 << 30)).toThrow("no more");
    grow.mockRestore();
    expect(memory.scratchAddress).toBe(scratchAddress);
    const block = memory.allocate(50_000);
    expect(block + 50_000 <= scratchAddress || block >= scratchAddress + 100_000).toBe(true);
  });
});

describe("streaming", () => {
  it("gives the same bits whatever the sizes of tiles and blocks", () => {
    for (const [name, p, extents] of programs) {
      const feeds = feedsFor(p, extents);
      const run = (tuning: object): TypedArray[] =>
        createCpuBackend({ tuning }).compile(p).run(feeds, extents, p.parameters) as TypedArray[];
      const usual = run({});
      for (const tuning of [
        { tileBytes: 1024, blockRows: 16 },
        { blockBytes: 256, sliceBytes: 64 },
        { tileBytes: 1 << 20 },
      ])
        run(tuning).forEach((x, i) => {
          expect(sameBits(x, usual[i] as TypedArray, p.outputs[i]?.dtype ?? "float32"), name).toBe(true);
        });
    }
  });
  it("takes a few megabytes whatever the size of the input", () => {
    const backend = createCpuBackend({ engine: "wasm" });
    const p = squaredError();
    const kernel = backend.compile(p);
    const x = new Float32Array(1 << 24).fill(3);
    const [value] = kernel.run([x, new Float32Array(x.length).fill(1)], [x.length], p.parameters) as TypedArray[];
    expect(value?.[0]).toBe(4);
    expect(backend.memoryBytes).toBeLessThan(2 << 20);
  });
  it("writes to the caller's arrays and allocates none for them", () => {
    const p = squaredError();
    const outputs = [new Float32Array(1), new Float32Array(5)];
    const results = createCpuBackend({ engine: "wasm" })
      .compile(p)
      .run([new Float32Array(5).fill(2), new Float32Array(5)], [5], p.parameters, outputs);
    expect(results[0]).toBe(outputs[0]);
    expect(results[1]).toBe(outputs[1]);
    expect(Array.from(outputs[1] as Float32Array)).toEqual(Array(5).fill(Math.fround(0.8)));
  });
});

describe("a mean over four million elements", () => {
  it("is right to 1e-7 and does not depend on the tiles", () => {
    const p = squaredError();
    const r = random(1);
    const n = 4 << 20;
    const x = Float32Array.from({ length: n }, () => r.unit() * 5);
    const y = Float32Array.from({ length: n }, () => r.unit());
    let exact = 0;
    for (let i = 0; i < n; i++) exact += Math.fround(Math.fround((x[i] as number) - (y[i] as number)) ** 2);
    const mean = (tuning: object): number =>
      Number((createCpuBackend({ tuning }).compile(p).run([x, y], [n], p.parameters)[0] as TypedArray)[0]);
    expect(Math.abs(mean({}) / (exact / n) - 1)).toBeLessThan(1e-7);
    expect(mean({ tileBytes: 4096 })).toBe(mean({}));
  });
});
