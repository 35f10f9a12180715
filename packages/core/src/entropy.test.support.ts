/** The contract that tests of calls take: a cross-entropy in the way of a framework. */
import { type Contract, trailing } from "./index.ts";
import { crossEntropy } from "./losses/index.ts";

/** Labels, a weight for the whole, one option with two words. */
export const entropy: Contract = {
  inputs: { input: { port: "logits" }, target: { port: "target" } },
  options: {
    ignore_index: { default: -100, read: Number },
    reduction: { default: "mean", read: String },
    weight: { default: null, holds: "tensor", read: (v) => v as null },
  },
  refuses: {},
  layout: ({ inputs: { input, target }, options: { weight } }) => {
    const logits = trailing(input?.shape ?? [], { 1: "C" });
    const rows = logits.filter((d) => d.axis !== "C");
    const ports = { logits, target: trailing(target?.shape ?? []) };
    return { ports: weight ? { ...ports, weight: [{ axis: "C", extent: 2 }] } : ports, value: rows };
  },
  dtypes: ({ inputs: { input } }) => ({ compute: input?.dtype ?? "float32", result: input?.dtype ?? "float32" }),
  gradient: { of: ["input"], refuses: {} },
  define: ({ options }) => ({ loss: crossEntropy, options: { ignoreIndex: options["ignore_index"] as number } }),
  reduction: ({ options }) => ({
    kind: options["reduction"] as "mean",
    rule: { by: "weights", whenZero: "nan" },
  }),
  warnings: { sum: ({ options }) => options["reduction"] === "sum" && "a sum" },
};
