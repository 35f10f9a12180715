import { graphCase } from "@isoloss/conformance";
import {
  cast,
  type FloatDType,
  input,
  log1p,
  lt,
  mul,
  neg,
  print,
  program,
  type TypedArray,
  where,
} from "@isoloss/core";
import { describe, expect, it } from "vitest";
import { createCpuBackend } from "./index.ts";
import { softmax } from "./losses.test.support.ts";
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

it("hands a cast to booleans to the JavaScript engine", () => {
  const x = input("x", ["0"], "float32");
  const p = program([cast(mul(x, x), "bool")]);
  const kernel = createCpuBackend({ engine: "wasm" }).compile(p);
  expect(kernel).toMatchObject({ engine: "js", engineReason: "an output of bool" });
  expect(kernel.run([Float32Array.of(0, 1, -2, Number.NaN)], [4], p.parameters)).toEqual([Uint8Array.of(0, 1, 1, 1)]);
});

it.each(["float32", "float64"] as const)(
  "chooses among pairs of special numbers as the JavaScript engine does, in %s",
  (dtype) => {
    const special = [0, -0, 1, -1, 1e-45, -1e-45, Infinity, -Infinity, Number.NaN, 0.5, -0.5];
    const pairs = special.flatMap((a) => special.map((b) => [a, b] as const));
    const array = dtype === "float32" ? Float32Array : Float64Array;
    const [a, b] = [input("a", ["0"], dtype), input("b", ["0"], dtype)];
    const below = lt(a, b);
    const p = program([where(below, a, b), where(below, b, a), log1p(mul(a, b)), log1p(a)]);
    const feeds = [new array(pairs.map(([x]) => x)), new array(pairs.map(([, y]) => y))];
    const kernel = createCpuBackend({ engine: "wasm" }).compile(p);
    const got = kernel.run(feeds, [pairs.length], p.parameters) as TypedArray[];
    const expected = js.compile(p).run(feeds, [pairs.length], p.parameters) as TypedArray[];
    expect(kernel.engine).toBe("wasm");
    got.forEach((g, i) => {
      expect(sameBits(g, expected[i] as TypedArray, dtype)).toBe(true);
    });
  },
);

it("has the logarithm of the JavaScript engine for every 499th float32 between -1 and 0, and at its ends", () => {
  const x = input("x", ["0"], "float32");
  const p = program([log1p(neg(x))]);
  const bits = Uint32Array.from({ length: 2_136_000 }, (_, i) => Math.min(i * 499, 0x3f800000));
  const feeds = [new Float32Array(bits.buffer)];
  const run = (b: typeof js): TypedArray => b.compile(p).run(feeds, [bits.length], p.parameters)[0] as TypedArray;
  expect(sameBits(run(createCpuBackend({ engine: "wasm" })), run(js), "float32")).toBe(true);
});

describe("exponentials of a row below its largest element", () => {
  const tails = [-86.9, -87.1, -87.5, -103, -104, -120, -Infinity, Number.NaN, Infinity, -1e30, 3e38];
  it.each([
    [["0", "C"], 10],
    [["0", "C"], 100],
    [["0", "C", "1"], 5],
  ] as const)(
    "are those of the JavaScript engine where they are subnormal, 0 or NaN (%s, %i classes)",
    (axes, classes) => {
      const p = softmax(axes);
      const extents = p.axes.map((a) => (a === "C" ? classes : a === "0" ? tails.length : 70));
      const columns = extents.at(-1) === classes ? 1 : 70;
      const x = Float32Array.from({ length: tails.length * classes * columns }, (_, i) => {
        const [row, at] = [Math.floor(i / (classes * columns)), Math.floor(i / columns) % classes];
        return at === (row * 7) % classes ? (tails[row] as number) : at === 3 ? 0.25 : -(i % 89) - (i % 7) / 8;
      });
      const label = new Int32Array(tails.length * columns).map((_, i) => i % classes);
      const feeds = p.inputs.map(({ name }) => (name === "x" ? x : label));
      const [got, expected] = [createCpuBackend({ engine: "wasm" }), js].map((b) =>
        b.compile(p).run(feeds, extents, p.parameters),
      ) as [TypedArray[], TypedArray[]];
      p.outputs.forEach((o, i) => {
        expect(sameBits(got[i] as TypedArray, expected[i] as TypedArray, o.dtype)).toBe(true);
      });
    },
  );
});
