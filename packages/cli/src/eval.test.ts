import { describe, expect, it } from "vitest";
import { type Answer, createEvaluator, readRequest } from "./index.ts";

const backends = ["reference", "cpu", "cpu:js", "onnx", "onnx:wasm"];
const float = (shape: readonly number[], data: readonly (number | string)[]) => ({ dtype: "float32", shape, data });
const two = { input: float([2], [3, 5]), target: float([2], [1, 1]) };

async function ask(request: object, warnings = false): Promise<Answer> {
  const evaluator = createEvaluator({ profile: "torch@2.13", warnings });
  return evaluator.answer(readRequest({ id: "a", ...request }));
}
/** The numbers of an answer: value, gradients, or the code of its error. */
async function numbers(request: object): Promise<unknown> {
  const answer = await ask(request);
  if ("error" in answer) return answer.error.code;
  const grads = Object.entries(answer.grads).map(([name, { data }]) => [name, [...(data as Float32Array)]]);
  return [[...(answer.value.data as Float32Array)], Object.fromEntries(grads)];
}

describe.each(backends)("eval on %s", (backend) => {
  it("answers a class and a function of PyTorch, with gradients of those that are asked for", async () => {
    expect(await numbers({ backend, loss: "MSELoss", inputs: two, grad: ["input"] })).toEqual([
      [10],
      { input: [2, 4] },
    ]);
    expect(
      await numbers({
        backend,
        loss: "mse_loss",
        inputs: two,
        options: { reduction: "none" },
        grad: ["target", "input", "target"],
        upstream: float([2], [1, 0.5]),
      }),
    ).toEqual([[4, 16], { input: [4, 4], target: [-4, -4] }]);
  });
  it("answers Keras, with weights", async () => {
    const inputs = { y_true: float([2, 1], [1, 1]), y_pred: float([2, 1], [3, 5]), sample_weight: float([2], [1, 0]) };
    const request = { backend, profile: "keras@3", loss: "MeanSquaredError", inputs, grad: ["y_pred"] };
    expect(await numbers(request)).toEqual([[2], { y_pred: [2, 0] }]);
    expect(await numbers({ ...request, profile: "tf@2.3", loss: "MSE" })).toBe("option"); // functions take no weights
  });
  it("refuses in the framework's place, whatever the backend", async () => {
    const target = { dtype: "int64", shape: [2], data: [0, 3] };
    const inputs = { input: float([2, 3], [1, 2, 3, 4, 5, 6]), target };
    expect(await numbers({ backend, loss: "CrossEntropyLoss", inputs })).toBe("index-out-of-range");
    expect(await numbers({ backend, loss: "MSELoss", inputs: { ...two, target: float([3], [1, 2, 3]) } })).toBe(
      "shape",
    );
    expect(await numbers({ backend, loss: "MSELoss", inputs: two, options: { margin: 1 } })).toBe("option");
    expect(await numbers({ backend, loss: "MSELoss", inputs: { ...two, weight: two.input } })).toBe("option");
    expect(await numbers({ backend, loss: "MSELoss", inputs: { input: two.input } })).toBe("missing");
    expect(await numbers({ backend, loss: "MSELoss", inputs: two, grad: ["weight"] })).toBe("missing");
    expect(await numbers({ backend, loss: "MSELos", inputs: two })).toBe("unknown-loss");
    expect(await numbers({ backend, loss: "MSELoss", inputs: two, profile: "torch@3.1" })).toBe("request");
  });
});

describe("eval", () => {
  it("leaves an input that is null out, as Python's None", async () => {
    const inputs = { y_true: float([1], [1]), y_pred: float([1], [3]), sample_weight: null };
    expect(await numbers({ profile: "keras@3.15", loss: "MeanSquaredError", inputs })).toEqual([[4], {}]);
    expect(await numbers({ loss: "MSELoss", inputs: { ...two, target: null } })).toBe("missing");
  });
  it("reads tensors, words and numbers among the options", async () => {
    const inputs = { input: float([2], [0, 0]), target: float([2], [1, 1]) };
    const loss = "binary_cross_entropy_with_logits";
    expect(await numbers({ loss, inputs, options: { pos_weight: float([], [0]) } })).toEqual([[0], {}]);
    expect(await numbers({ loss: "HuberLoss", inputs, options: { delta: "Infinity" } })).toEqual([[0.5], {}]);
  });
  it("answers to an exotic name as to any that is not known", async () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      expect(await numbers({ loss: name, inputs: two })).toBe("unknown-loss");
      expect(await numbers(JSON.parse(`{"loss":"MSELoss","options":{"${name}":1}}`))).toBe("option");
      expect(await numbers(JSON.parse(`{"loss":"MSELoss","inputs":{"${name}":1}}`))).toBe("option");
    }
  });
  it("refuses at once what broadcasts to more than a line or a backend holds, on every backend", async () => {
    const side = 12_000;
    const inputs = { input: float([side, 1], new Array(side).fill(1)), target: float([side], new Array(side).fill(1)) };
    for (const backend of backends)
      for (const reduction of ["none", "mean"])
        expect(await numbers({ backend, loss: "MSELoss", inputs, options: { reduction } })).toBe("unsupported");
  });
  it("quotes the beginning of what is given, however long it is", async () => {
    const long = "x".repeat(100_000);
    for (const wrong of [{ profile: long }, { loss: long }, { backend: long }, { options: { reduction: long } }]) {
      const answer = await ask({ loss: "MSELoss", inputs: two, ...wrong });
      expect("error" in answer && answer.error.message.length).toBeLessThan(1100);
    }
  });
  it("tells the framework's warnings where they are asked for", async () => {
    const request = { loss: "MSELoss", inputs: two, options: { reduce: true } };
    expect(await ask(request)).not.toHaveProperty("warnings");
    expect(await ask(request, true)).toHaveProperty("warnings", [expect.stringContaining("reduction='mean'")]);
  });
});
