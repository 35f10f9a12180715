/** What rules ask of a call: its tensors, in PyTorch's own words for shapes and types. */
import { type Call, type DType, isTensor, type SignatureRefusal, type TensorType } from "@isoloss/core";

const none: TensorType = { dtype: "float32", shape: [] };
/** A required input. */
export const inputOf = (call: Call, name: string): TensorType => call.inputs[name] ?? none;
/** A tensor option, if it was given. */
export function optionOf(call: Call, name: string): TensorType | undefined {
  const value = call.options[name];
  return value !== undefined && isTensor(value) ? value : undefined;
}
/** Several refusals, asked in turn. */
export const inTurn =
  (...refusals: readonly SignatureRefusal[]): SignatureRefusal =>
  (call) => {
    for (const refuses of refusals) {
      const verdict = refuses(call);
      if (verdict) return verdict;
    }
    return undefined;
  };
/** A numeric option. */
export const numberOf = (call: Call, name: string): number => Number(call.options[name]);

/** What PyTorch calls a dtype in its messages. */
export const scalarType: Readonly<Record<DType, string>> = {
  float64: "Double",
  float32: "Float",
  float16: "Half",
  bfloat16: "BFloat16",
  int64: "Long",
  int32: "Int",
  int16: "Short",
  int8: "Char",
  uint8: "Byte",
  bool: "Bool",
};
const list = (shape: readonly number[]): string => shape.join(", ");
/** A shape as `list(tensor.shape)` prints. */
export const sizes = (shape: readonly number[]): string => `[${list(shape)}]`;
/** A shape as `tensor.size()` prints. */
export const torchSize = (shape: readonly number[]): string => `torch.Size([${list(shape)}])`;
/** A shape as a Python tuple prints. */
export const tuple = (shape: readonly number[]): string => `(${list(shape)}${shape.length === 1 ? "," : ""})`;
