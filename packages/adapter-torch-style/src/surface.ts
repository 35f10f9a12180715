/// <reference lib="esnext.disposable" preserve="true" />
/** `createTorch`: PyTorch's losses, as one release computes them, on one backend. */
import {
  type Backend,
  createEngine,
  type Engine,
  isLossError,
  type Mode,
  type PublicLoss,
  type ResolvedEntry,
  type Style,
} from "@isoloss/core";
import { type Combine, combineIn } from "./combine.ts";
import { type Custom, customIn } from "./custom.ts";
import * as everything from "./surface-entries.ts";
import { lossClass, lossFunction } from "./surface-losses.ts";
import type { Classes, Functions } from "./surface-types.ts";
import { tensor } from "./tensor.ts";
import { type ValueAndGradFunction, valueAndGradIn } from "./value-and-grad.ts";

export interface TorchOptions<M extends Mode> {
  /** What runs the losses. With one that makes promises, every call makes one. */
  readonly backend: Backend<M>;
  /** The release whose behaviour is meant: "torch@1.7" to "torch@2.13"; "torch@2" is the newest. */
  readonly profile: string;
  /** Hears of PyTorch's warnings, each once an instance or function. */
  readonly onWarning?: (text: string) => void;
}

/** PyTorch's losses on a backend. */
export interface Torch<M extends Mode, E> {
  readonly profile: string;
  /** The classes: `new nn.CrossEntropyLoss({ label_smoothing: 0.1 })`. */
  readonly nn: Classes<M, E>;
  /** The functions: `F.cross_entropy(input, target, { ignore_index: 0 })`. */
  readonly F: Functions<M, E>;
  /** Makes a tensor: `tensor(data, { shape: [32, 10], requires_grad: true })`. */
  readonly tensor: typeof tensor<M>;
  readonly valueAndGrad: ValueAndGradFunction<M>;
  readonly combine: Combine<M>;
  readonly custom: Custom<M>;
  /** Frees what was compiled; the backend stays its owner's. */
  dispose(): void;
  [Symbol.dispose](): void;
}
export type TorchEntries = Readonly<Record<string, PublicLoss>>;
/** Every loss. */
export type AllEntries = typeof everything;

/** `Symbol.dispose`, also where the runtime has none yet. */
const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

/** The names that a release lacks throw when they are used, and say which release has them. */
function members(
  entries: TorchEntries,
  profile: string,
  as: string,
  make: (entry: ResolvedEntry, name: string) => object,
) {
  const target: object = {};
  for (const [key, entry] of Object.entries(entries)) {
    if (entry.as !== as) continue;
    let found: ResolvedEntry | undefined;
    let made: object | undefined;
    try {
      found = entry.in(profile);
    } catch (e) {
      if (!isLossError(e) || e.code !== "unknown-loss") throw e;
    }
    const get = () => {
      made ??= make(found ?? entry.in(profile), entry.name);
      return made;
    };
    Object.defineProperty(target, key, { get, enumerable: found !== undefined });
  }
  return Object.freeze(target);
}

/** PyTorch's losses, of which only the entries that are named here are bundled: `createTorchWith(options, { CrossEntropyLoss })`. */
export function createTorchWith<M extends Mode, const E extends TorchEntries>(
  { backend, profile, onWarning }: TorchOptions<M>,
  entries: E,
): Torch<M, E> & Classes<M, E> & Functions<M, E> {
  const engine: Engine<M> = createEngine(backend);
  const style: Style<M> = { engine, onWarning, isPrediction: (name) => name.startsWith("input") };
  const nn = members(entries, profile, "class", (entry, name) => lossClass(style, entry, name));
  const F = members(entries, profile, "function", (entry, name) => lossFunction(style, entry, name));
  const dispose = () => engine.dispose();
  const torch = {
    profile,
    nn,
    F,
    tensor,
    valueAndGrad: valueAndGradIn(style),
    combine: combineIn(style),
    custom: customIn(style),
    dispose,
    [DISPOSE]: dispose,
  };
  for (const part of [nn, F]) Object.defineProperties(torch, Object.getOwnPropertyDescriptors(part));
  return torch as unknown as ReturnType<typeof createTorchWith<M, E>>;
}

/** All of PyTorch's losses. */
export const createTorch = <M extends Mode>(options: TorchOptions<M>): Torch<M, AllEntries> =>
  createTorchWith(options, everything);
