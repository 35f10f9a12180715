/** Each primitive alone, on awkward values: exact where IEEE 754 says what the result is. */
import * as core from "@isoloss/core";
import { type DType, fromNumbers, type Node, type TypedArray, toNumbers } from "@isoloss/core";
import { interpret } from "@isoloss/core/reference";
import { afterAll, describe, expect, it } from "vitest";
import { createOnnxBackend, type OnnxBackend } from "./index.ts";
import { runtimes } from "./runtimes.test.support.ts";

const awkward = [0, -0, 1, -1, 0.5, -2.5, 3, 7.25, Number.NaN, Infinity, -Infinity, 1e-40, 3e38, 6e-8, 65504, -90, 90];
const integers = [0, 1, -1, 2, -2, 7, 100, 127, -128];
const valuesOf = (dtype: DType): readonly number[] =>
  dtype === "bool" ? [0, 1] : core.isFloat(dtype) ? awkward : dtype === "uint8" ? integers.map(Math.abs) : integers;

type Make = (a: Node, b: Node, c: Node) => Node;
const { neg, abs, sign, exp, log, log1p, sqrt, trunc, add, sub, mul, div, lt, le, eq, and, or } = core;
const unary = { neg, abs, sign, exp, log, log1p, sqrt, trunc };
const binary = { add, sub, mul, div, lt, le, eq };
const transcendental = new Set(["exp", "log", "log1p"]);

/** Relative error of exp and log; log1p is written with log and a division. */
const loose: Partial<Record<DType, number>> = { float64: 4e-16, float32: 4e-7, float16: 1e-3, bfloat16: 8e-3 };

type Dtypes = readonly [DType, DType, DType];
async function evaluate(backend: OnnxBackend, make: Make, dtypes: Dtypes): Promise<[Float64Array, Float64Array]> {
  const axes = ["2", "1", "0"] as const;
  const [a, b, c] = axes.map((axis, i) => core.input(`x${i}`, [axis], dtypes[i] as DType)) as [Node, Node, Node];
  const p = core.program(core.decompose([make(a, b, c)], backend.primitives, backend.name));
  const feeds = p.inputs.map((port) => fromNumbers(valuesOf(port.dtype), port.dtype));
  const extents = p.axes.map((axis) => valuesOf(dtypes[axes.indexOf(axis as "0")] as DType).length);
  const kernel = await backend.compile(p);
  const [got] = await kernel.run(feeds, extents, p.parameters);
  kernel.dispose();
  const dtype = (p.outputs[0] as Node).dtype;
  const original = core.program([make(a, b, c)]);
  const numbers = p.inputs.map((port, i) => toNumbers(feeds[i] as TypedArray, port.dtype));
  const [want] = interpret(original, numbers, extents);
  // In the storage of the dtype, as the caller would see it: the interpreter's integers may be NaN inside.
  return [toNumbers(got as TypedArray, dtype), toNumbers(fromNumbers(want as Float64Array, dtype), dtype)];
}

function check([got, want]: [Float64Array, Float64Array], relative: number): void {
  expect(got.length).toBe(want.length);
  const wrong = [...got].flatMap((x, i) => {
    const y = want[i] as number;
    const fine = x === y || (Number.isNaN(x) && Number.isNaN(y)) || Math.abs(x - y) <= relative * Math.abs(y);
    return fine ? [] : [{ at: i, got: x, want: y }];
  });
  expect(wrong).toEqual([]);
}

const isWide = (dtype: DType): boolean => dtype === "int32" || dtype === "int64";
const floats = ["float64", "float32", "float16", "bfloat16"] as const;
const ints = ["int64", "int32", "int16", "int8", "uint8"] as const;

describe.each(Object.entries(runtimes))("primitives on %s", (name, runtime) => {
  const backend = createOnnxBackend(runtime);
  afterAll(() => backend.dispose());
  const run = (make: Make, dtypes: Dtypes) => evaluate(backend, make, dtypes);

  it("have the name of the backend", () => expect(backend.name).toBe(name));
  for (const dtype of floats)
    for (const [op, make] of Object.entries(unary))
      it(`${op} of ${dtype}`, async () => {
        check(await run((a) => make(a), [dtype, dtype, dtype]), transcendental.has(op) ? (loose[dtype] ?? 0) : 0);
      });
  for (const dtype of [...floats, ...ints])
    for (const [op, make] of Object.entries(binary))
      it(`${op} of ${dtype}`, async () => {
        // No integer is the result of a division by 0.
        const divisor = (b: Node): Node => (op === "div" && !core.isFloat(dtype) ? core.where(core.eq(b, 0), 1, b) : b);
        check(await run((a, b) => make(a, divisor(b)), [dtype, dtype, dtype]), 0);
      });
  it("division of integers by zero does not end the process", async () => {
    const [got] = await run((a, b) => core.div(a, b), ["int32", "int32", "int32"]);
    expect(got.length).toBe(integers.length ** 2);
  });
  for (const dtype of ints)
    for (const [op, make] of Object.entries({ neg, abs, sign, trunc }))
      it(`${op} of ${dtype}`, async () => check(await run((a) => make(a), [dtype, dtype, dtype]), 0));
  for (const [op, make] of Object.entries({ and, or, eq, lt, le }))
    it(`${op} of booleans`, async () => check(await run((a, b) => make(a, b), ["bool", "bool", "bool"]), 0));
  for (const [op, make] of Object.entries({ add, sub, mul, div }))
    it(`${op} of booleans is of 0 and 1`, async () =>
      check(await run((a, b) => make(a, b), ["bool", "bool", "bool"]), 0));
  it("sum and max of booleans", async () => {
    check(await run((a) => core.sum(a, "2"), ["bool", "bool", "bool"]), 0);
    check(await run((a) => core.max(a, "2"), ["bool", "bool", "bool"]), 0);
  });
  it("not", async () => check(await run((a) => core.not(a), ["bool", "bool", "bool"]), 0));
  for (const dtype of [...floats, ...ints, "bool"] as const)
    it(`where of ${dtype} selects`, async () =>
      check(await run((a, b, c) => core.where(a, b, c), ["bool", dtype, dtype]), 0));
  for (const dtype of [...floats, ...ints]) {
    it(`max of ${dtype} propagates NaN wherever it stands`, async () =>
      check(await run((a, b) => core.max(core.add(a, core.mul(b, 0)), "2"), [dtype, dtype, dtype]), 0));
    it(`sum of ${dtype}`, async () =>
      check(await run((a) => core.sum(core.where(core.lt(core.abs(a), 50), a, 0), "2"), [dtype, dtype, dtype]), 1e-6));
  }
  for (const from of [...floats, ...ints, "bool"] as const)
    for (const to of [...floats, ...ints, "bool"] as const)
      it(`cast from ${from} to ${to}`, async () => {
        // Of what no integer can hold, only what is larger than any product is defined alike everywhere.
        const fits = (a: Node): Node => {
          if (!core.isFloat(from) || core.isFloat(to) || to === "bool") return a;
          const [isSmall, isHuge] = [core.lt(core.abs(a), 100), core.not(core.lt(core.abs(a), 1e37))];
          return core.where(isWide(to) ? core.or(isSmall, isHuge) : isSmall, a, 1);
        };
        check(await run((a) => core.cast(fits(a), to), [from, from, from]), 0);
        check(await run((a) => core.cast(core.cast(fits(a), to), from), [from, from, from]), 0);
      });
});
