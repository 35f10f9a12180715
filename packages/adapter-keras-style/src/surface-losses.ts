/** Classes and functions of `losses` from the records behind them. */
import {
  andThen,
  type Callable,
  type Engine,
  type Eventually,
  Invocation,
  lossOf,
  type MakeLoss,
  type Mode,
  type Options,
  type ResolvedEntry,
  type Result,
  type TensorValue,
} from "@isoloss/core";

type Inputs = readonly unknown[];

/** Calls a loss, and gives the value. */
function evaluated<M extends Mode>(engine: Engine<M>, callable: Callable<M>) {
  const invocation = new Invocation(engine, callable, { gradients: [] });
  return {
    call(...inputs: Inputs): Eventually<M, TensorValue> {
      const result = invocation.run(inputs) as Result | Promise<Result>;
      return andThen(result, ({ value }) => value) as Eventually<M, TensorValue>;
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

/** A class whose instances are callable, or a function with its options in an object at the end. */
export const lossIn =
  <M extends Mode>({ config, name }: Description): MakeLoss<M> =>
  (style, entry, title) =>
    lossOf(style, entry, title, (callable) => {
      const { call, prepare } = evaluated(style.engine, callable);
      if (entry.as === "function") return { call, methods: { prepare } };
      const perSample = evaluated(style.engine, unreduced(callable));
      const get_config = () => config(entry, callable.options);
      return {
        call,
        methods: { call: perSample.call, prepare, get_config },
        name: name(entry, callable.options) ?? title,
      };
    });
