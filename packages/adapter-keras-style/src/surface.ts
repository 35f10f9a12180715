/// <reference lib="esnext.disposable" preserve="true" />
/** `createKeras`: Keras's losses, as one release computes them, on one backend. */
import {
  type Backend,
  createEngine,
  type Mode,
  membersOf,
  type PublicEntries,
  type Style,
  surfaceOf,
  type ValueAndGradFunction,
} from "@isoloss/core";
import { type Custom, custom } from "./custom.ts";
import type { EntryName } from "./names.ts";
import { configOf, instanceName } from "./serialization.ts";
import * as everything from "./surface-entries.ts";
import { type Description, lossIn } from "./surface-losses.ts";
import { type Registry, registryOf } from "./surface-registry.ts";
import type { Members } from "./surface-types.ts";

export interface KerasOptions<M extends Mode> {
  /** What runs the losses. With one that makes promises, every call makes one. */
  readonly backend: Backend<M>;
  /** The release whose behaviour is meant: "tf@2.3" to "tf@2.15", "keras@2.21", "keras@3.0" to "keras@3.15". */
  readonly profile: string;
  /** Hears of Keras's warnings, each once an instance or function. */
  readonly onWarning?: (text: string) => void;
}

/** What is there besides losses, where it is named. */
export interface KerasParts<M extends Mode> {
  readonly custom: Custom<M>;
}
/** Keras's losses on a backend. */
export type Keras<M extends Mode, E> = KerasOf<M, E> & Pick<KerasParts<M>, keyof E & keyof KerasParts<M>>;
export interface KerasOf<M extends Mode, E> {
  readonly profile: string;
  /** Classes, functions, and the strings that `get` accepts, as `keras.losses` has them. */
  readonly losses: Members<M, E>;
  /** The predictions are differentiated unless told otherwise, not the labels and not the weights. */
  readonly valueAndGrad: ValueAndGradFunction<M, "y_true" | "sample_weight">;
  /** Frees what was compiled; the backend stays its owner's. */
  dispose(): void;
  [Symbol.dispose](): void;
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
export function createKerasWith<M extends Mode, const E extends KerasEntries>(
  { backend, profile, onWarning }: KerasOptions<M>,
  entries: E,
): Keras<M, E> & Members<M, E> {
  const style: Style<M> = {
    engine: createEngine(backend),
    onWarning,
    isPrediction: (name) => name === "y_pred",
  };
  const losses = membersOf(entries, profile, style, lossIn(describedBy(profile)));
  return surfaceOf(entries, profile, style, { losses }) as Keras<M, E> & Members<M, E>;
}

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
