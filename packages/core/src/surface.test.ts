import { describe, expect, it, vi } from "vitest";
import { entropy } from "./entropy.test.support.ts";
import {
  type Backend,
  type BackendBuffer,
  CALLABLE,
  createCallable,
  createEngine,
  Invocation,
  inOwnWords,
  type Kernel,
  type Mode,
  readArguments,
  type Style,
  storage,
  valueAndGradOf,
} from "./index.ts";
import { createReferenceBackend } from "./reference.ts";

const reference = createReferenceBackend();
const style = (backend: Backend<Mode> = reference, onWarning?: (text: string) => void): Style<Mode> => ({
  engine: createEngine(backend),
  isPrediction: (name) => name === "input",
  onWarning,
});
const entry = (as: "class" | "function") => ({ entry: "Entropy", contract: entropy, as, hint: () => "" });
/** The reference with its kernels changed. */
const compiling = (changed: (kernel: Kernel) => Kernel): Backend<Mode> => ({
  ...reference,
  compile: (program) => changed(reference.compile(program)),
});
/** A call of the loss, and how often its arguments were read anew (each reads the definition once). */
function invocation(
  as: "class" | "function" = "class",
  given: Record<string, unknown> = {},
  backend: Backend<Mode> = reference,
) {
  const own = style(backend);
  const callable = createCallable(own, entry(as), "Entropy", given);
  const settle = vi.spyOn(callable.site, "settle");
  const run = new Invocation(own.engine, callable, { gradients: ["input"] });
  return {
    callable,
    settle,
    item: (...args: unknown[]) => (run.run(args) as { value: { item(): number } }).value.item(),
  };
}
const logits = () => ({ data: Float32Array.of(0, 0, Math.log(3), 0), shape: [2, 2] });
const expected = (Math.log(2) + Math.log(4 / 3)) / 2;

describe("the arguments of a call", () => {
  it.each<[string, unknown]>([
    ["an Int32Array", Int32Array.of(0, 0)],
    ["a BigInt64Array", BigInt64Array.of(0n, 0n)],
    ["a Uint8Array", Uint8Array.of(0, 0)],
    ["an array", [0, 0]],
    ["{ data, shape }", { data: Int32Array.of(0, 0), shape: [2] }],
    ["{ data, dims, type }", { data: Int32Array.of(0, 0), dims: [2], type: "int32" }],
    ["a tensor with dataSync", { shape: [2], dtype: "int32", dataSync: () => Int32Array.of(0, 0) }],
  ])("may bring class indices as %s", (_, labels) => {
    expect(invocation().item(logits(), labels)).toBeCloseTo(expected, 6);
  });
  it.each([2n, -1n, 2n ** 31n, 2n ** 32n, -(2n ** 33n)])(
    "may not bring the 64-bit index %s of two classes",
    (label) => {
      expect(() => invocation().item(logits(), BigInt64Array.of(0n, label))).toThrow(
        `class index ${label} at element 1`,
      );
    },
  );
  it("may exempt an index of 64 bits", () => {
    const exempt = invocation("class", { ignore_index: 2 ** 32 });
    expect(exempt.item(logits(), BigInt64Array.of(0n, 2n ** 32n))).toBeCloseTo(Math.log(2), 6);
  });
  it("are found by position and by name, in either spelling", () => {
    const target = [0, 0];
    expect(invocation().item({ input: logits(), target })).toBeCloseTo(expected, 6);
    expect(invocation("function").item(logits(), { target, ignoreIndex: 1 })).toBeCloseTo(expected, 6);
    expect(invocation("function").item(logits(), [0, 1], { ignore_index: 1 })).toBeCloseTo(Math.log(2), 6);
  });
  it("give plain numbers the dtype of their neighbour", () => {
    const { callable } = invocation();
    const run = new Invocation(style().engine, callable, { gradients: [] });
    const double = { data: Float64Array.of(0, 0), shape: [1, 2] };
    expect(run.run([double, [0]])).toMatchObject({ value: { dtype: "float64" } });
  });
  it("may be a number, which is a tensor without dimensions", () => {
    const { callable } = invocation();
    const { inputs } = readArguments(callable, [[[1, 2]], 0]);
    expect(inputs["target"]).toEqual({ dtype: "int64", shape: [], data: BigInt64Array.of(0n) });
  });
  it("may be a tensor in an option, also as a plain array", () => {
    expect(invocation("class", { weight: [1, 0] }).item(logits(), [0, 1])).toBeCloseTo(Math.log(2), 6);
    expect(invocation("class", { weight: Float32Array.of(1, 0) }).item(logits(), [0, 1])).toBeCloseTo(Math.log(2), 6);
  });
  it("are refused by name: unknown, twice, too many, missing, and an option where it does not belong", () => {
    const { item } = invocation();
    expect(() => item(logits(), [0, 0], { targets: [0, 0] })).toThrow(/'targets'.*Did you mean 'target'/);
    expect(() => item(logits(), [0, 0], { target: [0, 0] })).toThrow(/'target' is given by position and by name/);
    expect(() => item(logits(), [0, 0], [1, 1])).toThrow(/takes the tensors \(input, target\), got 3/);
    expect(() => item(logits())).toThrow(/missing required argument 'target'/);
    expect(() => item(logits(), [0, 0], { ignore_index: 0 })).toThrow(/option of the constructor/);
    expect(() => invocation("class", { ignoreIndex: 1, ignore_index: 1 })).toThrow(/given twice/);
    expect(() => invocation("class", { ignoreIndx: 1 })).toThrow(/Did you mean 'ignore_index'/);
  });
});

describe("a call in the form of the last", () => {
  it("is not read again, and takes its own data", () => {
    const { item, settle } = invocation();
    const target = { data: Int32Array.of(0, 0), shape: [2] };
    item(logits(), target);
    const other = { data: Float32Array.of(0, 0, 0, 0), shape: [2, 2] };
    expect(item(other, target)).toBeCloseTo(Math.log(2), 6);
    expect(settle).toHaveBeenCalledTimes(1);
  });
  it("takes arrays of a backend as it takes the caller's, where they are in the same memory and of the same type", () => {
    const reading = compiling((kernel) => ({
      run: (feeds, ...rest) =>
        kernel.run(
          feeds.map((f) => (f as BackendBuffer).data ?? f),
          ...rest,
        ),
      dispose: kernel.dispose,
    }));
    const { item, settle } = invocation("class", {}, reading);
    const target = Int32Array.of(0, 0);
    const buffer = (dtype: "float32" | "float64", backend = "reference") => {
      const data = new storage[dtype](4);
      return { backend, dtype, length: 4, data, read: async () => data, write: () => undefined, dispose() {} };
    };
    const seen = [buffer("float32"), buffer("float32"), buffer("float64"), buffer("float64", "another")].map((data) => {
      expect(item({ data, shape: [2, 2] }, target)).toBeCloseTo(Math.log(2), 6);
      return settle.mock.calls.length;
    });
    expect(seen).toEqual([1, 1, 2, 3]);
  });
  it("takes arguments by name, and tensors that give their data when asked", () => {
    const { item, settle } = invocation();
    const asked = (dtype: string, shape: number[], data: Float32Array | Int32Array) => ({
      dtype,
      shape,
      dataSync: () => data,
    });
    const target = asked("int32", [2], Int32Array.of(0, 0));
    item({ input: logits(), target });
    expect(item({ target, input: asked("float32", [2, 2], new Float32Array(4)) })).toBeCloseTo(Math.log(2), 6);
    expect(settle).toHaveBeenCalledTimes(2); // a dtype stands beside it now
    expect(item({ target, input: asked("float32", [2, 2], logits().data) })).toBeCloseTo(expected, 6);
    expect(settle).toHaveBeenCalledTimes(2);
    expect(() => item({ target, inputs: logits() })).toThrow(/'inputs'/);
  });
  it("still refuses a label out of range", () => {
    const { item } = invocation();
    item(logits(), Int32Array.of(0, 0));
    expect(() => item(logits(), Int32Array.of(0, 2))).toThrow(/index 2 at element 1/);
  });
  it.each<[string, unknown[]]>([
    ["shape", [{ data: new Float32Array(4), shape: [1, 4] }, Int32Array.of(3)]],
    ["number of elements", [{ data: new Float32Array(6), shape: [2, 3] }, Int32Array.of(2, 2)]],
    ["array", [{ data: new Float64Array(4), shape: [2, 2] }, Int32Array.of(0, 0)]],
    ["label array", [{ data: new Float32Array(4), shape: [2, 2] }, BigInt64Array.of(0n, 0n)]],
    ["number of arguments", [{ data: new Float32Array(4), shape: [2, 2] }, Int32Array.of(0, 0), undefined]],
  ])("is read again where the %s differs", (_, args) => {
    const { item, settle } = invocation();
    item({ data: new Float32Array(4), shape: [2, 2] }, Int32Array.of(0, 0));
    if (args.length === 3) expect(() => item(...args)).toThrow(/takes the tensors/);
    else {
      const classes = (args[0] as { shape: number[] }).shape[1] as number;
      expect(item(...args)).toBeCloseTo(Math.log(classes), 6);
      expect(settle).toHaveBeenCalledTimes(2);
    }
  });
  it("with its length no longer that of its shape is refused", () => {
    const { item } = invocation();
    item(logits(), Int32Array.of(0, 0));
    expect(() => item({ data: new Float32Array(3), shape: [2, 2] }, Int32Array.of(0, 0))).toThrow(
      /input: shape \[2, 2\] holds 4 elements, data has 3/,
    );
  });
  it("is not mistaken for it where the user's list of sizes became another", () => {
    const { item } = invocation();
    const input = { data: new Float32Array(6), shape: [2, 3] };
    item(input, Int32Array.of(0, 0));
    input.shape[0] = 3;
    input.shape[1] = 2;
    expect(() => item(input, Int32Array.of(0, 0))).toThrow(/broadcast/);
    expect(item(input, Int32Array.of(0, 0, 0))).toBeCloseTo(Math.log(2), 6);
  });
  it("sees options that changed, given with the call or set on the instance", () => {
    const f = invocation("function");
    const target = Int32Array.of(0, 0);
    f.item(logits(), target, {});
    f.item(logits(), target, { reduction: "sum" });
    expect(f.item(logits(), target, { reduction: "sum" })).toBeCloseTo(2 * expected, 6);
    expect(f.settle).toHaveBeenCalledTimes(2);
    expect(f.item(logits(), target, { reduction: "mean" })).toBeCloseTo(expected, 6);
    expect(f.item(logits(), target, { reduction: "mean", ignore_index: 1 })).toBeCloseTo(expected, 6);
    const c = invocation("class");
    c.item(logits(), target);
    c.callable.options = { ...c.callable.options, reduction: "sum" };
    expect(c.item(logits(), target)).toBeCloseTo(2 * expected, 6);
  });
});

describe("value and gradient", () => {
  const loss = (s: Style<Mode>, given = {}) => ({
    [CALLABLE]: createCallable(s, entry("class"), "Entropy", given),
  });
  const target = Int32Array.of(0, 0);
  const zeros = { data: new Float32Array(4), shape: [2, 2] };
  it("differentiates the predictions, or what `out` or `wrt` names", () => {
    const s = style();
    const input = new Float32Array(4);
    for (const settings of [{}, { wrt: ["input"] }, { out: { input } }]) {
      const got = valueAndGradOf(s.engine, loss(s), settings)(zeros, target) as unknown as {
        grads: Record<string, { tolist(): number[][] }>;
      };
      expect(Object.keys(got.grads)).toEqual(["input"]);
      expect(got.grads["input"]?.tolist().flat()).toEqual([-0.25, 0.25, -0.25, 0.25]);
    }
    expect([...input]).toEqual([-0.25, 0.25, -0.25, 0.25]);
  });
  it("refuses what has no gradient, what is no input and what is no loss", () => {
    const s = style();
    expect(() => valueAndGradOf(s.engine, loss(s), { wrt: ["target"] })(zeros, target)).toThrow(/'target'/);
    expect(() => valueAndGradOf(s.engine, loss(s), { wrt: ["x"] })).toThrow(/no input 'x'/);
    expect(() => valueAndGradOf(s.engine, {} as never)).toThrow(/takes a loss/);
  });
  it("takes an upstream gradient", () => {
    const s = style();
    const run = valueAndGradOf(s.engine, loss(s, { reduction: "none" }), { upstream: [1, 2] });
    const { grads } = run(zeros, target) as unknown as { grads: Record<string, { tolist(): number[][] }> };
    expect(grads["input"]?.tolist()).toEqual([
      [-0.5, 0.5],
      [-1, 1],
    ]);
  });
  it("tells each warning once", () => {
    const told: string[] = [];
    const s = style(reference, (text) => told.push(text));
    const run = valueAndGradOf(s.engine, loss(s, { reduction: "sum" }));
    for (let i = 0; i < 3; i++) run(zeros, [0, 0]);
    expect(told).toEqual(["a sum"]);
  });
});

describe("names", () => {
  it("are spelled in the framework's way or in JavaScript's", () => {
    const known = (name: string) => ["label_smoothing", "reduction"].includes(name);
    expect(inOwnWords({ labelSmoothing: 1, reduction: 2, otherThing: 3 }, known)).toEqual({
      label_smoothing: 1,
      reduction: 2,
      otherThing: 3,
    });
    expect(() => inOwnWords({ labelSmoothing: 1, label_smoothing: 1 }, known)).toThrow(/twice/);
  });
});
