/** A backend with its compiled kernels. */
import type { Backend, Eventually, Kernel, Mode } from "./backend.ts";
import { Lru } from "./lru.ts";
import type { Program } from "./program.ts";

/** Goes on with a value or with what a promise brings: one code path for both modes. */
export const andThen = <T, R>(value: T | Promise<T>, next: (value: T) => R): R | Promise<R> =>
  value instanceof Promise ? value.then(next) : next(value);

/** A promise-making backend makes refusals rejections, so that a caller has one way to meet them. */
export const settled = <M extends Mode, T>({ backend }: Engine<M>, action: () => T | Promise<T>): Eventually<M, T> =>
  backend.mode === "sync"
    ? (action() as Eventually<M, T>)
    : (new Promise<T>((resolve) => resolve(action())) as Eventually<M, T>);

/** A compiled program, for as long as the engine keeps it. */
export interface Held<M extends Mode = Mode> {
  /** Undefined once the engine has dropped it: it is disposed then, and what it held can be freed. */
  readonly kernel: Eventually<M, Kernel<M>> | undefined;
  /** Set by whoever runs the kernel without asking the engine, so that it is not dropped as unused. */
  used: boolean;
}

/** A backend with its compiled kernels. Adapters make one for each backend that they are given. */
export interface Engine<M extends Mode = Mode> {
  readonly backend: Backend<M>;
  /** The compiled program, which is compiled now if it is not held. */
  hold(program: Program): Held<M>;
  /** The number of kernels held. */
  readonly size: number;
  /** Frees the kernels. */
  dispose(): void;
}

/** `kernels`: how many compiled programs to keep. */
export function createEngine<M extends Mode>(backend: Backend<M>, { kernels = 256 } = {}): Engine<M> {
  type Own = { -readonly [K in keyof Held<M>]: Held<M>[K] };
  const drop = (held: Own): void => {
    const kernel = held.kernel as Kernel<M> | Promise<Kernel<M>> | undefined;
    held.kernel = undefined;
    if (kernel instanceof Promise)
      kernel.then(
        (k) => k.dispose(),
        () => {}, // it was never compiled; who asked for it has been told
      );
    else kernel?.dispose();
  };
  const spare = (held: Own): boolean => {
    const { used } = held;
    held.used = false;
    return used;
  };
  const cache = new Lru<string, Own>(kernels, drop, spare);

  function compile(program: Program): Own {
    const held: Own = { kernel: backend.compile(program), used: false };
    // A program that could not be compiled is not remembered: the next call tries again.
    if (held.kernel instanceof Promise)
      held.kernel.catch(() => {
        held.kernel = undefined;
        cache.delete(program.key);
      });
    return held;
  }
  return {
    backend,
    hold: (program) => cache.get(program.key) ?? cache.set(program.key, compile(program)),
    get size() {
      return cache.size;
    },
    dispose: () => cache.clear(),
  };
}
