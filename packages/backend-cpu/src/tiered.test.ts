import { input, program, sum, type TypedArray, trunc } from "@isoloss/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createCpuBackend } from "./index.ts";
import { logistic } from "./losses.test.support.ts";
import { sameBits } from "./same-bits.test.support.ts";

const p = logistic();
const feeds = (n: number): Float32Array[] =>
  p.inputs.map((_, k) => Float32Array.from({ length: n }, (_, i) => Math.sin(i + k)));

afterEach(() => {
  vi.restoreAllMocks();
});

describe("createCpuBackend, unless told which engine", () => {
  it("compiles a program when its calls have become many, and its results keep their bits", () => {
    const kernel = createCpuBackend().compile(p);
    const modules = vi.spyOn(WebAssembly, "Module");
    const first = kernel.run(feeds(20), [20], p.parameters) as TypedArray[];
    expect(modules).not.toHaveBeenCalled();
    let [calls, last] = [1, first];
    for (; calls < 1000 && modules.mock.calls.length === 0; calls++)
      last = kernel.run(feeds(20), [20], p.parameters) as TypedArray[];
    expect(calls).toSatisfy((n: number) => n > 10 && n < 200);
    p.outputs.forEach((o, i) => {
      expect(sameBits(last[i] as TypedArray, first[i] as TypedArray, o.dtype)).toBe(true);
    });
  });
  it("hands resident arrays from one engine to the other", () => {
    const backend = createCpuBackend();
    const kernel = backend.compile(p);
    const given = feeds(20);
    const expected = kernel.run(given, [20], p.parameters) as TypedArray[];
    const resident = given.map((x) => {
      const buffer = backend.alloc("float32", [20]);
      buffer.write(x);
      return buffer;
    });
    const outputs = p.outputs.map((o) => backend.alloc(o.dtype, o.axes.length ? [20] : []));
    for (let calls = 0; calls < 100; calls++) {
      for (const o of outputs) o.data?.fill(0 as never);
      kernel.run(resident, [20], p.parameters, outputs);
      p.outputs.forEach((o, i) => {
        expect(sameBits(outputs[i]?.data as TypedArray, expected[i] as TypedArray, o.dtype)).toBe(true);
      });
    }
  });
  it("compiles it at once for a large call", () => {
    const kernel = createCpuBackend().compile(p);
    const modules = vi.spyOn(WebAssembly, "Module");
    kernel.run(feeds(1 << 16), [1 << 16], p.parameters);
    expect(modules).toHaveBeenCalledOnce();
  });
  it("says which engine will run it, and why", () => {
    expect(createCpuBackend().compile(p)).toMatchObject({ engine: "wasm", engineReason: undefined });
    const halves = program([sum(trunc(input("x", ["0"], "float16")), "0")]);
    expect(createCpuBackend().compile(halves)).toMatchObject({
      engine: "js",
      engineReason: expect.stringMatching(/float16/),
    });
  });
  it("compiles at once when WebAssembly is asked for", () => {
    const kernel = createCpuBackend({ engine: "wasm" }).compile(p);
    const modules = vi.spyOn(WebAssembly, "Module");
    kernel.run(feeds(20), [20], p.parameters);
    expect(modules).toHaveBeenCalledOnce();
  });
});
