/** Which dtypes PyTorch's operations take, which they mix, and where they round. */
import {
  type Call,
  type CallDTypes,
  type DType,
  isFloat,
  isHalf,
  LossError,
  promote,
  type SignatureRefusal,
  type TensorType,
} from "@isoloss/core";
import { inputOf, scalarType } from "./call.ts";
import { kindOf, reductionOf } from "./reduction.ts";

export const allFloats: readonly DType[] = ["float64", "float32", "float16", "bfloat16"];
export const wideFloats: readonly DType[] = ["float64", "float32"];

/** The dtype of one input. */
export const dtypeOf =
  (name: string) =>
  (call: Call): DType =>
    inputOf(call, name).dtype;
export const inputDType = dtypeOf("input");
/** The promoted dtype of both, which most losses have. */
export const promotedDType = (call: Call): DType => promote(inputDType(call), inputOf(call, "target").dtype);

/** `torch.result_type`: beside a tensor that has dimensions one that has none decides only the kind of number. */
export function resultType(a: TensorType, b: TensorType): DType {
  const [isBare, isOtherBare] = [a.shape.length === 0, b.shape.length === 0];
  const [higher, lower] = isBare ? [b.dtype, a.dtype] : [a.dtype, b.dtype];
  const isDecided = isBare !== isOtherBare && (isFloat(higher) || (higher !== "bool" && !isFloat(lower)));
  return isDecided ? higher : promote(higher, lower);
}

/** PyTorch's default dtype, which integers become where a function of real numbers is taken of them. */
export const floatOf = (dtype: DType): DType => (isFloat(dtype) ? dtype : "float32");
/** A mean is of floating types. */
export const floatingMean =
  (of: (call: Call) => DType): SignatureRefusal =>
  (call) =>
    kindOf(reductionOf(call)) === "mean" &&
    !isFloat(of(call)) &&
    new LossError("dtype", `Can only calculate the mean of floating types. Got ${scalarType[of(call)]} instead.`);
/** A sum of integers is an int64. */
export const summed = (call: Call, dtype: DType): CallDTypes => {
  const sum = kindOf(reductionOf(call)) === "sum" && !isFloat(dtype) ? "int64" : dtype;
  return { ...stepByStep(dtype), ...(sum !== dtype && { tail: sum }), result: sum };
};

/** A kernel exists for some dtypes only. */
export const implemented =
  (kernel: string, of: (call: Call) => DType, dtypes: readonly DType[]): SignatureRefusal =>
  (call) => {
    const d = of(call);
    return !dtypes.includes(d) && new LossError("dtype", `"${kernel}" not implemented for '${scalarType[d]}'`);
  };
/** The same, of a kernel of the gradient. */
export const differentiable =
  (kernel: string, of: (call: Call) => DType, dtypes: readonly DType[]): SignatureRefusal =>
  (call) => {
    const d = of(call);
    return !dtypes.includes(d) && new LossError("gradient", `"${kernel}" not implemented for '${scalarType[d]}'`);
  };

/** Whether PyTorch writes a result of one dtype into a tensor of another. */
const canCast = (from: DType, to: DType): boolean => (isFloat(from) ? isFloat(to) : from === "bool" || to !== "bool");
/** The result takes the dtype of one input, and must be castable to it. */
export const castable =
  (from: (call: Call) => DType, to: (call: Call) => DType): SignatureRefusal =>
  (call) => {
    const [a, b] = [from(call), to(call)];
    return (
      !canCast(a, b) &&
      new LossError("dtype", `result type ${scalarType[a]} can't be cast to the desired output type ${scalarType[b]}`)
    );
  };

/** Where half precision is reduced. */
export const tailOf = (dtype: DType): DType => (isHalf(dtype) ? "float32" : dtype);
/** One kernel: half precision is computed in float32 and rounded once. */
export const inOneKernel = (dtype: DType): CallDTypes => ({
  compute: tailOf(dtype),
  tail: tailOf(dtype),
  result: dtype,
});
/** Several operations, each of which rounds; sums of half precision are float32 until the end. */
export const stepByStep = (dtype: DType): CallDTypes => ({ compute: dtype, tail: tailOf(dtype), result: dtype });
/** The same, but that sums round every step too. */
export const inEveryStep = (dtype: DType): CallDTypes => ({ compute: dtype, result: dtype });

/** A gradient's kernel takes no mixed dtypes. */
export const unmixedGradient: SignatureRefusal = (call) => {
  const [input, target] = [inputOf(call, "input").dtype, inputOf(call, "target").dtype];
  return (
    input !== target && new LossError("gradient", `Found dtype ${scalarType[target]} but expected ${scalarType[input]}`)
  );
};
