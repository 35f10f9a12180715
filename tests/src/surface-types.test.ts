/** What the type checker knows of the surfaces. `tsc` is what runs these; the values only show that the types tell the truth. */
import { createKeras, createKerasWith, Huber } from "@isoloss/adapter-keras-style";
import { CrossEntropyLoss, createTorch, createTorchWith, mse_loss, type Tensor } from "@isoloss/adapter-torch-style";
import { createCpuBackend } from "@isoloss/backend-cpu";
import type { Backend, TensorValue } from "@isoloss/core";
import { describe, expect, expectTypeOf, it } from "vitest";
import { focal } from "./custom-focal.ts";

const backend = createCpuBackend({ engine: "js" });
const asynchronous: Backend<"async"> = {
  ...backend,
  mode: "async",
  compile: async (program) => {
    const kernel = backend.compile(program);
    return { run: async (...args) => kernel.run(...args), dispose: () => kernel.dispose() };
  },
};
const torch = createTorch({ backend, profile: "torch@2.13" });
const keras = createKeras({ backend, profile: "keras@3.15" });

describe("the types", () => {
  it("say whether a call answers at once", async () => {
    expectTypeOf(torch.F.mse_loss([1], [2])).toEqualTypeOf<Tensor<"sync">>();
    expectTypeOf(torch.F.mse_loss([1], [2]).backward).returns.toEqualTypeOf<void>();
    const later = createTorch({ backend: asynchronous, profile: "torch@2.13" });
    const promise = later.F.mse_loss([1], [2]);
    expectTypeOf(promise).toEqualTypeOf<Promise<Tensor<"async">>>();
    expectTypeOf((await promise).backward).returns.toEqualTypeOf<Promise<void>>();
    const value = later.valueAndGrad(later.F.mse_loss)([1], [2]);
    expectTypeOf(value).toExtend<Promise<{ value: TensorValue }>>();
    const mse = new (createKeras({ backend: asynchronous, profile: "keras@3.15" }).losses.MeanSquaredError)();
    expectTypeOf(mse([1], [2])).toEqualTypeOf<Promise<TensorValue>>();
    expectTypeOf(new keras.losses.MeanSquaredError()([1], [2])).toEqualTypeOf<TensorValue>();
    expect(promise).toBeInstanceOf(Promise);
  });
  it("know the options of each loss, in both spellings", () => {
    const { nn, F } = torch;
    new nn.CrossEntropyLoss({ label_smoothing: 0.1, ignore_index: 1, reduction: "sum", weight: [1, 2] });
    new nn.CrossEntropyLoss({ labelSmoothing: 0.1, ignoreIndex: 1 });
    F.kl_div([0], [1], { logTarget: true, reduction: "batchmean" });
    // @ts-expect-error: a loss without that option
    expect(() => new nn.MSELoss({ label_smoothing: 0.1 })).toThrow(/'label_smoothing'/);
    // @ts-expect-error: no such reduction
    new nn.MSELoss({ reduction: "batchmean" });
    // @ts-expect-error: a number is wanted
    expect(() => new nn.HingeEmbeddingLoss({ margin: "1" })).toThrow(/margin/);
    new keras.losses.BinaryCrossentropy({ fromLogits: true, label_smoothing: 0.1, axis: [-1] });
    // @ts-expect-error: Keras's word for another loss
    expect(() => new keras.losses.Hinge({ delta: 1 })).toThrow(/'delta'/);
    expectTypeOf(new nn.SmoothL1Loss().beta).toEqualTypeOf<number>();
    expectTypeOf(new keras.losses.Huber().delta).toEqualTypeOf<number>();
  });
  it("know the tensors of each loss", () => {
    const { nn } = torch;
    // @ts-expect-error: the target is missing
    expect(() => new nn.MSELoss()([1])).toThrow(/target/);
    // @ts-expect-error: three tensors
    expect(() => new nn.CosineEmbeddingLoss()([[1]], [[1]])).toThrow(/target/);
    // @ts-expect-error: no tensor
    expect(() => new nn.MSELoss()("1", [1])).toThrow(/string/);
  });
  it("know the gradients that are asked for", () => {
    const { nn, valueAndGrad } = torch;
    const some = valueAndGrad(new nn.MSELoss())([1], [2]).grads;
    expectTypeOf(some).toEqualTypeOf<{ readonly input: TensorValue }>();
    const target = valueAndGrad(new nn.MSELoss(), { wrt: ["target"] })([1], [2]).grads;
    expectTypeOf(target).toEqualTypeOf<{ readonly target: TensorValue }>();
    const written = valueAndGrad(new nn.MSELoss(), { out: { input: new Float32Array(1) } })([1], [2]).grads;
    expectTypeOf(written.input).toEqualTypeOf<TensorValue>();
    const both = valueAndGrad(new nn.CosineEmbeddingLoss())([[1]], [[2]], [1]).grads;
    expectTypeOf(both).toEqualTypeOf<{ readonly input1: TensorValue; readonly input2: TensorValue }>();
    const y = keras.valueAndGrad(keras.losses.mean_squared_error)([1], [2]).grads;
    expectTypeOf(y).toEqualTypeOf<{ readonly y_pred: TensorValue }>();
    // @ts-expect-error: no input of that name
    expect(() => valueAndGrad(new nn.MSELoss(), { wrt: ["y_pred"] })).toThrow(/y_pred/);
    // @ts-expect-error: no loss
    expect(() => valueAndGrad((x: number) => x)).toThrow(/takes a loss/);
    expect(Object.keys(both)).toEqual(["input1", "input2"]);
  });
  it("know the names that were given to combine, createTorchWith and createKerasWith", () => {
    const total = torch.combine({ ce: 1, kl: 0.1 });
    expectTypeOf(total.weights).toEqualTypeOf<{ readonly ce: number; readonly kl: number }>();
    expectTypeOf(total({ ce: 1, kl: 2 })).toEqualTypeOf<Tensor<"sync">>();
    // @ts-expect-error: a loss is missing
    expect(() => total({ ce: 1 })).toThrow(/'kl'/);
    const some = createTorchWith({ backend, profile: "torch@2.13" }, { CrossEntropyLoss, mse_loss });
    expectTypeOf(some.nn).toExtend<{ readonly CrossEntropyLoss: unknown }>();
    expectTypeOf(new some.CrossEntropyLoss().label_smoothing).toEqualTypeOf<number>();
    expectTypeOf(some.mse_loss([1], [2])).toEqualTypeOf<Tensor<"sync">>();
    // @ts-expect-error: not among those that were named
    expect(some.nn.MSELoss).toBeUndefined();
    const own = createKerasWith({ backend, profile: "keras@3.15" }, { Huber });
    expectTypeOf(new own.losses.Huber().delta).toEqualTypeOf<number>();
    expect(total.weights).toEqual({ ce: 1, kl: 0.1 });
  });
  it("know the ports and the options of a custom loss", () => {
    const { Loss, loss } = torch.custom(focal);
    const grads = torch.valueAndGrad(new Loss({ gamma: 1 }))({ logits: [[1, 2]], target: [0] }).grads;
    expectTypeOf(grads).toEqualTypeOf<{ readonly logits: TensorValue }>();
    // @ts-expect-error: no such option
    expect(() => new Loss({ alpha: 1 })).toThrow(/'alpha'/);
    // @ts-expect-error: labels have no gradient
    expect(() => torch.valueAndGrad(loss, { wrt: ["target"] })([[1, 2]], [0])).toThrow(/'target'/);
    expect(Object.keys(grads)).toEqual(["logits"]);
  });
});
