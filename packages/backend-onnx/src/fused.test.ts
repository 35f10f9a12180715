/** Which programs ONNX's loss operators compute, whatever made the program. */
import { fromBinary } from "@bufbuild/protobuf";
import {
  add,
  constant,
  div,
  exp,
  grad,
  input,
  log,
  logSoftmax,
  max,
  mul,
  type Node,
  ne,
  neg,
  type Program,
  pick,
  program,
  sub,
  sum,
  total,
  where,
} from "@isoloss/core";
import { ModelProtoSchema } from "onnx-buf";
import { describe, expect, it } from "vitest";
import { exportProgram } from "./index.ts";

const scores = input("scores", ["0", "C"], "float32");
const labels = input("labels", ["0"], "int32");
const weights = input("weights", ["C"], "float32");
const samples = input("samples", ["0"], "float32");
const plain = neg(pick(logSoftmax(scores, "C"), "C", labels));

const keep = ne(labels, 7);
const index = where(keep, labels, 0);
const weight = where(keep, pick(weights, "C", index), 0);
const weighed = (logp: Node): Node => neg(where(keep, mul(weight, pick(logp, "C", index)), 0));

/** The loss operator of the file, how often each other operator is there, and the inputs of the file. */
function fused(p: Program) {
  const { graph } = fromBinary(ModelProtoSchema, exportProgram(p, { fused: true }));
  const nodes = graph?.node ?? [];
  const node = nodes.find((n) => n.opType.endsWith("Loss"));
  const text = (s: Uint8Array): string => String.fromCharCode(...s);
  return {
    operator: node?.opType,
    inputs: node?.input,
    attributes: Object.fromEntries((node?.attribute ?? []).map((a) => [a.name, a.s.length ? text(a.s) : Number(a.i)])),
    others: nodes.flatMap((n) => (n === node ? [] : [n.opType])),
  };
}
const of = (...outputs: readonly Node[]): Program => program(outputs, ["0", "C"]);

describe("the fused form of a program", () => {
  it("is one node where the program is what the operator is defined to be", () => {
    expect(fused(of(plain))).toMatchObject({
      operator: "SoftmaxCrossEntropyLoss",
      inputs: ["scores", "labels"],
      attributes: { reduction: "none" },
    });
    const shifted = sub(scores, max(scores, "C"));
    const otherwise = sub(log(sum(exp(shifted), "C")), pick(shifted, "C", labels));
    expect(fused(of(otherwise))).toEqual(fused(of(plain)));
    const mean = of(div(total(weighed(logSoftmax(scores, "C"))), total(weight)));
    expect(fused(mean)).toEqual({
      operator: "SoftmaxCrossEntropyLoss",
      inputs: ["scores", "labels", "weights"],
      attributes: { reduction: "mean", ignore_index: 7 },
      others: ["Reshape"], // of a scalar to a scalar
    });
    expect(fused(of(total(weighed(scores))))).toMatchObject({
      operator: "NegativeLogLikelihoodLoss",
      attributes: { reduction: "sum", ignore_index: 7 },
    });
  });

  it("leaves the rest of the value to the graph, and all of the gradients", () => {
    const value = total(mul(plain, samples));
    const rest = fused(of(value));
    expect([rest.operator, rest.attributes]).toEqual(["SoftmaxCrossEntropyLoss", { reduction: "none" }]);
    expect(rest.others).not.toContain("Exp");
    expect(rest.others).toContain("ReduceSum");
    const both = fused(of(value, ...grad(value, [scores], constant(1, "float32"))));
    expect([both.operator, both.others.includes("Exp")]).toEqual(["SoftmaxCrossEntropyLoss", true]);
  });

  it("leaves an unweighted mean without labels of −1 to the graph: ONNX contradicts itself there", () => {
    const kept = where(ne(labels, -1), constant(1, "float32"), 0);
    const chosen = pick(scores, "C", where(ne(labels, -1), labels, 0));
    const value = div(total(neg(where(ne(labels, -1), mul(kept, chosen), 0))), total(kept));
    expect(fused(of(value)).attributes).toEqual({ reduction: "sum", ignore_index: -1 });
  });

  it.each<[string, RegExp, Node]>([
    ["nothing is picked", /picks no class/, total(scores)],
    ["the scores are needed once more", /reads 'scores' once more/, add(plain, sum(scores, "C"))],
    ["what is picked is something else", /something else/, neg(pick(exp(scores), "C", labels))],
    ["the softmax is not quite one", /something else/, neg(pick(sub(scores, sum(exp(scores), "C")), "C", labels))],
  ])("is refused where %s", (_, reason, value) => {
    expect(() => exportProgram(of(value), { fused: true })).toThrow(
      expect.objectContaining({ code: "option", message: expect.stringMatching(reason) }),
    );
  });

  it("is refused where the classes are not the second dimension", () => {
    const turned = input("scores", ["C", "0"], "float32");
    const p = program([neg(pick(logSoftmax(turned, "C"), "C", labels))], ["C", "0"]);
    expect(() => exportProgram(p, { fused: true })).toThrow(/second dimension of 'scores'/);
  });
});
