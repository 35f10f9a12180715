import { type Backend, decoder, fromNumbers } from "@isoloss/core";
import { createReferenceBackend } from "@isoloss/core/reference";
import { describe, expect, it } from "vitest";
import { groupsOf, type LossGroup } from "./cases.ts";
import type { Tolerance } from "./compare.ts";
import { testKernels } from "./kernels.ts";
import { checkGraph, checkLoss } from "./suite.ts";

const bound = { relative: 1e-5, absolute: 1e-6 };
const near: Tolerance = { float32: bound, float64: bound, float16: bound, bfloat16: bound };

/** The reference, with each number of its answers put through `spoil`. */
function spoilt(spoil: (x: number) => number): Backend<"sync"> {
  const backend = createReferenceBackend();
  return {
    ...backend,
    compile(program) {
      const kernel = backend.compile(program);
      const run: typeof kernel.run = (feeds, extents, parameters) =>
        kernel.run(feeds, extents, parameters).map((data, i) => {
          const dtype = program.outputs[i]?.dtype ?? "float32";
          const decode = decoder(dtype);
          return fromNumbers(
            Array.from(data as Float32Array, (x) => spoil(decode(Number(x)))),
            dtype,
          );
        });
      return { ...kernel, run };
    },
  };
}

const groups = groupsOf("binaryCrossEntropyClamped").filter((g) => g.name.includes("flat › float32"));
const failures = async (backend: Backend, tolerance: Tolerance): Promise<readonly string[]> =>
  (await Promise.all(groups.map((g: LossGroup) => checkLoss(backend, g, g.runs, tolerance)))).flat();

describe("the suite", () => {
  it("finds nothing wrong with the reference", async () => {
    expect(await failures(createReferenceBackend(), { exact: true })).toEqual([]);
    for (let seed = 0; seed < 60; seed++)
      expect(await checkGraph(createReferenceBackend(), seed, "float32", { exact: true })).toBeUndefined();
  });
  it.each([
    ["hides NaN", (x: number) => (Number.isNaN(x) ? 0 : x)],
    ["hides infinities", (x: number) => Math.max(-3.4e38, Math.min(3.4e38, x))],
    ["is off by 1e−4", (x: number) => x * 1.0001],
  ])("notices a backend that %s", async (_, spoil) => {
    expect((await failures(spoilt(spoil), near)).length).toBeGreaterThan(5);
  });
  it("notices a lost sign of zero, and a lost bit, where bits are asked for", async () => {
    const exact: Tolerance = { ...near, exact: true };
    const squared = groupsOf("squaredError").filter((g) => g.name.includes("flat › float32"));
    const found = async (spoil: (x: number) => number): Promise<number> =>
      (await Promise.all(squared.map((g) => checkLoss(spoilt(spoil), g, g.runs, exact)))).flat().length;
    expect(await found((x) => x + 0)).toBeGreaterThan(0);
    expect(await found((x) => x * (1 + 1.3e-7))).toBeGreaterThan(5);
  });
  it("notices in random graphs what a backend gets wrong", async () => {
    let found = 0;
    for (let seed = 0; seed < 100; seed++)
      if (
        await checkGraph(
          spoilt((x) => x * 1.001),
          seed,
          "float32",
          near,
        )
      )
        found++;
    expect(found).toBeGreaterThan(30);
  });
});

describe("the reference", () => {
  testKernels(createReferenceBackend(), { exact: true });
});
