/** Losses in Keras's words, as each release of Keras and tf.keras computes them. */
export type { CustomWanted as CustomSettings, TypedLoss } from "@isoloss/core";
export { type Custom, type CustomInputs, type CustomLoss, custom, type WeightedInputs } from "./custom.ts";
export { findEntry, namesOf, profiles } from "./profiles.ts";
export {
  type AllEntries,
  createKeras,
  createKerasWith,
  type FullKeras,
  type Keras,
  type KerasEntries,
  type KerasOptions,
} from "./surface.ts";
export * from "./surface-entries.ts";
export type { AnyKerasLoss, Registry } from "./surface-registry.ts";
export type * from "./surface-types.ts";
