import { print, type TypedArray } from "@isoloss/core";
import { createReferenceBackend } from "@isoloss/core/reference";
import { describe, expect, it } from "vitest";
import { createCpuBackend } from "./index.ts";
import { randomCase } from "./random-graph.test.support.ts";
import { sameBits } from "./same-bits.test.support.ts";

const reference = createReferenceBackend();
const js = createCpuBackend({ engine: "js" });
const transcendental = /\b(exp|log|log1p)\(/;

describe("the JavaScript engine", () => {
  it("agrees with the reference bit for bit on random graphs without exp and log", () => {
    let compared = 0;
    for (let seed = 0; seed < 1500; seed++) {
      const { program, extents, feeds } = randomCase(seed, ["float32", "float64", "float16", "bfloat16"]);
      if (transcendental.test(print(program.outputs))) continue;
      const expected = reference.compile(program).run(feeds, extents, program.parameters);
      const got = js.compile(program).run(feeds, extents, program.parameters);
      program.outputs.forEach((o, i) => {
        const ok = sameBits(got[i] as TypedArray, expected[i] as TypedArray, o.dtype);
        if (!ok)
          expect.fail(`seed ${seed}, output ${i}\n${print(program.outputs)}\n${extents}\n${got[i]}\n${expected[i]}`);
        compared++;
      });
    }
    expect(compared).toBeGreaterThan(700);
  }, 120_000);
});
