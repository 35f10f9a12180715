/** Classes of `nn` and functions of `F` from the records behind them. */
import {
  attributes,
  CALLABLE,
  type Calls,
  createCallable,
  instanceOf,
  isNamed,
  LossError,
  type Mode,
  type ResolvedEntry,
  type Style,
} from "@isoloss/core";
import { forwardOf } from "./surface-forward.ts";
import type { LossClass, LossFunction } from "./surface-types.ts";

type Inputs = readonly unknown[];
export type AnyLossClass<M extends Mode> = LossClass<M, Inputs, string, object>;
export type AnyLossFunction<M extends Mode> = LossFunction<M, Inputs, string, object>;

/** A class whose instances are callable. */
export function lossClass<M extends Mode>(style: Style<M>, entry: ResolvedEntry, name: string): AnyLossClass<M> {
  const prototype = attributes(entry, {});
  function Loss(options: unknown = {}): unknown {
    if (!isNamed(options)) throw byName(name, entry, options);
    const callable = createCallable(style, entry, name, options);
    const { run, prepare } = forwardOf(style.engine, callable);
    const call = (...inputs: Inputs) => run(inputs);
    const methods = { forward: call, prepare: (...inputs: Inputs) => prepare(inputs) };
    return instanceOf(Object.assign(call, methods), prototype, callable, name);
  }
  Object.defineProperty(Loss, "name", { value: name });
  Loss.prototype = prototype;
  Object.defineProperty(prototype, "constructor", { value: Loss });
  return Loss as unknown as AnyLossClass<M>;
}

const byName = (name: string, { contract }: ResolvedEntry, given: unknown): LossError =>
  new LossError(
    "option",
    `${name}: options go by name, in one object of { ${Object.keys(contract.options).join(", ")} }, got ${String(given)}`,
  );

/** A function, with its options in an object at the end. */
export function lossFunction<M extends Mode>(style: Style<M>, entry: ResolvedEntry, name: string): AnyLossFunction<M> {
  const callable = createCallable(style, entry, name);
  const { run, prepare } = forwardOf(style.engine, callable);
  const call = (...inputs: Inputs) => run(inputs);
  Object.defineProperty(call, "name", { value: name });
  const calls: Calls<M> = { [CALLABLE]: callable };
  return Object.assign(call, calls, {
    prepare: (...inputs: Inputs) => prepare(inputs),
  }) as unknown as AnyLossFunction<M>;
}
