import { createReferenceBackend } from "@isoloss/core/reference";
import { describe, expect, it } from "vitest";
import { createTorch, type Tensor, tensor } from "./index.ts";

const { nn, F } = createTorch({ backend: createReferenceBackend(), profile: "torch@2.13" });
const sum = new nn.MSELoss({ reduction: "sum" });

const gradOf = (x: Tensor<"sync">) => x.grad?.tolist();

describe("a tensor", () => {
  it("lies over its user's array, and remembers shape and dtype", () => {
    const data = Float32Array.of(1, 2, 3, 4);
    const x = tensor(data, { shape: [2, 2] });
    expect(x.data).toBe(data);
    expect([x.shape, x.dtype, x.tolist()]).toEqual([
      [2, 2],
      "float32",
      [
        [1, 2],
        [3, 4],
      ],
    ]);
  });
  it.each([
    ["numbers", tensor([1, 2]), "float32", [2]],
    ["nested numbers", tensor([[1], [2]]), "float32", [2, 1]],
    ["flat numbers with a shape", tensor([1, 2], { shape: [2, 1] }), "float32", [2, 1]],
    ["numbers with a dtype", tensor([1, 2], { dtype: "float64" }), "float64", [2]],
    ["whole numbers with a dtype", tensor([1, 2], { dtype: "int64" }), "int64", [2]],
    ["doubles", tensor(Float64Array.of(1)), "float64", [1]],
    ["integers", tensor(Int32Array.of(1)), "int64", [1]],
    ["integers with a dtype", tensor(Int32Array.of(1), { dtype: "int32" }), "int32", [1]],
    ["halves", tensor(Uint16Array.of(0x3c00), { dtype: "float16" }), "float16", [1]],
    ["booleans", tensor([true, false]), "bool", [2]],
    ["one number", tensor(3), "float32", []],
    ["numbers beside a shape", tensor({ data: [1.5, 2], shape: [2, 1] }), "float32", [2, 1]],
    ["another library's", tensor({ data: Float32Array.of(1, 2), dims: [2, 1], type: "float32" }), "float32", [2, 1]],
  ])("is made of %s", (_, x, dtype, shape) => {
    expect([x.dtype, x.shape]).toEqual([dtype, shape]);
  });
  it("refuses a shape that its data does not fill, and a dtype that is none", () => {
    expect(() => tensor([1, 2, 3], { shape: [2, 2] })).toThrow(/shape \[2, 2\] holds 4 elements, data has 3/);
    expect(() => tensor([[1, 2]], { shape: [3] })).toThrow(/3.*2/);
    expect(() => tensor([1], { dtype: "complex64" as "float32" })).toThrow(/complex64/);
    expect(() => tensor([1], { dtype: "int64", requires_grad: true })).toThrow(/floating point/);
    expect(() => tensor([1], { requires_gard: true } as object)).toThrow(/'requires_gard'.*'requires_grad'/);
  });
  it("has views that cost nothing", () => {
    const x = tensor(new Float32Array(24), { shape: [2, 3, 4] });
    expect(x.view(-1, 4).shape).toEqual([6, 4]);
    expect(x.reshape([4, 6]).shape).toEqual([4, 6]);
    expect(x.flatten().shape).toEqual([24]);
    expect(x.flatten(0, 1).shape).toEqual([6, 4]);
    for (const view of [x.view(24), x.reshape(-1), x.flatten(), x.detach()]) expect(view.data).toBe(x.data);
    expect(() => x.view(5, -1)).toThrow(/'\[5, -1\]' is invalid for input of size 24/);
    expect(() => x.view(-1, -1)).toThrow(/invalid/);
  });
  it("has rows by slices of the same memory", () => {
    const data = Float32Array.of(0, 1, 2, 3, 4, 5);
    const x = tensor(data, { shape: [3, 2] });
    expect(x.slice(1).tolist()).toEqual([
      [2, 3],
      [4, 5],
    ]);
    expect(x.slice(0, -1).shape).toEqual([2, 2]);
    expect(x.slice(5).shape).toEqual([0, 2]);
    expect((x.slice(1).data as Float32Array).buffer).toBe(data.buffer);
    expect(() => tensor(1).slice(0)).toThrow(/0-dim/);
  });
});

describe("backward", () => {
  const zeros = (n: number) => Array(n).fill(0);
  it("adds to the gradient of every tensor that requires one", () => {
    const x = tensor([1, 2], { requires_grad: true });
    const y = tensor([0, 0], { requiresGrad: true });
    sum(x, y).backward();
    sum(x, y).backward();
    expect(gradOf(x)).toEqual([4, 8]);
    expect(gradOf(y)).toEqual([-4, -8]);
    x.grad = null;
    sum(x, y).backward();
    expect(gradOf(x)).toEqual([2, 4]);
  });
  it("scales by the gradient that flows in, which an unreduced loss needs", () => {
    const x = tensor([1, 2], { requires_grad: true });
    sum(x, zeros(2)).backward(0.5);
    expect(gradOf(x)).toEqual([1, 2]);
    x.grad = null;
    const none = F.mse_loss(x, zeros(2), { reduction: "none" });
    expect(() => none.backward()).toThrow(/only for scalar outputs.*\[2\]/);
    expect(() => none.backward([1, 2, 3])).toThrow(/\[3\].*\[2\]/);
    none.backward([1, 10]);
    expect(gradOf(x)).toEqual([2, 40]);
  });
  it("happens once unless the graph is retained", () => {
    const x = tensor([1], { requires_grad: true });
    const loss = sum(x, [0]);
    loss.backward(null, { retain_graph: true });
    loss.backward(null, { retainGraph: true });
    loss.backward();
    expect(gradOf(x)).toEqual([6]);
    expect(() => loss.backward()).toThrow(/second time.*retain_graph/);
    expect(gradOf(x)).toEqual([6]);
  });
  it("is refused where nothing requires a gradient", () => {
    expect(() => sum(tensor([1]), [0]).backward()).toThrow(/does not require grad/);
    const x = tensor([1], { requires_grad: true });
    expect(() => sum(x.detach(), [0]).backward()).toThrow(/does not require grad/);
  });
  it("goes through views, to the tensor they are views of", () => {
    const x = tensor(
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      { requires_grad: true },
    );
    sum(x.slice(1).view(-1), zeros(4)).backward();
    expect(gradOf(x)).toEqual([
      [0, 0],
      [6, 8],
      [10, 12],
    ]);
    expect(x.view(6).requires_grad).toBe(true);
    expect(x.view(6).is_leaf).toBe(false);
    expect(() => {
      x.view(6).requires_grad = false;
    }).toThrow(/leaf/);
  });
  it("goes through a loss of a loss, each part once however often it is used", () => {
    const x = tensor([1, 2], { requires_grad: true });
    const none = F.mse_loss(x, zeros(2), { reduction: "none" }); // x²
    sum(none, zeros(2)).backward(); // Σ x⁴
    expect(gradOf(x)).toEqual([4, 32]);
  });
  it("gives the gradient of the options that the loss was computed with", () => {
    const criterion = new nn.MSELoss({ reduction: "sum" });
    const x = tensor([1, 2], { requires_grad: true });
    const loss = criterion(x, zeros(2));
    criterion.reduction = "mean";
    loss.backward();
    expect(gradOf(x)).toEqual([2, 4]);
    expect(criterion(x, zeros(2)).item()).toBe(2.5);
  });
  it("of a leaf is one", () => {
    const x = tensor(3, { requires_grad: true });
    x.backward();
    expect(gradOf(x)).toBe(1);
  });
  it("leaves its user's arrays as they were", () => {
    const data = Float32Array.of(1, 2);
    const target = Float32Array.of(5, 6);
    sum(tensor(data, { requires_grad: true }), target).backward();
    expect([data, target]).toEqual([Float32Array.of(1, 2), Float32Array.of(5, 6)]);
  });
  it("keeps the dtype of halves", () => {
    const x = tensor(Uint16Array.of(0x3c00), { dtype: "bfloat16" });
    expect(x.dtype).toBe("bfloat16");
    const h = tensor(Uint16Array.of(0x3c00, 0x4000), { dtype: "float16", requires_grad: true });
    for (let i = 0; i < 2; i++) F.l1_loss(h, tensor(Uint16Array.of(0, 0), { dtype: "float16" })).backward();
    expect([h.grad?.dtype, h.grad?.tolist()]).toEqual(["float16", [1, 1]]);
  });
});
