import { constant, exp, input, mul, program, sum, type TypedArray, UnsupportedError } from "@isoloss/core";
import { interpret } from "@isoloss/core/reference";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { createOnnxBackend, type OnnxBackendOptions } from "./index.ts";
import { cases, disagreement, prepare } from "./random-graph.test.support.ts";
import { runtimes } from "./runtimes.test.support.ts";

const x = input("x", ["0"], "float32");
const scaled = program([sum(mul(x, constant(0.3, "float32")), "0"), mul(x, constant(0.3, "float32"))]);
const half = new Float64Array([0.5]);

describe.each(Object.entries(runtimes))("%s", (_, runtime) => {
  const backend = createOnnxBackend(runtime);
  afterAll(() => backend.dispose());

  it("agrees with the reference on random graphs", async () => {
    await fc.assert(
      fc.asyncProperty(cases(["float32", "float64", "float16", "bfloat16"]), async (c) => {
        const prepared = prepare(c, backend);
        const kernel = await backend.compile(prepared.program);
        const got = await kernel.run(prepared.feeds, prepared.extents, prepared.program.parameters);
        kernel.dispose();
        const wrong = disagreement(interpret, prepared, got);
        if (wrong) throw new Error(wrong);
      }),
      { numRuns: 300 },
    );
  }, 120_000);

  it("serves every size and every parameter with one session", async () => {
    const kernel = await backend.compile(scaled);
    for (const n of [3, 0, 1, 1000, 3])
      for (const factor of [0.5, 2]) {
        const [total, all] = await kernel.run([new Float32Array(n).fill(2)], [n], Float64Array.of(factor));
        expect(total).toEqual(Float32Array.of(2 * factor * n));
        expect(all).toEqual(new Float32Array(n).fill(2 * factor));
      }
    kernel.dispose();
  });

  it("writes into the arrays that it is given, and returns them", async () => {
    const kernel = await backend.compile(scaled);
    const given = new Float32Array(2);
    const results = await kernel.run([Float32Array.of(1, 2)], [2], half, [undefined, given]);
    expect(results[1]).toBe(given);
    expect(given).toEqual(Float32Array.of(0.5, 1));
    kernel.dispose();
  });

  it("answers 100 calls that are made at once, on two kernels of two backends", async () => {
    const other = createOnnxBackend(runtime);
    const kernels = await Promise.all([backend.compile(scaled), other.compile(scaled)]);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => kernels[i % 2]?.run([Float32Array.of(i, 1)], [2], Float64Array.of(i + 1))),
    );
    expect(answers.map((a) => (a?.[1] as TypedArray | undefined)?.[0])).toEqual(answers.map((_, i) => i * (i + 1)));
    for (const k of kernels) k.dispose();
    await other.dispose();
  });

  it("lets running calls end before it releases their session, and refuses later ones", async () => {
    const own = createOnnxBackend(runtime);
    const kernel = await own.compile(scaled);
    const running = kernel.run([Float32Array.of(1)], [1], half);
    kernel.dispose();
    expect((await running)[1]).toEqual(Float32Array.of(0.5));
    await expect(kernel.run([Float32Array.of(1)], [1], half)).rejects.toThrow(/disposed/);
    await own.dispose();
    expect(own.sessions).toBe(0);
  });

  it("releases all sessions when it is disposed", async () => {
    const own = createOnnxBackend(runtime);
    await Promise.all([own.compile(scaled), own.compile(program([exp(x)]))]);
    expect(own.sessions).toBe(2);
    await own.dispose();
    expect(own.sessions).toBe(0);
  });

  it("refuses a provider that it has no record of", () => {
    expect(() => createOnnxBackend({ ...runtime, executionProviders: ["cuda"] })).toThrow(/"wasm".*not \["cuda"\]/);
  });
});

describe("onnx:webgpu, before anything runs", () => {
  const web = runtimes["onnx:wasm"] as OnnxBackendOptions;
  const gpu = createOnnxBackend({ ...web, executionProviders: ["webgpu"] });
  it("refuses what the provider cannot compute, with the way out", async () => {
    const wide = input("x", ["0"], "float64");
    await expect(gpu.compile(program([exp(wide)]))).rejects.toThrow(UnsupportedError);
    await expect(gpu.compile(program([exp(wide)]))).rejects.toThrow(/onnx:webgpu has no float64.*onnx:wasm/);
    const narrow = input("x", ["0"], "bfloat16");
    await expect(gpu.compile(program([mul(narrow, narrow)]))).rejects.toThrow(/cannot round to bfloat16 \(in mul\)/);
  });
});
