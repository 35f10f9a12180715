/** `createTorch`: PyTorch's losses, as one release computes them, on one backend. */
import { type Mode, type PublicEntries, type Surface, type SurfaceOptions, surfaceOf } from "@isoloss/core";
import { type Combine, combine } from "./combine.ts";
import { type Custom, custom } from "./custom.ts";
import * as everything from "./surface-entries.ts";
import { lossIn } from "./surface-losses.ts";
import type { Classes, Functions } from "./surface-types.ts";
import { tensor } from "./tensor.ts";

export interface TorchOptions<M extends Mode> extends SurfaceOptions<M> {
  /** The release whose behaviour is meant: "torch@1.7" to "torch@2.13"; "torch@2" is the newest. */
  readonly profile: string;
}

/** What is there besides losses, where it is named. */
export interface TorchParts<M extends Mode> {
  readonly combine: Combine<M>;
  readonly custom: Custom<M>;
}
/** PyTorch's losses on a backend. */
export type Torch<M extends Mode, E> = TorchOf<M, E> & Pick<TorchParts<M>, keyof E & keyof TorchParts<M>>;
export interface TorchOf<M extends Mode, E> extends Surface<M, "target"> {
  /** The classes: `new nn.CrossEntropyLoss({ label_smoothing: 0.1 })`. */
  readonly nn: Classes<M, E>;
  /** The functions: `F.cross_entropy(input, target, { ignore_index: 0 })`. */
  readonly F: Functions<M, E>;
  /** Makes a tensor: `tensor(data, { shape: [32, 10], requires_grad: true })`. */
  readonly tensor: typeof tensor<M>;
}
export type TorchEntries = PublicEntries;
/** Every loss, `combine` and `custom`. */
export type AllEntries = typeof everything & { readonly combine: typeof combine; readonly custom: typeof custom };

/**
 * PyTorch's losses, of which only the entries that are named here are bundled: `createTorchWith(options, { CrossEntropyLoss })`.
 * `combine` and `custom` are entries too.
 */
export const createTorchWith = <M extends Mode, const E extends TorchEntries>(
  options: TorchOptions<M>,
  entries: E,
): Torch<M, E> & Classes<M, E> & Functions<M, E> =>
  surfaceOf(options, entries, {
    isPrediction: (name) => name.startsWith("input"),
    make: lossIn,
    groups: { nn: ["class"], F: ["function"] },
    more: { tensor },
  }) as Torch<M, E> & Classes<M, E> & Functions<M, E>;

/** All of PyTorch's losses. */
export const createTorch = <M extends Mode>(options: TorchOptions<M>): Torch<M, AllEntries> =>
  createTorchWith(options, { ...everything, combine, custom });
