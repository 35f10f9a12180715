/** Both styles on a backend that makes promises: the same numbers as on the CPU, and the same refusals. */
import { createKeras } from "@isoloss/adapter-keras-style";
import { createTorch } from "@isoloss/adapter-torch-style";
import { createCpuBackend } from "@isoloss/backend-cpu";
import { createOnnxBackend } from "@isoloss/backend-onnx";
import * as ort from "onnxruntime-web";
import { describe, expect, it } from "vitest";
import { focal } from "./custom-focal.ts";

const cpu = createCpuBackend();
const onnx = createOnnxBackend({ ort, executionProviders: ["wasm"] });
const data = Float32Array.of(2, 1, 0, 0, 1, 2);
const labels = Int32Array.of(0, 2);
const near = (g: unknown) => ([g].flat(5) as number[]).map((v) => expect.closeTo(v, 5));

describe("PyTorch's style on ONNX Runtime", () => {
  const torch = createTorch({ backend: onnx, profile: "torch@2.13" });
  const same = createTorch({ backend: cpu, profile: "torch@2.13" });
  it("goes forward and backward, alone and combined", async () => {
    const x = torch.tensor(data, { shape: [2, 3], requires_grad: true });
    const y = same.tensor(data, { shape: [2, 3], requires_grad: true });
    const ce = await torch.F.cross_entropy(x, labels);
    const l1 = await torch.F.l1_loss(x, 1);
    const total = await torch.combine({ ce: 1, l1: 0.5 })({ ce, l1 });
    await total.backward();
    const here = same.combine({ ce: 1, l1: 0.5 })({ ce: same.F.cross_entropy(y, labels), l1: same.F.l1_loss(y, 1) });
    here.backward();
    expect(total.item()).toBeCloseTo(here.item(), 5);
    expect([x.grad?.tolist()].flat(5)).toEqual(near(y.grad?.tolist()));
  });
  it("prepares, and runs overlapping calls each with its own data", async () => {
    const run = torch.valueAndGrad(new torch.nn.MSELoss());
    await run.prepare(data, data);
    const calls = [0, 1, 2, 3].map((shift) =>
      run(
        data.map((v) => v + shift),
        data,
      ),
    );
    expect((await Promise.all(calls)).map(({ value }) => value.item())).toEqual([0, 1, 4, 9]);
  });
  it("runs a custom loss", async () => {
    const { grads } = await torch.valueAndGrad(torch.custom(focal).loss)({ data, shape: [2, 3] }, labels);
    const there = same.valueAndGrad(same.custom(focal).loss)({ data, shape: [2, 3] }, labels);
    expect([grads.logits.tolist()].flat(5)).toEqual(near(there.grads.logits.tolist()));
  });
  it("refuses a label out of range, which ONNX Runtime itself would wrap", async () => {
    await expect(torch.F.cross_entropy([[1, 2]], [-1])).rejects.toMatchObject({ code: "index-out-of-range" });
    await expect(torch.F.cross_entropy([[1, 2]], [2])).rejects.toMatchObject({ code: "index-out-of-range" });
  });
});

describe("Keras's style on ONNX Runtime", () => {
  it("weighs and reduces", async () => {
    const keras = createKeras({ backend: onnx, profile: "keras@3.15" });
    const bce = new keras.losses.BinaryCrossentropy({ from_logits: true });
    const here = createKeras({ backend: cpu, profile: "keras@3.15" });
    const same = new here.losses.BinaryCrossentropy({ from_logits: true });
    const call = [[[1, 0, 1]], { data, shape: [2, 3] }] as const;
    const broadcast = [
      [
        [1, 0, 1],
        [0, 0, 1],
      ],
      { data, shape: [2, 3] },
      { sample_weight: [1, 3] },
    ] as const;
    await expect(bce(...call)).rejects.toMatchObject({ code: "shape" });
    expect((await bce(...broadcast)).item()).toBeCloseTo(same(...broadcast).item(), 5);
    const { grads } = await keras.valueAndGrad(bce)(...broadcast);
    expect([grads.y_pred.tolist()].flat(5)).toEqual(
      near(
        here
          .valueAndGrad(same)(...broadcast)
          .grads.y_pred.tolist(),
      ),
    );
  });
});
