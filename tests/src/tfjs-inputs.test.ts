/** TensorFlow.js' tensors wherever a tensor may stand: inputs, options, weights, what flows in, on every kind of backend. */
import { createKeras } from "@isoloss/adapter-keras-style";
import { createTorch } from "@isoloss/adapter-torch-style";
import { createCpuBackend } from "@isoloss/backend-cpu";
import { createOnnxBackend, exportOnnx } from "@isoloss/backend-onnx";
import { createReferenceBackend } from "@isoloss/core/reference";
import * as tf from "@tensorflow/tfjs";
import * as ort from "onnxruntime-web";
import { beforeAll, describe, expect, it } from "vitest";
import { focal } from "./custom-focal.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const numbers = [2, 1, 0, 0, 1, 2];
const plain = { data: Float32Array.from(numbers), shape: [2, 3] };
const logits = (): tf.Tensor2D => tf.tensor2d(numbers, [2, 3]);
const labels = (): tf.Tensor1D => tf.tensor1d([0, 1], "int32");
const weight = () => tf.tensor1d([1, 0.5, 2]);
const plainWeight = { data: Float32Array.of(1, 0.5, 2), shape: [3] };

const cpu = createCpuBackend();
const torch = createTorch({ backend: cpu, profile: "torch@2.13" });
const keras = createKeras({ backend: cpu, profile: "keras@3.15" });

describe("tfjs tensors", () => {
  it("are inputs and options of classes and functions, in PyTorch's style", () => {
    const expected = new torch.nn.CrossEntropyLoss({ weight: plainWeight })(plain, [0, 1]).item();
    expect(new torch.nn.CrossEntropyLoss({ weight: weight() })(logits(), labels()).item()).toBe(expected);
    expect(torch.F.cross_entropy(logits(), labels(), { weight: weight() }).item()).toBe(expected);
    const ones = tf.onesLike(logits());
    const pos = torch.F.binary_cross_entropy_with_logits(logits(), ones, { weight: ones, pos_weight: weight() });
    const same = torch.F.binary_cross_entropy_with_logits(
      plain,
      { data: new Float32Array(6).fill(1), shape: [2, 3] },
      { pos_weight: plainWeight },
    );
    expect(pos.item()).toBe(same.item());
  });

  it("become tensors that go backward, and flow into them", () => {
    const x = torch.tensor(logits(), { requires_grad: true });
    const y = torch.tensor(plain, { requires_grad: true });
    torch.F.cross_entropy(x, labels(), { reduction: "none" }).backward(tf.tensor1d([1, 10]));
    torch.F.cross_entropy(y, [0, 1], { reduction: "none" }).backward([1, 10]);
    expect(x.grad?.tolist()).toEqual(y.grad?.tolist());
    const settings = (upstream: tf.Tensor | readonly number[]) => ({ upstream });
    const none = new torch.nn.CrossEntropyLoss({ reduction: "none" });
    const [a, b] = [settings(tf.tensor1d([1, 10])), settings([1, 10])].map((s) =>
      torch.valueAndGrad(none, s)(logits(), labels()),
    );
    expect(a?.grads.input.tolist()).toEqual(b?.grads.input.tolist());
  });

  it("are inputs, sample weights and masks in Keras' style", () => {
    const loss = new keras.losses.SparseCategoricalCrossentropy({ from_logits: true });
    const [sample_weight, same] = [tf.tensor1d([1, 3]), [1, 3]];
    expect(loss(labels(), logits(), { sample_weight }).item()).toBe(
      loss([0, 1], plain, { sample_weight: same }).item(),
    );
    const { grads } = keras.valueAndGrad(loss)(labels(), logits(), { sample_weight });
    expect(grads.y_pred.tolist()).toEqual(
      keras.valueAndGrad(loss)([0, 1], plain, { sample_weight: same }).grads.y_pred.tolist(),
    );
  });

  it("are inputs of losses of one's own, alone and combined", () => {
    const own = torch.custom(focal);
    expect(own.loss(logits(), labels()).item()).toBe(own.loss(plain, Int32Array.of(0, 1)).item());
    const sum = torch.combine({ ce: 1, l1: 0.5 });
    const both = sum({
      ce: torch.F.cross_entropy(logits(), labels()),
      l1: torch.F.l1_loss(logits(), tf.zeros([2, 3])),
    });
    expect(both.item()).toBeCloseTo(torch.F.cross_entropy(plain, [0, 1]).item() + 0.5, 6);
  });

  it("go to the reference, and to ONNX Runtime", async () => {
    const expected = torch.F.cross_entropy(logits(), labels()).item();
    const reference = createTorch({ backend: createReferenceBackend(), profile: "torch@2.13" });
    expect(reference.F.cross_entropy(logits(), labels()).item()).toBeCloseTo(expected, 6);
    const onnx = createTorch({
      backend: createOnnxBackend({ ort, executionProviders: ["wasm"] }),
      profile: "torch@2.13",
    });
    const { value, grads } = await onnx.valueAndGrad(new onnx.nn.CrossEntropyLoss({ weight: weight() }))(
      logits(),
      labels(),
    );
    const here = torch.valueAndGrad(new torch.nn.CrossEntropyLoss({ weight: plainWeight }))(plain, [0, 1]);
    expect(value.item()).toBeCloseTo(here.value.item(), 6);
    expect([grads.input.tolist()].flat(5)).toEqual(
      [here.grads.input.tolist()].flat(5).map((v) => expect.closeTo(v as number, 6)),
    );
  });

  it("say what a file is like, whose class indices are PyTorch's int64 again, and are inside of it", async () => {
    const loss = new torch.nn.CrossEntropyLoss({ weight: weight() });
    const session = await ort.InferenceSession.create(
      exportOnnx(loss, { like: { input: logits(), target: labels() } }),
    );
    const feeds = {
      input: new ort.Tensor("float32", plain.data, [2, 3]),
      target: new ort.Tensor("int64", BigInt64Array.of(0n, 1n), [2]),
    };
    const { loss: value } = await session.run(feeds);
    await session.release();
    expect(value?.data[0]).toBeCloseTo(loss(logits(), labels()).item(), 6);
  });

  it("of int32 are class indices, of float32 they are what PyTorch refuses as such", () => {
    expect(() => torch.F.nll_loss(logits(), tf.tensor1d([0, 1]))).toThrow(expect.objectContaining({ code: "dtype" }));
  });
});
