import { describe, expect, it } from "vitest";
import {
  type Backend,
  broadcastDims,
  type Contract,
  createCallSite,
  createEngine,
  LossError,
  type ReductionKind,
  refuseValues,
  toTensor,
  trailing,
} from "./index.ts";
import { squaredError } from "./losses/index.ts";
import { createReferenceBackend } from "./reference.ts";

/** Squared error of what broadcasts, in the way of a framework. */
const squared: Contract = {
  inputs: { input: { port: "x" }, target: { port: "y" } },
  options: { reduction: { default: "mean", read: String } },
  refuses: {
    range: refuseValues(({ inputs: { input } }) => input?.data[0 as never] === 7 && new LossError("value", "seven")),
  },
  layout: ({ inputs: { input, target } }) => {
    const ports = { x: trailing(input?.shape ?? []), y: trailing(target?.shape ?? []) };
    return { ports, value: broadcastDims(ports.x, ports.y) };
  },
  dtypes: () => ({ compute: "float32", result: "float32" }),
  gradient: { of: ["input"], refuses: {} },
  define: () => ({ loss: squaredError }),
  reduction: ({ options }) => ({ kind: options["reduction"] as ReductionKind, rule: { by: "count", whenZero: "nan" } }),
};
const backend = createReferenceBackend();
const run = (n: number, reduction: string, own: Backend<"sync"> = backend, first = 0) => {
  const column = new Float32Array(n);
  column[0] = first;
  return createCallSite(createEngine(own), squared, "function").run({
    inputs: {
      input: toTensor({ data: column, shape: [n, 1] }, "input"),
      target: toTensor({ data: new Float32Array(n), shape: [1, n] }, "target"),
    },
    options: { reduction },
    gradients: ["input"],
  });
};
const text = "the shapes broadcast to [100000, 100000], which are 10000000000 elements";

describe("the size of tensors", () => {
  it.each(["none", "sum", "mean"])("%s: a broadcast beyond the limit is refused at once, and says its size", (kind) => {
    const { mostElements: _, ...unsaid } = backend;
    for (const own of [backend, unsaid])
      expect(() => run(100_000, kind, own)).toThrow(
        expect.objectContaining({ code: "unsupported", message: expect.stringContaining(text) }),
      );
  });
  it("comes after the framework's own refusals, those of the data too", () => {
    expect(() => run(100_000, "mean", backend, 7)).toThrow(expect.objectContaining({ code: "value" }));
  });
  it("is the backend's, if it has one; a tensor as large as an argument is always computed", () => {
    const small = { ...backend, mostElements: 15 };
    expect(() => run(4, "mean", small)).toThrow(/\[4, 4\].*16 elements.*at most 15/);
    expect(run(3, "mean", small).value?.item()).toBe(0);
    const pair = toTensor(new Float32Array(20), "x");
    const site = createCallSite(createEngine(small), squared, "function");
    const request = { inputs: { input: pair, target: pair }, options: { reduction: "none" }, gradients: [] };
    expect(site.run(request).value?.shape).toEqual([20]);
  });
});
