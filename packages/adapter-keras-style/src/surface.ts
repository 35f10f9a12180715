/// <reference lib="esnext.disposable" preserve="true" />
/** `createKeras`: Keras's losses, as one release computes them, on one backend. */
import { type Backend, createEngine, DISPOSE, type Mode, membersOf, type PublicLoss, type Style } from "@isoloss/core";
import { withCommon } from "./changes/every-loss.ts";
import { type Custom, customIn } from "./custom.ts";
import { Loss } from "./entries/common.ts";
import type { EntryName } from "./names.ts";
import { contractIn } from "./profiles.ts";
import { configOf, instanceName } from "./serialization.ts";
import * as everything from "./surface-entries.ts";
import { type Description, lossClass, lossFunction } from "./surface-losses.ts";
import { type Registry, registryOf } from "./surface-registry.ts";
import type { Members } from "./surface-types.ts";
import { type ValueAndGradFunction, valueAndGradIn } from "./value-and-grad.ts";

export interface KerasOptions<M extends Mode> {
  /** What runs the losses. With one that makes promises, every call makes one. */
  readonly backend: Backend<M>;
  /** The release whose behaviour is meant: "tf@2.3" to "tf@2.15", "keras@2.21", "keras@3.0" to "keras@3.15". */
  readonly profile: string;
  /** Hears of Keras's warnings, each once an instance or function. */
  readonly onWarning?: (text: string) => void;
}

/** Keras's losses on a backend. */
export interface Keras<M extends Mode, E> {
  readonly profile: string;
  /** Classes, functions, and the strings that `get` accepts, as `keras.losses` has them. */
  readonly losses: Members<M, E>;
  readonly valueAndGrad: ValueAndGradFunction<M>;
  readonly custom: Custom<M>;
  /** Frees what was compiled; the backend stays its owner's. */
  dispose(): void;
  [Symbol.dispose](): void;
}
export type KerasEntries = Readonly<Record<string, PublicLoss>>;
/** Every loss. */
export type AllEntries = typeof everything;

/** What the release says of an instance of its own. */
const describedBy = (profile: string): Description => ({
  config: ({ entry }, options) => configOf(profile, entry as EntryName, options),
  name: ({ entry }, options) => instanceName(profile, entry as EntryName, options),
});

/** Keras's losses, of which only the entries that are named here are there: `createKerasWith(options, { Huber })`. */
export function createKerasWith<M extends Mode, const E extends KerasEntries>(
  { backend, profile, onWarning }: KerasOptions<M>,
  entries: E,
): Keras<M, E> & Members<M, E> {
  const engine = createEngine(backend);
  const description = describedBy(profile);
  const style: Style<M> = { engine, onWarning, isPrediction: (name) => name === "y_pred" };
  const losses = membersOf(entries, profile, (entry, name) =>
    entry.as === "class" ? lossClass(style, entry, name, description) : lossFunction(style, entry, name),
  );
  const dispose = () => engine.dispose();
  const keras = {
    profile,
    losses,
    valueAndGrad: valueAndGradIn(style),
    custom: customIn(style, () => contractIn({ contract: Loss, changes: withCommon() }, "Loss", profile)),
    dispose,
    [DISPOSE]: dispose,
  };
  Object.defineProperties(keras, Object.getOwnPropertyDescriptors(losses));
  return keras as unknown as Keras<M, E> & Members<M, E>;
}

/** All of Keras's losses, and `get`, `serialize`, `deserialize`. */
export function createKeras<M extends Mode>(options: KerasOptions<M>): FullKeras<M> {
  const keras = createKerasWith(options, everything);
  const registry = registryOf<M>(options.profile, keras.losses);
  const losses = Object.defineProperties(registry, Object.getOwnPropertyDescriptors(keras.losses));
  return Object.defineProperty(keras, "losses", { value: losses }) as unknown as FullKeras<M>;
}
/** All of Keras's losses on a backend. */
export interface FullKeras<M extends Mode> extends Keras<M, AllEntries> {
  readonly losses: Members<M, AllEntries> & Registry<M>;
}
