/** What Keras refuses, by name. Entries list these in the framework's order; a later release replaces or deletes one. */
import { type Call, isFloat, LossError, sameShape, showShape, type TensorType, type Verdict } from "@isoloss/core";
import { predicted } from "./dtypes.ts";
import { pairOf, positions, type Ranks } from "./layout.ts";

/** The loss has no kernel for integers. */
export const floatsOnly = (call: Call): Verdict =>
  !isFloat(predicted(call)) && new LossError("dtype", `y_pred: expected floats, got ${predicted(call)}`);

/** y_true and y_pred must have one shape. */
export const oneShape =
  (ranks: Ranks) =>
  (call: Call): Verdict => {
    const [y, p] = pairOf(call, ranks);
    return (
      !sameShape(y, p) &&
      new LossError(
        "shape",
        `y_true and y_pred must have the same shape. Received: y_true.shape=${showShape(y)}, y_pred.shape=${showShape(p)}`,
      )
    );
  };

/** TensorFlow 2 multiplies labels of y_pred's type by a float32 tensor. */
export const smoothsFloat32Only = (call: Call): Verdict =>
  call.options["label_smoothing"] !== 0 &&
  predicted(call) !== "float32" &&
  new LossError("dtype", `label_smoothing needs float32 tensors, y_pred is ${predicted(call)}`);

/** y_true and y_pred are each brought to length 1 along `axis`: each must have it, and hold floats. */
export function eachNormalized({ inputs, options }: Call): Verdict {
  for (const name of ["y_true", "y_pred"]) {
    const { dtype, shape } = inputs[name] as TensorType;
    positions(options["axis"] ?? null, shape.length);
    if (!isFloat(dtype)) return new LossError("dtype", `${name}: expected floats, got ${dtype}`);
  }
  return undefined;
}
/** y_true is not cast to the type of y_pred. */
export const oneType = ({ inputs: { y_true, y_pred } }: Call): Verdict =>
  y_true?.dtype !== y_pred?.dtype && new LossError("dtype", `y_true is ${y_true?.dtype}, y_pred is ${y_pred?.dtype}`);
