import { graphCase } from "@isoloss/conformance";
import { type FloatDType, print, type TypedArray } from "@isoloss/core";
import { describe, expect, it } from "vitest";
import { createCpuBackend } from "./index.ts";
import { sameBits } from "./same-bits.test.support.ts";

const js = createCpuBackend({ engine: "js" });
/** Tiles and blocks so small that every graph crosses several. */
const small = { tileBytes: 512, sliceBytes: 128, stridedBytes: 2048, blockBytes: 512, blockRows: 32 };

function compare(from: number, to: number, dtypes: readonly FloatDType[], tuning: object): number {
  const wasm = createCpuBackend({ engine: "wasm", tuning });
  let compiled = 0;
  for (let seed = from; seed < to; seed++) {
    const { program, extents, feeds } = graphCase(seed, dtypes[seed % dtypes.length] as FloatDType, [
      "float32",
      "float64",
    ]);
    const expected = js.compile(program).run(feeds, extents, program.parameters);
    const kernel = wasm.compile(program);
    const got = kernel.run(feeds, extents, program.parameters);
    if (kernel.engine === "wasm") compiled++;
    program.outputs.forEach((o, i) => {
      if (!sameBits(got[i] as TypedArray, expected[i] as TypedArray, o.dtype))
        expect.fail(
          `seed ${seed}, output ${i}\n${print(program.outputs)}\n${program.axes}: ${extents}\n${got[i]}\n${expected[i]}`,
        );
    });
    kernel.dispose();
  }
  return compiled;
}

describe("the WebAssembly engine has the bits of the JavaScript engine on random graphs", () => {
  it("in float32", () => {
    expect(compare(0, 1500, ["float32"], {})).toBeGreaterThan(1000);
  }, 120_000);
  it("in float64", () => {
    expect(compare(10_000, 10_700, ["float64"], {})).toBeGreaterThan(400);
  }, 120_000);
  it("in small tiles and blocks", () => {
    expect(compare(20_000, 21_500, ["float32", "float64"], small)).toBeGreaterThan(1000);
  }, 120_000);
});
