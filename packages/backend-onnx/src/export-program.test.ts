import {
  cast,
  constant,
  div,
  exp,
  expand,
  extent,
  grad,
  input,
  logSoftmax,
  mul,
  ne,
  neg,
  pick,
  program,
  total,
  where,
} from "@isoloss/core";
import { interpret } from "@isoloss/core/reference";
import fc from "fast-check";
import * as ort from "onnxruntime-web";
import { describe, expect, it } from "vitest";
import { createOnnxBackend, dimsOf, exportProgram, opsets } from "./index.ts";
import { cases, disagreement, prepare } from "./random-graph.test.support.ts";

const backend = createOnnxBackend({ ort, executionProviders: ["wasm"] });

async function run(file: Uint8Array, feeds: Record<string, ort.Tensor>): Promise<ort.Tensor[]> {
  const session = await ort.InferenceSession.create(file, { logSeverityLevel: 3 });
  const results = await session.run(feeds);
  await session.release();
  return session.outputNames.map((name) => results[name] as ort.Tensor);
}

describe("exportProgram", () => {
  it("writes what the program computes, in every operator set", async () => {
    let next = 0;
    await fc.assert(
      fc.asyncProperty(cases(["float32", "float64", "float16"]), async (c) => {
        const prepared = prepare(c, backend);
        const { program: p, extents, feeds } = prepared;
        fc.pre(p.axes.every((a) => p.inputs.some((port) => port.axes.includes(a))));
        const opset = opsets.oldest + (next++ % (opsets.newest - opsets.oldest + 1));
        const named = p.inputs.map((port, i): [string, ort.Tensor] => {
          const dims = port.axes.map((a) => extents[p.axes.indexOf(a)] as number);
          return [port.name, new ort.Tensor(port.dtype as "float32", feeds[i] as Float32Array, dims)];
        });
        const got = await run(exportProgram(p, { opset }), Object.fromEntries(named));
        got.forEach((tensor, i) => {
          const own = p.outputs[i]?.axes.map((a) => extents[p.axes.indexOf(a)] as number);
          expect([tensor.type, tensor.dims]).toEqual([p.outputs[i]?.dtype, own]);
        });
        const wrong = disagreement(
          interpret,
          prepared,
          got.map((t) => t.data),
        );
        if (wrong) throw new Error(`opset ${opset}: ${wrong}`);
      }),
      { numRuns: 200 },
    );
  }, 120_000);

  it("gives inputs and outputs the names, types and ranks that the caller has", async () => {
    // A call with logits [2, 3, 5, 1, 7] and labels [2, 5, 1, 7] whose trailing dimensions have collapsed into one axis.
    const extents = new Map([
      ["1", 2],
      ["C", 3],
      ["0", 35],
    ]);
    const logits = input("x", ["1", "C", "0"], "float32");
    const label = input("t", ["1", "0"], "int32");
    const weight = input("w", ["C"], "float32");
    const loss = mul(pick(logits, "C", label), mul(pick(weight, "C", label), constant(0.7, "float32")));
    const p = program([loss, div(total(loss), extent("C", "float32"))], ["1", "C", "0"]);
    const x = dimsOf([2, 3, 5, 1, 7], ["1", "C", "0"], extents);
    const t = dimsOf([2, 5, 1, 7], ["1", "0"], extents);
    expect(x).toEqual(["1", "C", "0", 1, "0"]);
    const file = exportProgram(p, {
      inputs: {
        x: { dtype: "float32", dims: x },
        t: { dtype: "int64", dims: t },
        w: { dtype: "float64", dims: ["C"], constant: { data: Float64Array.of(1, 2, 3), shape: [3] } },
      },
      outputs: [
        { name: "elements", dims: t },
        { name: "loss", dims: [] },
      ],
      metadata: { loss: "weighted" },
    });
    const session = await ort.InferenceSession.create(file);
    expect(session.inputNames).toEqual(["x", "t"]);
    expect(session.outputNames).toEqual(["elements", "loss"]);
    expect(session.inputMetadata.map((m) => m.isTensor && m.shape)).toEqual([
      ["N", "C", "d1", 1, "d2"],
      ["N", "d1", 1, "d2"],
    ]);
    const shape = [1, 3, 2, 1, 2]; // not the sizes that it was made from
    const data = Float32Array.from({ length: 12 }, (_, i) => i);
    const results = await session.run({
      x: new ort.Tensor("float32", data, shape),
      t: new ort.Tensor("int64", BigInt64Array.of(0n, 1n, 2n, 0n), [1, 2, 1, 2]),
    });
    const expected = [0 * 1, 5 * 2, 10 * 3, 3 * 1].map((v) => Math.fround(v * 0.7));
    const [elements, value] = [results["elements"], results["loss"]] as [ort.Tensor, ort.Tensor];
    expect(elements.dims).toEqual([1, 2, 1, 2]);
    for (const [i, v] of expected.entries()) expect(elements.data[i]).toBeCloseTo(v, 5);
    expect(value.dims).toEqual([]);
    expect(value.data[0]).toBeCloseTo(expected.reduce((a, b) => a + b) / 3, 5);
  });

  it("gives NaN for a class index out of range instead of failing or wrapping", async () => {
    const p = program([pick(input("x", ["0", "C"], "float32"), "C", input("t", ["0"], "int32"))], ["0", "C"]);
    const [y] = await run(exportProgram(p), {
      x: new ort.Tensor("float32", Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]),
      t: new ort.Tensor("int32", Int32Array.of(-1, 1, 2), [3]),
    });
    expect(y?.data).toEqual(Float32Array.of(Number.NaN, 4, Number.NaN));
  });

  it("brings inputs of the caller's types to those of the program, which wrap around and round", async () => {
    const [byte, half] = [input("a", ["0"], "uint8"), input("b", ["0"], "float16")];
    const types = { a: { dtype: "int64", dims: ["0"] }, b: { dtype: "float32", dims: ["0"] } } as const;
    const p = program([cast(byte, "float32"), cast(half, "float32")]);
    const [bytes, halves] = await run(exportProgram(p, { inputs: types }), {
      a: new ort.Tensor("int64", BigInt64Array.of(-2n, 3n, 300n), [3]),
      b: new ort.Tensor("float32", Float32Array.of(0.1, 1, 1e5), [3]),
    });
    expect(bytes?.data).toEqual(Float32Array.of(254, 3, 44));
    expect(halves?.data).toEqual(Float32Array.of(0.0999755859375, 1, Infinity));
  });

  it("gives NaN as the gradient of a row whose class index is out of range, and of no other", async () => {
    const [x, t] = [input("x", ["0", "C"], "float32"), input("t", ["0"], "int32")];
    const keep = ne(t, 9);
    const loss = where(keep, neg(pick(logSoftmax(x, "C"), "C", where(keep, t, 0))), 0);
    const p = program([loss, ...grad(loss, [x], expand(constant(1, "float32"), ["0"]))], ["0", "C"]);
    const [values, gradient] = await run(exportProgram(p), {
      x: new ort.Tensor("float32", new Float32Array(10), [5, 2]),
      t: new ort.Tensor("int32", Int32Array.of(0, -1, 9, 2, 1), [5]),
    });
    const rows = (data: unknown): boolean[] => Array.from(data as Float32Array, Number.isNaN);
    expect(rows(values?.data)).toEqual([false, true, false, true, false]);
    expect(rows(gradient?.data)).toEqual([false, false, true, true, false, false, true, true, false, false]);
    expect(gradient?.data[4]).toBe(0); // ignored, not stray
  });

  it("refuses a program whose sizes no input shows", () => {
    const p = program([mul(input("x", ["0"], "float32"), extent("C", "float32"))], ["0", "C"]);
    expect(() => exportProgram(p)).toThrow(/no input has the axis C/);
  });

  it("refuses an operator set that it does not write", () => {
    expect(() => exportProgram(program([exp(input("x", [], "float32"))]), { opset: 22 })).toThrow(/opset 22.*13 to 21/);
  });
});

describe("dimsOf", () => {
  const extents = new Map([
    ["1", 6],
    ["0", 4],
    ["C", 1],
  ]);
  it("shares an axis among dimensions that collapsed into it", () => {
    expect(dimsOf([2, 3, 4], ["1", "0"], extents)).toEqual(["1", "1", "0"]);
    expect(dimsOf([2, 1, 3, 1, 4], ["1", "C", "0"], extents)).toEqual(["1", 1, "1", 1, "0"]);
  });
  it("needs no sizes where there is only one way", () => {
    expect(dimsOf([0, 3], ["0"], new Map([["0", 0]]))).toEqual(["0", "0"]);
    expect(
      dimsOf(
        [0, 1, 3],
        ["1", "0"],
        new Map([
          ["1", 0],
          ["0", 3],
        ]),
      ),
    ).toEqual(["1", 1, "0"]);
  });
  it("refuses a shape that is not the call's", () => {
    expect(() => dimsOf([2, 5, 4], ["1", "0"], extents)).toThrow(/\[2, 5, 4\] does not lie on the axes \[1, 0\]/);
    expect(() => dimsOf([0, 3, 4], ["1", "0"], extents)).toThrow(/at least 1/);
  });
});
