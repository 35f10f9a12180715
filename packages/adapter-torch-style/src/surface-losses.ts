/** Classes of `nn` and functions of `F` from the records behind them. */
import { type Callable, type Equipment, lossOf, type Mode, type ResolvedEntry, type Style } from "@isoloss/core";
import { forwardOf } from "./surface-forward.ts";

type Inputs = readonly unknown[];

const equipped =
  <M extends Mode>({ engine }: Style<M>) =>
  (callable: Callable<M>): Equipment => {
    const { run, prepare } = forwardOf(engine, callable);
    const call = (...inputs: Inputs) => run(inputs);
    return { call, methods: { forward: call, prepare: (...inputs: Inputs) => prepare(inputs) } };
  };

/** A class whose instances are callable, or a function with its options in an object at the end. */
export const lossIn = <M extends Mode>(style: Style<M>, entry: ResolvedEntry, name: string): object =>
  lossOf(style, entry, name, equipped(style));
