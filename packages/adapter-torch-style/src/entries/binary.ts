/** What the binary cross-entropies share. */
import { type Call, type DType, isFloat, sameShape } from "@isoloss/core";
import { inputOf, optionOf } from "../call.ts";

export const differ = (call: Call): boolean => !sameShape(inputOf(call, "input").shape, inputOf(call, "target").shape);
export const targetShape = (call: Call) => inputOf(call, "target").shape;
export const targetDType = (call: Call): DType => inputOf(call, "target").dtype;

/** The dtype of a weight; integers are computed in the target's. */
export const ownDType = (call: Call, option: string): DType => {
  const dtype = optionOf(call, option)?.dtype ?? "bool";
  return isFloat(dtype) ? dtype : targetDType(call);
};
