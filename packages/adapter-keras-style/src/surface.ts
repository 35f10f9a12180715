/// <reference lib="esnext.disposable" preserve="true" />
/** `createKeras`: Keras's losses, as one release computes them, on one backend. */
import { type Backend, createEngine, DISPOSE, type Mode, membersOf, type PublicLoss, type Style } from "@isoloss/core";
import { type Custom, customIn } from "./custom.ts";
import * as everything from "./surface-entries.ts";
import { type Description, lossClass, lossFunction } from "./surface-losses.ts";
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

const description: Description = {
  config: (_, options) => ({ ...options }),
  name: (entry, options) => (typeof options["name"] === "string" ? options["name"] : entry.entry),
};

/** Keras's losses, of which only the entries that are named here are bundled: `createKerasWith(options, { Huber })`. */
export function createKerasWith<M extends Mode, const E extends KerasEntries>(
  { backend, profile, onWarning }: KerasOptions<M>,
  entries: E,
): Keras<M, E> & Members<M, E> {
  const engine = createEngine(backend);
  const style: Style<M> = { engine, onWarning, isPrediction: (name) => name === "y_pred" };
  const losses = membersOf(entries, profile, (entry, name) =>
    entry.as === "class" ? lossClass(style, entry, name, description) : lossFunction(style, entry, name),
  );
  const dispose = () => engine.dispose();
  const like = () => ({
    class: everything.MeanSquaredError.in(profile),
    function: everything.mean_squared_error.in(profile),
    description,
  });
  const keras = {
    profile,
    losses,
    valueAndGrad: valueAndGradIn(style),
    custom: customIn(style, like),
    dispose,
    [DISPOSE]: dispose,
  };
  Object.defineProperties(keras, Object.getOwnPropertyDescriptors(losses));
  return keras as unknown as Keras<M, E> & Members<M, E>;
}

/** All of Keras's losses. */
export const createKeras = <M extends Mode>(options: KerasOptions<M>): Keras<M, AllEntries> =>
  createKerasWith(options, everything);
