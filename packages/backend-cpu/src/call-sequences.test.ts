/**
 * Calls of one kernel after another, with other data, other sizes, and arrays that lie now in the caller's memory and now in the
 * backend's: each has the bits of the same call on its own, and nothing is written but its outputs.
 */
import { graphCase, type Random, random } from "@isoloss/conformance";
import {
  type Axis,
  type BackendBuffer,
  type DType,
  type Feed,
  type FloatDType,
  fromNumbers,
  type Port,
  print,
  storage,
  type TypedArray,
} from "@isoloss/core";
import { describe, expect, it } from "vitest";
import { type CpuBackend, createCpuBackend } from "./index.ts";
import { sameBits } from "./same-bits.test.support.ts";

const small = { tileBytes: 512, sliceBytes: 128, stridedBytes: 2048, blockBytes: 512, blockRows: 32 };
const CALLS = 5;
/** What stands on both sides of an array in a larger one. */
const EDGE = 3;

const alone = createCpuBackend({ engine: "js" });
const dataOf = (feed: Feed): TypedArray => (ArrayBuffer.isView(feed) ? feed : (feed.data as TypedArray));

/** Numbers of a feed for other sizes; labels stay classes. */
function redrawn(r: Random, from: TypedArray, dtype: DType, length: number, classes: number): TypedArray {
  const array = new storage[dtype](length);
  for (let i = 0; i < length; i++) {
    const x = from.length ? (from[r.below(from.length)] as number) : 0;
    array[i] = dtype === "int32" && x >= 0 ? x % classes : x;
  }
  return array;
}

/** An array of some length where a caller may have one, and how to see that nothing beside it was written. */
function place(r: Random, backend: CpuBackend, data: TypedArray, dtype: DType, made: BackendBuffer[]): Feed {
  const where = r.below(4);
  if (where === 0) return data.slice();
  if (where === 1) {
    const larger: TypedArray = new storage[dtype](data.length + 2 * EDGE);
    (larger as Float64Array).set(data as Float64Array, EDGE);
    return larger.subarray(EDGE, EDGE + data.length);
  }
  const buffer = backend.alloc(dtype, [data.length]);
  buffer.write(data);
  made.push(buffer);
  return buffer;
}
const edgesOf = (feed: Feed): number[] =>
  ArrayBuffer.isView(feed) && feed.byteOffset > 0
    ? Array.from(new Uint8Array(feed.buffer)).filter(
        (_, i) => i < feed.byteOffset || i >= feed.byteOffset + feed.byteLength,
      )
    : [];

/** The number of calls that were compared. */
function compare(from: number, to: number, backend: CpuBackend, dtypes: readonly FloatDType[]): number {
  let calls = 0;
  for (let seed = from; seed < to; seed++) {
    const { program, extents, feeds } = graphCase(seed, dtypes[seed % dtypes.length] as FloatDType, dtypes);
    const r = random(seed + 1);
    const kernel = backend.compile(program);
    const others = [extents, program.axes.map((a) => (a === "C" ? r.of([1, 3, 10, 33, 50]) : 1 + r.below(60)))];
    const made: BackendBuffer[] = [];
    for (let call = 0; call < CALLS; call++) {
      const sizes = r.of(others);
      const size = (axes: readonly Axis[]): number =>
        axes.reduce((n, a) => n * (sizes[program.axes.indexOf(a)] as number), 1);
      const classes = sizes[program.axes.indexOf("C")] ?? 8;
      const data = program.inputs.map(({ dtype, axes }, i) =>
        redrawn(r, feeds[i] as TypedArray, dtype, size(axes), classes),
      );
      const expected = alone.compile(program).run(data, sizes, program.parameters) as TypedArray[];
      const given = data.map((x, i) => place(r, backend, x, (program.inputs[i] as Port).dtype, made));
      const outputs = program.outputs.map(({ dtype, axes }) =>
        r.below(4) ? place(r, backend, fromNumbers(Array<number>(size(axes)).fill(9), dtype), dtype, made) : undefined,
      );
      const got = kernel.run(given, sizes, program.parameters, outputs);
      const what = `seed ${seed}, call ${call}\n${print(program.outputs)}\n${program.axes}: ${sizes}`;
      program.outputs.forEach((o, i) => {
        if (outputs[i]) expect(got[i]).toBe(outputs[i]);
        if (!sameBits(dataOf(got[i] as Feed), expected[i] as TypedArray, o.dtype))
          expect.fail(`${what}\noutput ${i}: ${dataOf(got[i] as Feed)}\n${expected[i]}`);
      });
      given.forEach((x, i) => {
        if (!sameBits(dataOf(x), data[i] as TypedArray, (program.inputs[i] as Port).dtype))
          expect.fail(`${what}\ninput ${i} was written`);
      });
      for (const x of [...given, ...outputs]) if (x && edgesOf(x).some((b) => b !== 0)) expect.fail(`${what}\nan edge`);
      calls++;
    }
    for (const buffer of made) buffer.dispose();
    kernel.dispose();
  }
  return calls;
}

describe("calls one after another, on random graphs", () => {
  const floats: readonly FloatDType[] = ["float32", "float64"];
  it.each([
    ["WebAssembly", {}, 0],
    ["WebAssembly in small tiles", { tuning: small }, 1000],
    ["JavaScript in small tiles", { engine: "js", tuning: small } as const, 2000],
  ])(
    "%s",
    (_, options, from) => {
      const backend = createCpuBackend({ engine: "wasm", ...options });
      expect(compare(from, from + 300, backend, floats)).toBe(300 * CALLS);
    },
    120_000,
  );
  it("the backend that compiles in time, in all types", () => {
    const all: readonly FloatDType[] = ["float32", "float16", "float64", "bfloat16"];
    expect(compare(3000, 3300, createCpuBackend(), all)).toBe(300 * CALLS);
  }, 120_000);
});
