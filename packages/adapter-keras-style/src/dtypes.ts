/** Where Keras rounds: rules for the types of a call. */
import { type Call, type CallDTypes, type DType, isFloat, isHalf } from "@isoloss/core";

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

/** A float type as it is, float32 for any other. */
const floating = (d: DType): DType => (isFloat(d) ? d : "float32");

/** Keras 2: the body in y_pred's type; weights and reduction in that too if it is a float, else in float32. */
export const inPredicted = (call: Call): CallDTypes => {
  const own = predicted(call);
  return withTail(own, call.as === "class" ? floating(own) : own, own);
};

/** Keras 3: a class has one type for all, a function takes y_pred's. */
export const ownType = (call: Call): DType =>
  call.as === "class" ? ((call.options["dtype"] ?? "float32") as DType) : predicted(call);

/** Keras 3: all in one type. A mean of halves adds in float32. */
export const oneForAll = (call: Call): CallDTypes => {
  const own = ownType(call);
  return { ...withTail(own, own, own), mean: isHalf(own) ? "float32" : own };
};

/** Keras 3: all in one type; a mean of integers is float32, and remains so in a function. */
export const meanOfFloats = (call: Call): CallDTypes => {
  const own = ownType(call);
  const result = call.as === "class" ? own : floating(own);
  return { ...withTail(own, result, result), mean: own === "float64" ? own : "float32" };
};
