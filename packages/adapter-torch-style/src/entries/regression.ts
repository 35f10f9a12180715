/** What the element-wise losses of regression share. */
import { LossError, type SignatureRefusal } from "@isoloss/core";
import { inputOf } from "../call.ts";
import { reductionWarnings } from "../reduction.ts";
import { sizesDiffer } from "../shapes.ts";

export const inputs = { input: { port: "x" }, target: { port: "y" } };
export const warnings = { sizes: sizesDiffer, ...reductionWarnings };

/** A difference of bool tensors does not exist. */
export const boolean: SignatureRefusal = (call) =>
  [inputOf(call, "input").dtype, inputOf(call, "target").dtype].includes("bool") &&
  new LossError("dtype", "Subtraction, the `-` operator, with a bool tensor is not supported.");
