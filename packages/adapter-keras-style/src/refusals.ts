/** What Keras refuses, by name. Entries list these in the framework's order; a later release replaces or deletes one. */
import { type Call, isFloat, LossError, sameShape, showShape, type Verdict } from "@isoloss/core";
import { predicted } from "./dtypes.ts";
import { pairOf, type Ranks } from "./layout.ts";

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
