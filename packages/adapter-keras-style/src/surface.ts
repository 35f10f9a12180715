/** `createKeras`: Keras's losses, as one release computes them, on one backend. */
import { type Mode, type PublicEntries, type Surface, type SurfaceOptions, surfaceOf } from "@isoloss/core";
import { type Custom, custom } from "./custom.ts";
import type { EntryName } from "./names.ts";
import { configOf, instanceName } from "./serialization.ts";
import * as everything from "./surface-entries.ts";
import { type Description, lossIn } from "./surface-losses.ts";
import { type Registry, registryOf } from "./surface-registry.ts";
import type { Members } from "./surface-types.ts";

export interface KerasOptions<M extends Mode> extends SurfaceOptions<M> {
  /** The release whose behaviour is meant: "tf@2.3" to "tf@2.15", "keras@2.21", "keras@3.0" to "keras@3.15". */
  readonly profile: string;
}

/** What is there besides losses, where it is named. */
export interface KerasParts<M extends Mode> {
  readonly custom: Custom<M>;
}
/** Keras's losses on a backend. */
export type Keras<M extends Mode, E> = KerasOf<M, E> & Pick<KerasParts<M>, keyof E & keyof KerasParts<M>>;
export interface KerasOf<M extends Mode, E> extends Surface<M, "y_true" | "sample_weight"> {
  /** Classes, functions, and the strings that `get` accepts, as `keras.losses` has them. */
  readonly losses: Members<M, E>;
}
export type KerasEntries = PublicEntries;
/** Every loss, and `custom`. */
export type AllEntries = typeof everything & { readonly custom: typeof custom };

/** What the release says of an instance of its own. */
const describedBy = (profile: string): Description => ({
  config: ({ entry }, options) => configOf(profile, entry as EntryName, options),
  name: ({ entry }, options) => instanceName(profile, entry as EntryName, options),
});

/**
 * Keras's losses, of which only the entries that are named here are there: `createKerasWith(options, { Huber })`. `custom`
 * is an entry too.
 */
export const createKerasWith = <M extends Mode, const E extends KerasEntries>(
  options: KerasOptions<M>,
  entries: E,
): Keras<M, E> & Members<M, E> =>
  surfaceOf(options, entries, {
    isPrediction: (name) => name === "y_pred",
    make: lossIn(describedBy(options.profile)),
    groups: { losses: ["class", "function"] },
  }) as Keras<M, E> & Members<M, E>;

/** All of Keras's losses, and `get`, `serialize`, `deserialize`. */
export function createKeras<M extends Mode>(options: KerasOptions<M>): FullKeras<M> {
  const keras = createKerasWith(options, { ...everything, custom });
  const registry = registryOf<M>(options.profile, keras.losses);
  const losses = Object.defineProperties(registry, Object.getOwnPropertyDescriptors(keras.losses));
  return Object.defineProperty(keras, "losses", { value: losses }) as unknown as FullKeras<M>;
}
/** All of Keras's losses on a backend. */
export type FullKeras<M extends Mode> = Keras<M, AllEntries> & {
  readonly losses: Members<M, AllEntries> & Registry<M>;
};
