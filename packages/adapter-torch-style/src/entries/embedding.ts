/** What the losses of embeddings share: targets that are 1 or −1. */
import { type Call, type DType, isFloat } from "@isoloss/core";
import { inputOf } from "../call.ts";

/** A dtype in which a target can be compared with 1 and −1. */
export const comparable = (call: Call): DType => {
  const { dtype } = inputOf(call, "target");
  return isFloat(dtype) ? dtype : "float64";
};

/** What −1 is in the target's dtype: bytes wrap. */
export const opposite = (call: Call): number => (inputOf(call, "target").dtype === "uint8" ? 255 : -1);
