/** Where Keras rounds: rules for the types of a call. */
import type { Call, CallDTypes, DType } from "@isoloss/core";

/** The type of y_pred. */
export const predicted = (call: Call): DType => call.inputs["y_pred"]?.dtype ?? "float32";

/** Labels pass through the type that the body computes in; weights and reduction are in `tail`. */
const withTail = (compute: DType, tail: DType, result: DType): CallDTypes => ({
  compute,
  tail,
  result,
  of: { y: compute, sampleWeight: tail, mask: tail },
});

/** TensorFlow 2.3: the body in y_pred's type, weights and reduction of a class in float32, the result in y_pred's type again. */
export const throughFloat32 = (call: Call): CallDTypes => {
  const own = predicted(call);
  return withTail(own, call.as === "class" ? "float32" : own, own);
};

/** Everything in float32, whatever it was. */
export const allFloat32 = (): CallDTypes => withTail("float32", "float32", "float32");
