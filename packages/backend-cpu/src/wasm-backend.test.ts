import { input, program, sum, trunc } from "@isoloss/core";
import { describe, expect, it } from "vitest";
import { createCpuBackend, createJsBackend, createWasmBackend, jsEngine } from "./index.ts";
import { squaredError } from "./losses.test.support.ts";

const halves = program([sum(trunc(input("x", ["0"], "float16")), "0")]);
const nothing = (): [Float32Array, Float32Array] => [new Float32Array(0), new Float32Array(0)];

describe("createWasmBackend", () => {
  it("computes what createCpuBackend computes", () => {
    const p = squaredError();
    const feeds = [Float32Array.of(1, 2, 3), Float32Array.of(0, 4, 3.5)];
    const [small, full] = [createWasmBackend(), createCpuBackend({ engine: "wasm" })];
    expect(small).toMatchObject({ name: "cpu", engine: "wasm" });
    const [a, b] = [small, full].map((backend) => backend.compile(p).run(feeds, [3], p.parameters));
    expect(a).toEqual(b);
  });
  it("refuses what its compiler does not take, and says the way out", () => {
    expect(() => createWasmBackend().compile(halves)).toThrow(/float16.*createCpuBackend/);
    const p = squaredError();
    expect(() => createWasmBackend().compile(p).run(nothing(), [0], p.parameters)).toThrow(/nothing.*fallback/);
  });
  it("hands that to the engine that it is given", () => {
    const backend = createWasmBackend({ fallback: jsEngine });
    const kernel = backend.compile(halves);
    expect(kernel).toMatchObject({ engine: "js", engineReason: expect.stringMatching(/float16/) });
    expect(kernel.run([Uint16Array.of(0x3e00, 0x4100)], [2], halves.parameters)).toEqual([Uint16Array.of(0x4200)]);
    const p = squaredError();
    expect(backend.compile(p).run(nothing(), [0], p.parameters)).toHaveLength(p.outputs.length);
  });
});

it("createJsBackend compiles no WebAssembly", () => {
  expect(createJsBackend()).toMatchObject({ name: "cpu:js", engine: "js", engineReason: "asked for", memoryBytes: 0 });
  expect(createJsBackend().compile(squaredError())).toMatchObject({ engine: "js" });
});
