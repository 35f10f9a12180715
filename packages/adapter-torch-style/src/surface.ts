/// <reference lib="esnext.disposable" preserve="true" />
/** `createTorch`: PyTorch's losses, as one release computes them, on one backend. */
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
import { type Combine, combine } from "./combine.ts";
import { type Custom, custom } from "./custom.ts";
import * as everything from "./surface-entries.ts";
import { lossIn } from "./surface-losses.ts";
import type { Classes, Functions } from "./surface-types.ts";
import { tensor } from "./tensor.ts";

export interface TorchOptions<M extends Mode> {
  /** What runs the losses. With one that makes promises, every call makes one. */
  readonly backend: Backend<M>;
  /** The release whose behaviour is meant: "torch@1.7" to "torch@2.13"; "torch@2" is the newest. */
  readonly profile: string;
  /** Hears of PyTorch's warnings, each once an instance or function. */
  readonly onWarning?: (text: string) => void;
}

/** What is there besides losses, where it is named. */
export interface TorchParts<M extends Mode> {
  readonly combine: Combine<M>;
  readonly custom: Custom<M>;
}
/** PyTorch's losses on a backend. */
export type Torch<M extends Mode, E> = TorchOf<M, E> & Pick<TorchParts<M>, keyof E & keyof TorchParts<M>>;
export interface TorchOf<M extends Mode, E> {
  readonly profile: string;
  /** The classes: `new nn.CrossEntropyLoss({ label_smoothing: 0.1 })`. */
  readonly nn: Classes<M, E>;
  /** The functions: `F.cross_entropy(input, target, { ignore_index: 0 })`. */
  readonly F: Functions<M, E>;
  /** Makes a tensor: `tensor(data, { shape: [32, 10], requires_grad: true })`. */
  readonly tensor: typeof tensor<M>;
  /** The inputs are differentiated unless told otherwise, not the target. */
  readonly valueAndGrad: ValueAndGradFunction<M, "target">;
  /** Frees what was compiled; the backend stays its owner's. */
  dispose(): void;
  [Symbol.dispose](): void;
}
export type TorchEntries = PublicEntries;
/** Every loss, `combine` and `custom`. */
export type AllEntries = typeof everything & { readonly combine: typeof combine; readonly custom: typeof custom };

/**
 * PyTorch's losses, of which only the entries that are named here are bundled: `createTorchWith(options, { CrossEntropyLoss })`.
 * `combine` and `custom` are entries too.
 */
export function createTorchWith<M extends Mode, const E extends TorchEntries>(
  { backend, profile, onWarning }: TorchOptions<M>,
  entries: E,
): Torch<M, E> & Classes<M, E> & Functions<M, E> {
  const style: Style<M> = {
    engine: createEngine(backend),
    onWarning,
    isPrediction: (name) => name.startsWith("input"),
  };
  const nn = membersOf(entries, profile, style, lossIn, "class");
  const F = membersOf(entries, profile, style, lossIn, "function");
  return surfaceOf(entries, profile, style, { nn, F }, { tensor }) as ReturnType<typeof createTorchWith<M, E>>;
}

/** All of PyTorch's losses. */
export const createTorch = <M extends Mode>(options: TorchOptions<M>): Torch<M, AllEntries> =>
  createTorchWith(options, { ...everything, combine, custom });
