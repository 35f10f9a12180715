/** Layouts and refusals of shapes that several PyTorch losses share. */
import {
  broadcastDims,
  type Call,
  type Contract,
  type Dims,
  type Layout,
  LossError,
  type SignatureRefusal,
  sameShape,
  shapeOf,
  trailing,
} from "@isoloss/core";
import { inputOf, optionOf, torchSize } from "./call.ts";

/** Arguments must be tensors: a Python number is none. */
export const tensors: SignatureRefusal = ({ inputs }) => {
  const number = Object.entries(inputs).find(([, t]) => t.weak);
  return number && new LossError("dtype", `argument '${number[0]}' must be Tensor, not a number`);
};

/** The first pair of sizes, from the right, that does not broadcast, as PyTorch tells of it. */
export function mismatch(a: readonly number[], b: readonly number[]): LossError | undefined {
  const n = Math.max(a.length, b.length);
  for (let i = 1; i <= Math.min(a.length, b.length); i++) {
    const [x, y] = [a[a.length - i] as number, b[b.length - i] as number];
    if (x !== y && x !== 1 && y !== 1)
      return new LossError(
        "shape",
        `The size of tensor a (${x}) must match the size of tensor b (${y}) at non-singleton dimension ${n - i}`,
      );
  }
  return undefined;
}
/** Two inputs must broadcast. */
export const broadcastable =
  (a: string, b: string): SignatureRefusal =>
  (call) =>
    mismatch(inputOf(call, a).shape, inputOf(call, b).shape);

/** A tensor option must broadcast with the loss. */
export const meets =
  (option: string, shape: (call: Call) => readonly number[]): SignatureRefusal =>
  (call) => {
    const t = optionOf(call, option);
    return t && mismatch(shape(call), t.shape);
  };
/** A tensor option may not widen the loss, which is written in place. */
export const fitsInto =
  (option: string, shape: (call: Call) => readonly number[]): SignatureRefusal =>
  (call) => {
    const t = optionOf(call, option);
    return t && (mismatch(shape(call), t.shape) ?? widens(shape(call), t.shape));
  };
const widens = (of: readonly number[], by: readonly number[]): LossError | false => {
  const wider = broadcastShape(of, by);
  return (
    !sameShape(wider, of) &&
    new LossError("shape", `output with shape [${of}] doesn't match the broadcast shape [${wider}]`)
  );
};
/** The shape to which two broadcast that do. */
export const broadcastShape = (a: readonly number[], b: readonly number[]): number[] =>
  shapeOf(broadcastDims(trailing(a), trailing(b)));

/** Element by element, broadcasting as NumPy does: definition's port → the argument or option that feeds it. */
export const elementwise =
  (ports: Readonly<Record<string, string>>, own?: Pick<Layout, "repeats">): Contract["layout"] =>
  (call) => {
    const dims = Object.entries(ports).flatMap(([port, name]) => {
      const t = call.inputs[name] ?? optionOf(call, name);
      return t ? [[port, trailing(t.shape)] as const] : [];
    });
    return { ports: Object.fromEntries(dims), value: broadcastDims(...dims.map(([, d]) => d as Dims)), ...own };
  };

/** The warning about sizes that differ, and broadcast. */
export const sizesDiffer = (call: Call): string | false => {
  const [input, target] = [inputOf(call, "input").shape, inputOf(call, "target").shape];
  return (
    !sameShape(input, target) &&
    `Using a target size (${torchSize(target)}) that is different to the input size (${torchSize(input)}). ` +
      "This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size."
  );
};
