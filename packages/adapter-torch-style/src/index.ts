/** Losses in PyTorch's words, as each release of PyTorch computes them. */
export type { CustomWanted as CustomSettings, TypedLoss } from "@isoloss/core";
export { type Combination, type Combine, combine } from "./combine.ts";
export {
  type Custom,
  type CustomInputs,
  type CustomLoss,
  type CustomOptions,
  custom,
} from "./custom.ts";
export { findEntry, profiles } from "./profiles.ts";
export {
  type AllEntries,
  createTorch,
  createTorchWith,
  type Torch,
  type TorchEntries,
  type TorchOptions,
  type TorchParts,
} from "./surface.ts";
export * from "./surface-entries.ts";
export type * from "./surface-types.ts";
export { type BackwardOptions, Tensor, type TensorOptions, tensor } from "./tensor.ts";
