/** Losses in PyTorch's words, as each release of PyTorch computes them. */
export type { TypedLoss } from "@isoloss/core";
export type { Combination, Combine } from "./combine.ts";
export type { Custom, CustomInputs, CustomLoss, CustomOptions, CustomSettings } from "./custom.ts";
export { findEntry, profiles } from "./profiles.ts";
export {
  type AllEntries,
  createTorch,
  createTorchWith,
  type Torch,
  type TorchEntries,
  type TorchOptions,
} from "./surface.ts";
export * from "./surface-entries.ts";
export type * from "./surface-types.ts";
export { type BackwardOptions, Tensor, type TensorOptions, tensor } from "./tensor.ts";
export type { Predictions, ValueAndGradFunction } from "./value-and-grad.ts";
