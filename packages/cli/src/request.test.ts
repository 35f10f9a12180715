import { LossError, type Tensor } from "@isoloss/core";
import { describe, expect, it } from "vitest";
import { answerText } from "./answer.ts";
import { readOption, readTensor } from "./request.ts";

const read = (dtype: string, data: unknown[], shape = [data.length]) => readTensor({ dtype, shape, data }, "x");
const code = (action: () => unknown): string => {
  try {
    action();
  } catch (e) {
    return e instanceof LossError ? e.code : String(e);
  }
  return "none";
};

describe("tensors of a request", () => {
  it("hold the three words and every dtype", () => {
    expect(read("float32", ["NaN", "Infinity", "-Infinity", 0.1]).data).toEqual(
      Float32Array.of(Number.NaN, Infinity, -Infinity, 0.1),
    );
    expect(read("bool", [true, false, 1, 0]).data).toEqual(Uint8Array.of(1, 0, 1, 0));
    expect(read("float16", [1, 65504, "Infinity"]).data).toEqual(Uint16Array.of(0x3c00, 0x7bff, 0x7c00));
    expect(read("bfloat16", [1]).data).toEqual(Uint16Array.of(0x3f80));
    expect(read("int8", [-128, 127]).data).toEqual(Int8Array.of(-128, 127));
  });
  it("hold 64-bit integers to the last digit", () => {
    expect(read("int64", [1, "9223372036854775807"]).data).toEqual(BigInt64Array.of(1n, 9223372036854775807n));
    expect(read("int64", [1, -100]).data).toEqual(Int32Array.of(1, -100));
  });
  it("read a bare number as Python's", () => {
    expect(readTensor(2, "x")).toMatchObject({ shape: [], weak: true });
    expect(readTensor("NaN", "x")).toMatchObject({ shape: [], weak: true });
  });
  it.each([
    ["a length that is not the shape's", () => read("float32", [1, 2, 3], [2])],
    ["an unknown dtype", () => read("complex64", [1])],
    ["a fraction among integers", () => read("int64", [1.5])],
    ["an integer beyond its dtype", () => read("uint8", [256])],
    ["a word that is no number", () => read("float32", ["nan"])],
    ["nothing where a number belongs", () => read("float32", [null])],
    ["a negative size", () => read("float32", [], [-1])],
    ["a size that no integer holds", () => read("float32", [], [1e300, 0])],
    ["more dimensions than a tensor has", () => read("float32", [1], new Array(2000).fill(1))],
    ["an object without data", () => readTensor({ dtype: "float32", shape: [] }, "x")],
  ])("are refused as no request for %s", (_, action) => expect(code(action)).toBe("request"));
  it("are refused as the framework refuses a word or a list", () => {
    expect(code(() => readTensor("a", "x"))).toBe("dtype");
    expect(code(() => readTensor([1], "x"))).toBe("dtype");
  });
  it("may be options, beside words that stand for numbers and whatever else", () => {
    expect(readOption(["Infinity", "x", null, true], "o")).toEqual([Infinity, "x", null, true]);
    expect(readOption({ dtype: "float32", shape: [1], data: ["-Infinity"] }, "o")).toMatchObject({ shape: [1] });
  });
});

describe("lists and objects as deep as a line can hold", () => {
  const deep: unknown = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
  const deepObject: unknown = JSON.parse(`${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`);
  it("are refused as an option and as a tensor", () => {
    for (const each of [deep, deepObject, [deepObject], { a: deep }])
      expect(code(() => readOption(each, "o"))).toBe("option");
    expect(code(() => readTensor(deep, "x"))).toBe("dtype");
    expect(code(() => readTensor(deepObject, "x"))).toBe("request");
  });
  it("are no request as an element, a size or a dtype", () => {
    expect(code(() => read("float32", [deep]))).toBe("request");
    expect(code(() => readTensor({ dtype: "int64", shape: [deep], data: [] }, "x"))).toBe("request");
    expect(code(() => readTensor({ dtype: deep, shape: [], data: [] }, "x"))).toBe("request");
  });
});

describe("the text of an answer", () => {
  const text = (dtype: Tensor["dtype"], data: Tensor["data"]) =>
    answerText({ id: 'é"', value: { dtype, shape: [data.length], data }, grads: {} });
  it("keeps every number, −0, the words and wide integers", () => {
    expect(text("float64", Float64Array.of(0.1, -0, Number.NaN, -Infinity, 1e300))).toBe(
      '{"id":"é\\"","value":{"dtype":"float64","shape":[5],"data":[0.1,-0.0,"NaN","-Infinity",1e+300]},"grads":{}}',
    );
    expect(text("int64", BigInt64Array.of(5n, -9223372036854775808n))).toContain('[5,"-9223372036854775808"]');
    expect(text("float16", Uint16Array.of(0x3c00, 0x8000))).toContain("[1,-0.0]");
    expect(text("bool", Uint8Array.of(1, 0))).toContain("[true,false]");
  });
  it("is that of one piece, however many it is written in", () => {
    const odd = [-0, Number.NaN, -Infinity, 5e-324, 0.1];
    const numbers = Array.from({ length: 20_000 }, (_, i) => (i % 7000 === 6999 ? (odd[(i / 7000) | 0] as number) : i));
    const { data } = JSON.parse(text("float64", Float64Array.from(numbers))).value;
    expect(data).toEqual(numbers.map((x) => (Number.isFinite(x) ? x : String(x))));
    expect(Object.is(data[6999], -0)).toBe(true);
  });
});
