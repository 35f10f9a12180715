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

/** A backend with its compiled kernels. Adapters make one for each backend that they are given. */
export interface Engine<M extends Mode = Mode> {
  readonly backend: Backend<M>;
  /** The compiled program, which is compiled now if it is not held. */
  kernel(program: Program): Eventually<M, Kernel<M>>;
  /** The number of kernels held. */
  readonly size: number;
  /** Frees the kernels. */
  dispose(): void;
}

/** `kernels`: how many compiled programs to keep. */
export function createEngine<M extends Mode>(backend: Backend<M>, { kernels = 256 } = {}): Engine<M> {
  const cache = new Lru<string, Kernel<M> | Promise<Kernel<M>>>(kernels, (kernel) => {
    if (kernel instanceof Promise)
      kernel.then(
        (k) => k.dispose(),
        () => {}, // it was never compiled; who asked for it has been told
      );
    else kernel.dispose();
  });

  /** The program that was asked for last, whose kernel is in the cache: calls ask for the same one again and again. */
  let last: Program | undefined;
  let itsKernel: Kernel<M> | Promise<Kernel<M>> | undefined;

  function compile(program: Program): Kernel<M> | Promise<Kernel<M>> {
    const kernel = backend.compile(program) as Kernel<M> | Promise<Kernel<M>>;
    // A program that could not be compiled is not remembered: the next call tries again.
    if (kernel instanceof Promise)
      kernel.catch(() => {
        cache.delete(program.key);
        last = undefined;
      });
    return cache.set(program.key, kernel);
  }
  return {
    backend,
    kernel(program) {
      if (program !== last) {
        itsKernel = cache.get(program.key) ?? compile(program);
        last = program;
      }
      return itsKernel as Eventually<M, Kernel<M>>;
    },
    get size() {
      return cache.size;
    },
    dispose() {
      cache.clear();
      last = itsKernel = undefined;
    },
  };
}
