import { describe, expect, it } from "vitest";
import {
  bindCall,
  broadcastDims,
  type Contract,
  createCallSite,
  createEngine,
  LossError,
  type Row,
  readOptions,
  refuseValues,
  resolveContract,
  type Tensor,
  toTensor,
  trailing,
} from "./index.ts";
import { crossEntropy, squaredError } from "./losses/index.ts";
import { createReferenceBackend } from "./reference.ts";

const tensor = (shape: readonly number[], data: readonly number[]): Tensor => toTensor({ data, shape }, "x");
const labels = (data: readonly number[]): Tensor => toTensor(data, "target", { labels: true });
const reduction = { default: "mean", read: (v: unknown) => String(v) };

/** A squared error in the way of PyTorch. */
const squared: Contract = {
  inputs: { input: { port: "x" }, target: { port: "y" } },
  options: { reduction },
  refuses: {},
  layout: ({ inputs: { input, target } }) => {
    const x = trailing(input?.shape ?? []);
    const y = trailing(target?.shape ?? []);
    return { ports: { x, y }, value: broadcastDims(x, y) };
  },
  dtypes: () => ({ compute: "float32", result: "float32" }),
  gradient: { of: ["input", "target"], refuses: {} },
  define: () => ({ loss: squaredError }),
  reduction: ({ options }) => ({
    kind: options["reduction"] as "mean",
    rule: { by: "count", whenZero: "nan" },
  }),
};
const entropy: Contract = {
  ...squared,
  inputs: { input: { port: "logits" }, target: { port: "target" } },
  layout: ({ inputs: { input } }) => {
    const logits = trailing(input?.shape ?? [], { 1: "C" });
    const rows = logits.filter((d) => d.axis !== "C");
    return { ports: { logits, target: rows }, value: rows };
  },
  gradient: { of: ["input"], refuses: {} },
  define: () => ({ loss: crossEntropy, options: { ignoreIndex: 2 ** 40 } }),
  reduction: () => ({ kind: "mean", rule: { by: "weights", whenZero: "nan" } }),
};

const engine = createEngine(createReferenceBackend());
const run = (contract: Contract, inputs: Record<string, Tensor>, options: Record<string, unknown> = {}) => {
  const read = readOptions(contract, options, "class");
  return createCallSite(engine, contract, "class").run({ inputs, options: read, gradients: contract.gradient.of });
};

describe("a call", () => {
  it("broadcasts, averages over the broadcast elements and sums the gradient back", () => {
    const { value, grads } = run(squared, { input: tensor([2, 1], [1, 2]), target: tensor([3], [0, 1, 2]) });
    expect(value).toEqual({ dtype: "float32", shape: [], data: Float32Array.of((1 + 0 + 1 + 4 + 1 + 0) / 6) });
    expect(grads["input"]).toEqual({ dtype: "float32", shape: [2, 1], data: Float32Array.of(0, 1) });
    expect(grads["target"]?.shape).toEqual([3]);
  });
  it("gives the unreduced value its shape, extents of 1 included", () => {
    const { value } = run(
      squared,
      { input: tensor([1, 2, 1], [1, 2]), target: tensor([1, 1, 1], [0]) },
      { reduction: "none" },
    );
    expect(value?.shape).toEqual([1, 2, 1]);
  });
  it("takes an upstream gradient of the value's shape only", () => {
    const site = createCallSite(engine, squared, "class");
    const inputs = { input: tensor([2], [3, 5]), target: tensor([2], [1, 1]) };
    const options = readOptions(squared, { reduction: "none" }, "class");
    const { grads } = site.run({ inputs, options, gradients: ["input"], upstream: tensor([2], [1, 10]) });
    expect(grads["input"]?.data).toEqual(Float32Array.of(4, 80));
    expect(() => site.run({ inputs, options, gradients: ["input"], upstream: tensor([], [1]) })).toThrow(/\[\].*\[2\]/);
  });
  it("writes a gradient where it is told to, and reads nothing that it was not given", () => {
    const out = { input: new Float32Array(2) };
    const site = createCallSite(engine, squared, "class");
    const inputs = { input: tensor([2], [3, 5]), target: tensor([2], [1, 1]) };
    const { grads } = site.run({ inputs, options: readOptions(squared, {}, "class"), gradients: ["input"], out });
    expect(grads["input"]?.data).toBe(out.input);
    expect(out.input).toEqual(Float32Array.of(2, 4));
    expect(inputs.input.data).toEqual(Float32Array.of(3, 5));
  });
  it("refuses to write a gradient over what it is computed from, or over another", () => {
    const site = createCallSite(engine, squared, "class");
    const memory = new Float32Array(5);
    const [input, target] = [tensor([2], [0, 0]), tensor([2], [1, 1])];
    const options = readOptions(squared, {}, "class");
    const calling = (given: Float32Array, out: Record<string, Float32Array>) => () =>
      site.run({ inputs: { input: { ...input, data: given }, target }, options, gradients: ["input", "target"], out });
    expect(calling(memory.subarray(0, 2), { input: memory.subarray(1, 3) })).toThrow(/out\.input shares.*'input'/);
    expect(calling(memory.subarray(0, 2), { target: memory.subarray(0, 2) })).toThrow(/out\.target shares.*'input'/);
    const both = { input: memory.subarray(0, 2), target: memory.subarray(1, 3) };
    expect(calling(new Float32Array(2), both)).toThrow(/out\.target shares memory with another gradient/);
    const apart = { input: memory.subarray(3, 5) };
    expect(calling(memory.subarray(0, 2), apart)().grads["input"]?.data).toBe(apart.input);
    expect(memory).toEqual(Float32Array.of(0, 0, 0, -1, -1));
  });
  it("refuses a class index outside its range and names it, but not the exempt one, however large", () => {
    const input = tensor([2, 3], [0, 0, 0, 1, 0, 0]);
    expect(() => run(entropy, { input, target: labels([0, 3]) })).toThrow(/index 3 at element 1 is outside \[0, 3\)/);
    expect(() => run(entropy, { input, target: labels([-1, 0]) })).toThrow(LossError);
    expect(() => run(entropy, { input, target: labels([2 ** 41, 0]) })).toThrow(/2199023255552/);
    expect(run(entropy, { input, target: labels([2 ** 40, 1]) }).value?.data[0 as never]).toBeCloseTo(
      Math.log(2 + Math.E),
      6,
    );
  });
  it("reuses the kernel for other constants and sizes", () => {
    const own = createEngine(createReferenceBackend());
    const site = createCallSite(own, squared, "class");
    for (const n of [3, 4, 5])
      site.run({
        inputs: { input: tensor([n], Array(n).fill(1)), target: tensor([n], Array(n).fill(0)) },
        options: readOptions(squared, {}, "class"),
        gradients: [],
      });
    expect(own.size).toBe(1);
  });
  it("makes refusals rejections where the backend makes promises", async () => {
    const sync = createReferenceBackend();
    const backend = {
      ...sync,
      mode: "async" as const,
      compile: async (p: Parameters<typeof sync.compile>[0]) => {
        const kernel = sync.compile(p);
        return { ...kernel, run: async (...args: Parameters<typeof kernel.run>) => kernel.run(...args) };
      },
    };
    const site = createCallSite(createEngine(backend), squared, "class");
    const options = readOptions(squared, {}, "class");
    const inputs = { input: tensor([2], [1, 2]), target: tensor([3], [1, 2, 3]) };
    await expect(site.run({ inputs, options, gradients: [] })).rejects.toThrow(/broadcast/);
    const ok = await site.run({ inputs: { ...inputs, target: tensor([2], [0, 0]) }, options, gradients: [] });
    expect(ok.value?.data).toEqual(Float32Array.of(2.5));
  });
  it("refuses by value in every call, by signature once planned", () => {
    const picky: Contract = {
      ...squared,
      refuses: {
        negative: refuseValues(
          ({ inputs }) =>
            ((inputs["input"] as Tensor).data as Float32Array).some((v) => v < 0) && new LossError("value", "negative"),
        ),
      },
    };
    const site = createCallSite(engine, picky, "class");
    const options = readOptions(picky, {}, "class");
    const of = (x: number) =>
      site.run({ inputs: { input: tensor([1], [x]), target: tensor([1], [0]) }, options, gradients: [] });
    expect(of(1).value?.data).toEqual(Float32Array.of(1));
    expect(() => of(-1)).toThrow(/negative/);
  });
});

describe("resident data", () => {
  const buffer = (
    dtype: "int32" | "float32",
    data: Int32Array | Float32Array | undefined,
    length = data?.length ?? 0,
  ) => ({
    backend: "test",
    dtype,
    length,
    data,
    read: async () => data as Int32Array,
    write() {},
    dispose() {},
  });
  const target = (data: Int32Array | undefined) =>
    toTensor({ data: buffer("int32", data, 2), shape: [2] }, "target", { labels: true });
  const input = tensor([2, 3], [0, 0, 0, 1, 0, 0]);
  it("holds class indices as a typed array does, and they are checked where they can be read", () => {
    expect(target(Int32Array.of(0, 1)).dtype).toBe("int64");
    expect(() => run(entropy, { input, target: target(Int32Array.of(0, 7)) })).toThrow(/index 7 at element 1/);
  });
  it("is converted where it can be read, and refused where it would be misread", () => {
    const y = (b: ReturnType<typeof buffer>) => toTensor({ data: b, shape: [2] }, "target");
    const x = tensor([2], [1, 2]);
    expect(run(squared, { input: x, target: y(buffer("int32", Int32Array.of(1, 1))) }).value?.data).toEqual(
      Float32Array.of(0.5),
    );
    expect(() => run(squared, { input: x, target: y(buffer("int32", undefined, 2)) })).toThrow(/int32 buffer.*float32/);
  });
});

describe("contracts", () => {
  const rows: readonly Row[] = [
    {
      since: "1.10",
      set: { options: { beta: { default: 1, read: Number } } },
    },
    {
      since: "2.0",
      until: "2.1",
      set: { options: { beta: undefined } },
    },
  ];
  it("fold the rows up to a release, and never change the record", () => {
    const at = (v: string) =>
      Object.entries(resolveContract(squared, rows, v).options)
        .filter(([, p]) => p)
        .map(([k]) => k);
    expect(at("1.9")).toEqual(["reduction"]);
    expect(at("1.10")).toEqual(["reduction", "beta"]);
    expect(at("2.0")).toEqual(["reduction"]);
    expect(at("2.1")).toEqual(["reduction", "beta"]);
    expect(Object.keys(squared.options)).toEqual(["reduction"]);
  });
  it("say what was meant by an unknown option", () => {
    expect(() => readOptions(squared, { reductoin: "sum" }, "class")).toThrow(/'reductoin'.*Did you mean 'reduction'/);
  });
  it("refuse unknown and missing inputs by name", () => {
    const x = tensor([1], [1]);
    expect(() => bindCall(squared, { input: x }, {}, [], "class")).toThrow(/'target'/);
    expect(() => bindCall(squared, { input: x, target: x, targets: x }, {}, [], "class")).toThrow(
      /'targets'.*'target'/,
    );
  });
});

describe("toTensor", () => {
  it("uses a typed array in place and reads what other libraries call tensors", () => {
    const data = Float32Array.of(1, 2);
    expect(toTensor(data, "x").data).toBe(data);
    expect(toTensor({ dims: [1, 2], type: "float32", data }, "x")).toEqual({ dtype: "float32", shape: [1, 2], data });
    expect(toTensor({ shape: [2], dtype: "int32", dataSync: () => Int32Array.of(1, 2) }, "x").dtype).toBe("int32");
    expect(
      toTensor(
        [
          [1, 2],
          [3, 4],
        ],
        "x",
      ),
    ).toEqual({ dtype: "float32", shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) });
  });
  it("takes whole numbers for class indices, of any width, and refuses others", () => {
    expect(toTensor(Int32Array.of(1), "t", { labels: true }).dtype).toBe("int64");
    expect(toTensor([1, 2], "t", { labels: true }).dtype).toBe("int64");
    expect(() => toTensor([1.5], "t", { labels: true })).toThrow(/whole numbers.*1.5/);
  });
  it("refuses a length that is not the shape's, ragged rows and unknown dtypes", () => {
    expect(() => toTensor({ data: [1, 2, 3], shape: [2, 2] }, "x")).toThrow(
      /x: shape \[2, 2\] holds 4 elements, data has 3/,
    );
    expect(() => toTensor([[1], [1, 2]], "x")).toThrow(/equal length/);
    expect(() => toTensor({ data: [1], dtype: "complex64" }, "x")).toThrow(/complex64/);
  });
});
