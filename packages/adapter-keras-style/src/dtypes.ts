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

/** TensorFlow before 2.12: the mean of no bfloat16 is 0. */
export const meanOfNothing = (own: DType): number => (own === "bfloat16" ? 0 : Number.NaN);
const ofNothing = (own: DType): Pick<CallDTypes, "meanOfNothing"> =>
  own === "bfloat16" ? { meanOfNothing: meanOfNothing(own) } : {};

/** Keras 2: the body in y_pred's type. A mean of integers adds int64, and is 0 of nothing. */
const likePredicted = (call: Call, tail: DType): CallDTypes => {
  const own = predicted(call);
  const mean: Pick<CallDTypes, "mean" | "meanOfNothing"> = isFloat(own) ? {} : { mean: "int64", meanOfNothing: 0 };
  return { ...withTail(own, call.as === "class" ? tail : own, own), ...mean };
};

/** TensorFlow 2.3: the body in y_pred's type, weights and reduction of a class in float32, the result in y_pred's type again. */
export const throughFloat32 = (call: Call): CallDTypes => ({
  ...likePredicted(call, "float32"),
  ...ofNothing(predicted(call)),
});

/** Everything in float32, whatever it was. */
export const allFloat32 = (): CallDTypes => withTail("float32", "float32", "float32");

/** A float type as it is, float32 for any other. */
const floating = (d: DType): DType => (isFloat(d) ? d : "float32");

/** Keras 2: the body in y_pred's type; weights and reduction in that too if it is a float, else in float32. The mean of no bfloat16 is 0. */
export const inPredictedOrZero = (call: Call): CallDTypes => ({
  ...likePredicted(call, floating(predicted(call))),
  ...ofNothing(predicted(call)),
});
/** The same, but of that mean; weights beside a mask become integers if y_pred is. */
export const inPredicted = (call: Call): CallDTypes => {
  const own = predicted(call);
  const dtypes = likePredicted(call, floating(own));
  return call.inputs["mask"] ? { ...dtypes, of: { ...dtypes.of, sampleWeight: own } } : dtypes;
};
/** The same, and the mean of bfloat16 is taken in float32. */
export const inPredictedWidely = (call: Call): CallDTypes => ({
  ...inPredicted(call),
  ...(predicted(call) === "bfloat16" && { mean: "float32" }),
});

/** Class indices become integers at once, not by way of the type of the body. */
export const labelsAsIntegers = (dtypes: CallDTypes): CallDTypes => ({ ...dtypes, of: { ...dtypes.of, y: "int64" } });

/** Keras 3: a class has one type for all, a function takes y_pred's. */
export const ownType = (call: Call): DType =>
  call.as === "class" ? ((call.options["dtype"] ?? "float32") as DType) : predicted(call);

/** Keras 3: all in one type. A mean of halves adds in float32. */
export const oneForAll = (call: Call): CallDTypes => {
  const own = ownType(call);
  return { ...withTail(own, own, own), mean: isHalf(own) ? "float32" : own };
};

/** Keras 3: all in one type; a mean of integers over an axis is a float, which a class makes one of its type again. */
export const meanOfFloats =
  (meanType: (own: DType) => DType = floating) =>
  (call: Call): CallDTypes => {
    const own = ownType(call);
    const tail = call.as === "class" ? own : meanType(own);
    const { result: _, ...dtypes } = withTail(own, tail, tail);
    return { ...dtypes, mean: own === "float64" ? own : "float32" };
  };

/** Keras 3: what an integer is divided as; narrow ones as float32. */
export const quotientType = (own: DType): DType =>
  isFloat(own) ? own : own === "int64" || own === "int32" ? "float64" : "float32";

/** Keras 3: a function that meets a float32 number on its way. */
export const float32AtLeast = (own: DType): DType => (own === "float64" ? own : "float32");
