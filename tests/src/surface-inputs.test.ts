/** Tensors of the libraries that people have: real ONNX Runtime and TensorFlow.js tensors go in as they are. */
import { createKeras } from "@isoloss/adapter-keras-style";
import { createTorch } from "@isoloss/adapter-torch-style";
import { createCpuBackend } from "@isoloss/backend-cpu";
import * as tf from "@tensorflow/tfjs";
import * as ort from "onnxruntime-web";
import { describe, expect, it } from "vitest";

const backend = createCpuBackend();
const { nn, F, tensor, valueAndGrad } = createTorch({ backend, profile: "torch@2.13" });
const { losses } = createKeras({ backend, profile: "keras@3.15" });
const data = Float32Array.of(2, 1, 0, 0, 1, 2);
const ce = new nn.CrossEntropyLoss();
const expected = ce({ data, shape: [2, 3] }, [0, 2]).item();

describe("tensors of ONNX Runtime", () => {
  it("are read in place, labels of either width", () => {
    const logits: ort.Tensor = new ort.Tensor("float32", data, [2, 3]);
    expect(ce(logits, new ort.Tensor("int64", BigInt64Array.of(0n, 2n), [2])).item()).toBe(expected);
    expect(ce(logits, new ort.Tensor("int32", Int32Array.of(0, 2), [2])).item()).toBe(expected);
    expect(losses.sparse_categorical_crossentropy([0, 2], logits, { from_logits: true }).shape).toEqual([2]);
    expect(tensor(logits).data).toBe(data);
  });
  it("may be half precision", () => {
    const halves = new ort.Tensor("float16", Uint16Array.of(0x3c00, 0x4000), [2]);
    expect(F.mse_loss(halves, tensor(Uint16Array.of(0, 0), { dtype: "float16" }))).toMatchObject({ dtype: "float16" });
  });
});

describe("tensors of ONNX Runtime that hold no numbers", () => {
  it("are refused by name", () => {
    expect(() => F.mse_loss(new ort.Tensor("string", ["a"], [1]), [1])).toThrow(/input: unsupported dtype "string"/);
  });
});

describe("tensors of TensorFlow.js", () => {
  it("are read, labels among them", () => {
    const logits = tf.tensor2d(data, [2, 3]);
    expect(ce(logits, tf.tensor1d([0, 2], "int32")).item()).toBe(expected);
    expect(new losses.MeanSquaredError()(logits, tf.zeros([2, 3])).item()).toBeCloseTo(10 / 6, 6);
    const { grads } = valueAndGrad(ce)(logits, tf.tensor1d([0, 2], "int32"));
    expect(grads.input.shape).toEqual([2, 3]);
  });
});

describe("the causal shift of a language model", () => {
  it("costs no copy: rows of logits against the next tokens", () => {
    const tokens = tensor(Int32Array.of(1, 0, 2));
    const logits = tensor(Float32Array.of(0, 0, 0, 2, 1, 0, 5, 5, 5), { shape: [3, 3], requires_grad: true });
    const loss = F.cross_entropy(logits.slice(0, -1), tokens.slice(1), { reduction: "sum" });
    expect(loss.item()).toBeCloseTo(Math.log(3) + Math.log(Math.exp(2) + Math.E + 1), 6);
    loss.backward();
    expect(logits.grad?.tolist()).toEqual([expect.anything(), expect.anything(), [0, 0, 0]]);
  });
});

describe("a caller's arrays", () => {
  it("are never written, unless they are outputs", () => {
    const input = Float32Array.from(data);
    const target = Int32Array.of(0, 2);
    const weight = Float32Array.of(1, 2, 3);
    const out = new Float32Array(6);
    const run = valueAndGrad(new nn.CrossEntropyLoss({ weight, ignore_index: 2, label_smoothing: 0.1 }), {
      out: { input: out },
    });
    run({ data: input, shape: [2, 3] }, target);
    run({ data: input, shape: [2, 3] }, target);
    expect([input, target, weight]).toEqual([data, Int32Array.of(0, 2), Float32Array.of(1, 2, 3)]);
    expect(out.some((g) => g !== 0)).toBe(true);
  });
});
