/** Classes of `nn` and functions of `F` from the records behind them. */
import {
  type Callable,
  classOf,
  type Equipment,
  functionOf,
  type Mode,
  type ResolvedEntry,
  type Style,
} from "@isoloss/core";
import { forwardOf } from "./surface-forward.ts";
import type { LossClass, LossFunction } from "./surface-types.ts";

type Inputs = readonly unknown[];

const equipped =
  <M extends Mode>({ engine }: Style<M>) =>
  (callable: Callable<M>): Equipment => {
    const { run, prepare } = forwardOf(engine, callable);
    const call = (...inputs: Inputs) => run(inputs);
    return { call, methods: { forward: call, prepare: (...inputs: Inputs) => prepare(inputs) } };
  };

/** A class whose instances are callable. */
export const lossClass = <M extends Mode>(style: Style<M>, entry: ResolvedEntry, name: string) =>
  classOf(style, entry, name, equipped(style)) as LossClass<M, Inputs, string, object>;

/** A function, with its options in an object at the end. */
export const lossFunction = <M extends Mode>(style: Style<M>, entry: ResolvedEntry, name: string) =>
  functionOf(style, entry, name, equipped(style)) as LossFunction<M, Inputs, string, object>;
