/// <reference lib="esnext.disposable" preserve="true" />
/** `createTorch`: PyTorch's losses, as one release computes them, on one backend. */
import {
  type Backend,
  createEngine,
  DISPOSE,
  type Engine,
  type Mode,
  membersOf,
  type PublicLoss,
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

/** PyTorch's losses, of which only the entries that are named here are bundled: `createTorchWith(options, { CrossEntropyLoss })`. */
export function createTorchWith<M extends Mode, const E extends TorchEntries>(
  { backend, profile, onWarning }: TorchOptions<M>,
  entries: E,
): Torch<M, E> & Classes<M, E> & Functions<M, E> {
  const engine: Engine<M> = createEngine(backend);
  const style: Style<M> = { engine, onWarning, isPrediction: (name) => name.startsWith("input") };
  const ofKind = (as: string) => Object.fromEntries(Object.entries(entries).filter(([, entry]) => entry.as === as));
  const nn = membersOf(ofKind("class"), profile, (entry, name) => lossClass(style, entry, name));
  const F = membersOf(ofKind("function"), profile, (entry, name) => lossFunction(style, entry, name));
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
