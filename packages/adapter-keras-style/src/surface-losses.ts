/** Classes and functions of `losses` from the records behind them. */
import {
  type Callable,
  classOf,
  type Engine,
  type Eventually,
  functionOf,
  Invocation,
  type Mode,
  type Options,
  type ResolvedEntry,
  type Result,
  type Style,
  type TensorValue,
} from "@isoloss/core";
import type { LossClass, LossFunction } from "./surface-types.ts";

type Inputs = readonly unknown[];

/** Calls a loss, and gives the value. */
function evaluated<M extends Mode>(engine: Engine<M>, callable: Callable<M>) {
  const invocation = new Invocation(engine, callable, { gradients: [] });
  return {
    call(...inputs: Inputs): Eventually<M, TensorValue> {
      const result = invocation.run(inputs) as Result | Promise<Result>;
      const value = result instanceof Promise ? result.then((r) => r.value) : result.value;
      return value as Eventually<M, TensorValue>;
    },
    prepare: (...inputs: Inputs) => invocation.prepare(inputs),
  };
}

/** The same loss, not reduced, whatever its options become. */
function unreduced<M extends Mode>(callable: Callable<M>): Callable<M> {
  let of: Options | undefined;
  let options: Options = {};
  return {
    ...callable,
    get options() {
      if (of !== callable.options) {
        of = callable.options;
        options = Object.freeze({ ...of, reduction: "none" });
      }
      return options;
    },
  };
}

/** What an instance tells of itself. */
export interface Description {
  /** The configuration that Keras saves of an instance. */
  config(entry: ResolvedEntry, options: Options): Readonly<Record<string, unknown>>;
  /** What the instance is called. */
  name(entry: ResolvedEntry, options: Options): string | null;
}

/** A class whose instances are callable. */
export const lossClass = <M extends Mode>(
  style: Style<M>,
  entry: ResolvedEntry,
  name: string,
  description: Description,
) =>
  classOf(style, entry, name, (callable) => {
    const { call, prepare } = evaluated(style.engine, callable);
    const perSample = evaluated(style.engine, unreduced(callable));
    const get_config = () => description.config(entry, callable.options);
    return {
      call,
      methods: { call: perSample.call, prepare, get_config },
      name: description.name(entry, callable.options) ?? name,
    };
  }) as LossClass<M, object>;

/** A function, with its options in an object at the end. */
export const lossFunction = <M extends Mode>(style: Style<M>, entry: ResolvedEntry, name: string) =>
  functionOf(style, entry, name, (callable) => {
    const { call, prepare } = evaluated(style.engine, callable);
    return { call, methods: { prepare } };
  }) as LossFunction<M, Inputs>;
