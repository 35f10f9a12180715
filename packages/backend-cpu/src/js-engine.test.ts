import { graphCase } from "@isoloss/conformance";
import { type FloatDType, print, type TypedArray } from "@isoloss/core";
import { createReferenceBackend } from "@isoloss/core/reference";
import { describe, expect, it } from "vitest";
import { createCpuBackend } from "./index.ts";
import { JsKernel } from "./js-engine.ts";
import { squaredError } from "./losses.test.support.ts";
import { sameBits } from "./same-bits.test.support.ts";

const reference = createReferenceBackend();
const floats: readonly FloatDType[] = ["float32", "float64", "float16", "bfloat16"];
const transcendental = /\b(exp|log|log1p)\(/;

/** Runs each program twice, as scratch is reused, and returns how many outputs agreed. */
function compare(from: number, to: number, tileBytes: readonly number[]): number {
  const engines = tileBytes.map((bytes) => createCpuBackend({ engine: "js", tuning: { tileBytes: bytes } }));
  let compared = 0;
  for (let seed = from; seed < to; seed++) {
    const { program, extents, feeds } = graphCase(seed, floats[(seed >> 2) % 4] as FloatDType, floats);
    if (transcendental.test(print(program.outputs))) continue;
    const expected = reference.compile(program).run(feeds, extents, program.parameters);
    const kernel = (engines[seed % engines.length] as (typeof engines)[number]).compile(program);
    kernel.run(feeds, extents, program.parameters);
    const got = kernel.run(feeds, extents, program.parameters);
    program.outputs.forEach((o, i) => {
      const ok = sameBits(got[i] as TypedArray, expected[i] as TypedArray, o.dtype);
      if (!ok)
        expect.fail(
          `seed ${seed}, output ${i}\n${print(program.outputs)}\n${program.axes}: ${extents}\n${got[i]}\n${expected[i]}`,
        );
      compared++;
    });
  }
  return compared;
}

/** Node tells how much its arrays take; this package compiles without Node's types. */
const { memoryUsage } = (globalThis as unknown as { process: { memoryUsage(): { arrayBuffers: number } } }).process;

describe("the JavaScript engine", () => {
  it("agrees with the reference bit for bit on random graphs without exp and log", () => {
    expect(compare(0, 1500, [64 << 10])).toBeGreaterThan(700);
  });
  it("agrees in tiles so small that every graph crosses several", () => {
    expect(compare(2000, 4000, [16, 80, 512, 8192])).toBeGreaterThan(900); // 1, 5, 32 and 512 elements
  });
  it("takes the same memory whatever the number of rows", () => {
    const p = squaredError();
    const [few, many] = [1 << 14, 1 << 21].map((n) => {
      const kernel = new JsKernel(p);
      const feeds = p.inputs.map(() => new Float32Array(n));
      const outputs = p.outputs.map((o) => new Float32Array(o.axes.length ? n : 1));
      const before = memoryUsage().arrayBuffers;
      kernel.run(feeds, [n], p.parameters, outputs);
      const grown = memoryUsage().arrayBuffers - before;
      return { scratch: kernel.scratchBytes, grown };
    });
    expect(many?.scratch).toBe(few?.scratch);
    expect(many?.scratch).toSatisfy((n: number) => n > 0 && n < 1 << 18);
    expect(many?.grown).toBeLessThan(1 << 20);
  });
});
