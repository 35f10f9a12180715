/** Exported losses where their users run them: ONNX Runtime, with other sizes than those they were made with. */
import { createKeras } from "@isoloss/adapter-keras-style";
import { createTorch } from "@isoloss/adapter-torch-style";
import { createCpuBackend } from "@isoloss/backend-cpu";
import { exportOnnx } from "@isoloss/backend-onnx";
import * as ort from "onnxruntime-web";
import { describe, expect, it } from "vitest";

const torch = createTorch({ backend: createCpuBackend(), profile: "torch@2.13" });
const keras = createKeras({ backend: createCpuBackend(), profile: "keras@3.15" });

type Feeds = Readonly<Record<string, ort.Tensor>>;
async function run(file: Uint8Array, feeds: Feeds): Promise<Readonly<Record<string, ort.Tensor>>> {
  const session = await ort.InferenceSession.create(file, { logSeverityLevel: 3 });
  const results = await session.run(feeds);
  await session.release();
  return results;
}
const floats = (shape: readonly number[], seed: number): ort.Tensor => {
  const n = shape.reduce((a, b) => a * b, 1);
  return new ort.Tensor(
    "float32",
    Float32Array.from({ length: n }, (_, i) => Math.sin(seed * (i + 1)) * 2),
    shape,
  );
};
const indices = (n: number, classes: number): ort.Tensor =>
  new ort.Tensor(
    "int64",
    BigInt64Array.from({ length: n }, (_, i) => BigInt((3 * i) % classes)),
    [n],
  );
function expectNear(got: ort.Tensor | undefined, wanted: { data: unknown; shape: readonly number[] }): void {
  expect(got?.dims).toEqual(wanted.shape);
  const have = Array.from(got?.data as Float32Array);
  for (const [i, x] of Array.from(wanted.data as Float32Array).entries()) expect(have[i]).toBeCloseTo(x, 5);
}

describe("exportOnnx of a loss", () => {
  it("gives value and gradient of CrossEntropyLoss, its class weights inside the file", async () => {
    const weight = { data: Float32Array.of(1, 0.5, 2, 0.1), shape: [4] };
    const criterion = new torch.nn.CrossEntropyLoss({ weight, label_smoothing: 0.1, ignore_index: 2 });
    const file = exportOnnx(criterion, { gradients: ["input"] });
    const [input, target] = [floats([7, 4], 5), indices(7, 4)];
    const got = await run(file, { input, target });
    const { value, grads } = torch.valueAndGrad(criterion)(input, target);
    expectNear(got["loss"], value);
    expectNear(got["grad_input"], grads.input);
  });

  it("takes ranks, sizes of 1 and optional inputs from the tensors that it is to be like", async () => {
    const loss = new keras.losses.MeanSquaredError();
    const like = {
      y_true: { dtype: "float32", shape: [2, 3, 4] },
      y_pred: { dtype: "float32", shape: [2, 3, 4] },
      sample_weight: { dtype: "float32", shape: [2, 1] },
    } as const;
    const file = exportOnnx(loss, { like, gradients: ["y_pred"], opset: 21, names: { loss: "mse" } });
    const [y_true, y_pred, sample_weight] = [floats([5, 2, 3], 2), floats([5, 2, 3], 3), floats([5, 1], 4)];
    const got = await run(file, { y_true, y_pred, sample_weight });
    const { value, grads } = keras.valueAndGrad(loss)(y_true, y_pred, { sample_weight });
    expectNear(got["mse"], value);
    expectNear(got["grad_y_pred"], grads.y_pred);
  });

  it("gives partial sums that add over the shards of a batch", async () => {
    const weight = { data: Float32Array.of(1, 0.5, 2), shape: [3] };
    const criterion = new torch.nn.CrossEntropyLoss({ weight });
    const file = exportOnnx(criterion, { mode: "partial" });
    const shards = [floats([4, 3], 5), floats([9, 3], 7)];
    const parts = await Promise.all(
      shards.map((input) => run(file, { input, target: indices(input.dims[0] as number, 3) })),
    );
    const total = (name: string): number => parts.reduce((s, p) => s + (p[name]?.data[0] as number), 0);
    expect(total("count")).toBe(13);
    const all = Float32Array.from(shards.flatMap((s) => Array.from(s.data as Float32Array)));
    const targets = [4, 9].flatMap((n) => Array.from(indices(n, 3).data as BigInt64Array, Number));
    const whole = criterion({ data: all, shape: [13, 3] }, targets).item();
    expect(total("sum_loss") / total("sum_mass")).toBeCloseTo(whole, 5);
  });

  it("refuses what the framework refuses, and a gradient of a partial result", () => {
    const criterion = new torch.nn.BCELoss();
    const like = { input: { dtype: "float32", shape: [3] }, target: { dtype: "float32", shape: [4] } } as const;
    expect(() => exportOnnx(criterion, { like })).toThrow(expect.objectContaining({ code: "shape" }));
    expect(() => exportOnnx(criterion, { mode: "partial", gradients: ["input"] })).toThrow(/partial/);
  });
});
