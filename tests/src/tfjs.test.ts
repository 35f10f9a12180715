/** isoloss' losses inside TensorFlow.js. */
import { createKeras } from "@isoloss/adapter-keras-style";
import { toTfjs } from "@isoloss/adapter-tfjs";
import { createTorch } from "@isoloss/adapter-torch-style";
import { createCpuBackend } from "@isoloss/backend-cpu";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";

const backend = createCpuBackend();
const { losses } = createKeras({ backend, profile: "keras@3.15" });
const { nn } = createTorch({ backend, profile: "torch@2.13" });

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const classes = 3;
/** Points around three centres, and the index of each centre. */
function points(count: number): { readonly x: tf.Tensor2D; readonly y: tf.Tensor2D; readonly labels: number[] } {
  const labels = Array.from({ length: count }, (_, i) => i % classes);
  const x = labels.map((c, i) => [
    2 * Math.cos(2.1 * c) + 0.4 * Math.sin(i),
    2 * Math.sin(2.1 * c) + 0.4 * Math.cos(3 * i),
  ]);
  return { x: tf.tensor2d(x), y: tf.tensor2d(labels, [count, 1]), labels };
}
type Loss = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;
/** A linear model, from the same weights every time. */
function linear(units: number, activation: "softmax" | "linear" = "linear"): tf.Sequential {
  const model = tf.sequential();
  model.add(tf.layers.dense({ inputShape: [2], units, activation, kernelInitializer: tf.initializers.zeros() }));
  return model;
}
/** Steps down the gradient of `loss`; the loss before each step. */
function descend(model: tf.Sequential, loss: Loss): number[] {
  const { x, y } = points(90);
  const optimizer = tf.train.sgd(0.3);
  const step = (): number =>
    (
      optimizer.minimize(() => loss(y, model.apply(x) as tf.Tensor).mean() as tf.Scalar, true) as tf.Scalar
    ).dataSync()[0] as number;
  return Array.from({ length: 30 }, step);
}
/** The losses of the epochs of `model.fit`. */
async function fitted(
  model: tf.Sequential,
  loss: Loss | string,
  { epochs = 15, batchSize = 30 } = {},
): Promise<readonly number[]> {
  const { x, y } = points(90);
  model.compile({ optimizer: tf.train.sgd(0.3), loss });
  const { history } = await model.fit(x, y, { epochs, batchSize, shuffle: false, verbose: 0 });
  return history["loss"] as number[];
}

describe("toTfjs", () => {
  it("trains with SparseCategoricalCrossentropy from logits, which tfjs lacks, as a softmax trains with tfjs' operations", () => {
    const model = linear(classes);
    const ours = descend(model, toTfjs(tf, new losses.SparseCategoricalCrossentropy({ from_logits: true })));
    const theirs = descend(linear(classes, "softmax"), (yTrue, yPred) => {
      const oneHot = tf.oneHot(tf.cast(tf.squeeze(yTrue, [-1]), "int32"), classes);
      return tf.neg(tf.log(tf.sum(tf.mul(yPred, oneHot), -1)));
    });
    expect(ours[0]).toBeCloseTo(Math.log(classes), 5);
    for (const [i, loss] of ours.entries()) expect(loss).toBeCloseTo(theirs[i] as number, 4);
    const { x, labels } = points(90);
    expect((model.predict(x) as tf.Tensor).argMax(-1).arraySync()).toEqual(labels);
  });

  it("trains with it beside tfjs' own, which needs a softmax in the model", async () => {
    const ours = descend(linear(classes), toTfjs(tf, new losses.SparseCategoricalCrossentropy({ from_logits: true })));
    const model = linear(classes, "softmax");
    const theirs = await fitted(model, "sparseCategoricalCrossentropy", { epochs: ours.length, batchSize: 90 });
    expect(ours.at(-1)).toBeLessThan((ours[0] as number) / 2);
    for (const [i, loss] of ours.entries()) expect(loss).toBeCloseTo(theirs[i] as number, 4);
  });

  it("is a loss for model.compile: Keras' Huber, beside tfjs' own", async () => {
    const delta = 0.5;
    const ours = await fitted(linear(1), toTfjs(tf, new losses.Huber({ delta })));
    const theirs = await fitted(linear(1), (t, p) => tf.losses.huberLoss(t, p, undefined, delta));
    expect(ours.at(-1)).toBeLessThan((ours[0] as number) * 0.7);
    for (const [i, loss] of ours.entries()) expect(loss).toBeCloseTo(theirs[i] as number, 5);
  });

  it("gives tfjs the gradients that its own losses have, where these are right", () => {
    const yTrue = tf.tensor2d([1, 0, 2, -1, 0.5, 3], [2, 3]);
    const yPred = tf.tensor2d([0.5, 1, 2, 1, -0.5, 2], [2, 3]);
    const ours = tf.grad((p) => toTfjs(tf, new losses.MeanSquaredError())(yTrue, p).mul(3) as tf.Scalar)(yPred);
    const theirs = tf.grad((p) => (tf.losses.meanSquaredError(yTrue, p) as tf.Scalar).mul(3))(yPred);
    expect(Array.from(ours.dataSync())).toEqual(Array.from(theirs.dataSync()));
  });

  it("differentiates a loss that is not reduced, for whatever flows in", () => {
    const yTrue = tf.tensor2d([1, 0, 2, -1], [2, 2]);
    const yPred = tf.tensor2d([0.5, 1, 2, 1], [2, 2]);
    const loss = toTfjs(tf, new losses.MeanSquaredError({ reduction: "none" }));
    expect(loss(yTrue, yPred).shape).toEqual([2]);
    const ours = tf.grad((p) => tf.sum(tf.mul(loss(yTrue, p), tf.tensor1d([1, 10]))))(yPred);
    expect(Array.from(ours.dataSync())).toEqual([-0.5, 1, 0, 20]);
  });

  it("takes losses of PyTorch too, the target first as tfjs has it", () => {
    const logits = tf.tensor2d([1, 2, 3, 3, 2, 1], [2, 3]);
    const labels = tf.tensor1d([2, 1], "int32");
    const value = toTfjs(tf, new nn.CrossEntropyLoss())(labels, logits).dataSync()[0];
    expect(value).toBeCloseTo(new nn.CrossEntropyLoss()({ data: logits.dataSync(), shape: [2, 3] }, [2, 1]).item(), 6);
  });

  it("refuses a loss that takes more than a prediction and a target", () => {
    expect(() => toTfjs(tf, new nn.CosineEmbeddingLoss())).toThrow(/input1, input2, target/);
  });
});
