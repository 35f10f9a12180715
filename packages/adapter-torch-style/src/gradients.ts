/** Refusals of gradients that every PyTorch loss has. */
import { isFloat, LossError, type SignatureRefusal } from "@isoloss/core";
import { inputOf } from "./call.ts";

/** Only a tensor of floating point can require a gradient. */
export const floating: SignatureRefusal = (call) =>
  call.gradients.some((name) => !isFloat(inputOf(call, name).dtype)) &&
  new LossError("gradient", "only Tensors of floating point dtype can require gradients");
/** Something that is asked for must be differentiable. */
export const someOf =
  (...names: readonly string[]): SignatureRefusal =>
  ({ gradients }) =>
    !gradients.some((name) => names.includes(name)) &&
    new LossError("gradient", "element 0 of tensors does not require grad and does not have a grad_fn");
