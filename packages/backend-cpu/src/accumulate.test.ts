import {
  accumulate,
  add,
  type FloatDType,
  fromNumbers,
  grad,
  input,
  program,
  storage,
  type TypedArray,
} from "@isoloss/core";
import { createReferenceBackend } from "@isoloss/core/reference";
import { describe, expect, it } from "vitest";
import { createCpuBackend, createJsBackend } from "./index.ts";
import { sameBits } from "./same-bits.test.support.ts";

const sizes = [
  [1, 1],
  [3, 7],
  [16, 1],
  [17, 16],
  [40, 130],
] as const;

describe("accumulate", () => {
  for (const backend of [createCpuBackend({ engine: "wasm" }), createJsBackend({ tuning: { tileBytes: 1024 } })])
    it(`on ${backend.name} has the reference's bits, whatever is left out`, () => {
      for (const dtype of ["float16", "bfloat16", "float32"] satisfies FloatDType[])
        for (const levels of [1, 2, 8])
          for (const extents of sizes) {
            const x = input("x", ["1", "0"], dtype);
            const sum = accumulate(add(x, x), input("keep", ["1", "0"], "bool"), levels);
            const p = program([sum, ...grad(sum, [x], sum)], ["1", "0"]);
            const n = extents[0] * extents[1];
            const numbers = Float64Array.from({ length: n }, (_, i) => ((i * 37) % 101) / 7 - 4);
            const keep = Uint8Array.from(numbers, (_, i) => Number(i % 5 > 0 && i % 48 > 0));
            const feeds = [fromNumbers(numbers, dtype), keep];
            const [theirs, ours] = [createReferenceBackend(), backend].map((b) =>
              b.compile(p).run(feeds, extents, p.parameters),
            ) as [TypedArray[], TypedArray[]];
            expect(ours).toHaveLength(2);
            for (const i of [0, 1]) {
              expect(ours[i]).toBeInstanceOf(storage[dtype]);
              expect(sameBits(ours[i] as TypedArray, theirs[i] as TypedArray, dtype)).toBe(true);
            }
          }
    });
  it("with one level stops counting in bfloat16 at 256, in cascades it does not", () => {
    const of = (levels: number): number => {
      const x = input("x", ["0"], "bfloat16");
      const p = program([accumulate(x, input("keep", ["0"], "bool"), levels)]);
      const feeds = [fromNumbers(new Float64Array(1000).fill(1), "bfloat16"), new Uint8Array(1000).fill(1)];
      const [sum] = createReferenceBackend().compile(p).run(feeds, [1000], p.parameters) as TypedArray[];
      return Number(sum?.[0]);
    };
    expect([of(1), of(8)]).toEqual([0x4380, 0x447a]); // 256, 1000
  });
});
