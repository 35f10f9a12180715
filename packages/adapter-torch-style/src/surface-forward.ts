/** From a loss to tensors that can go backward. */
import {
  andThen,
  type Callable,
  type Engine,
  type Eventually,
  Invocation,
  isNamed,
  type Mode,
  type Options,
  type Result,
  splitArguments,
  type TensorValue,
} from "@isoloss/core";
import { type Origin, Tensor } from "./tensor.ts";

/** Calls a loss and gives a tensor. */
export interface Forward<M extends Mode> {
  run(args: readonly unknown[]): Eventually<M, Tensor<M>>;
  prepare(args: readonly unknown[]): Eventually<M, void>;
}

const requiresGrad = (value: unknown): boolean => value instanceof Tensor && value.requires_grad;
function isTracked(args: readonly unknown[]): boolean {
  for (let i = 0; i < args.length; i++) if (requiresGrad(args[i])) return true;
  const last = args[args.length - 1];
  return isNamed(last) && Object.values(last).some(requiresGrad);
}

/** The inputs of a call that require a gradient. */
interface Tracked {
  readonly names: string[];
  readonly tensors: Tensor[];
}
function trackedOf(callable: Callable, args: readonly unknown[]): Tracked {
  const names: string[] = [];
  const tensors: Tensor[] = [];
  const last = args[args.length - 1];
  const inputs = isNamed(last) ? splitArguments(callable, args).inputs : undefined;
  callable.names.forEach((name, i) => {
    const value = inputs ? inputs[name] : args[i];
    if (!requiresGrad(value)) return;
    names.push(name);
    tensors.push(value as Tensor);
  });
  return { names, tensors };
}

/** Makes what calls a loss for its gradients alone; the last is kept, for the next call is most often like it. */
function gradientsOf<M extends Mode>(engine: Engine<M>, callable: Callable<M>) {
  let last:
    | { readonly names: readonly string[]; readonly options: Options; readonly invocation: Invocation<M> }
    | undefined;
  return (names: readonly string[]): Invocation<M> => {
    const { options } = callable;
    const isLast = last?.options === options && last.names.join() === names.join();
    if (last && isLast) return last.invocation;
    const then = { ...callable }; // with the options of this moment
    const invocation = new Invocation(engine, then, { gradients: names, value: false });
    last = { names, options, invocation };
    return invocation;
  };
}

/** The tape's entry of one call. It holds the arguments until the gradient has been taken. */
function originOf<M extends Mode>(
  invocation: Invocation<M>,
  { names, tensors }: Tracked,
  args: readonly unknown[],
): Origin {
  const origin: Origin = {
    parents: tensors,
    saved: args,
    backward(upstream) {
      const result = invocation.run(origin.saved as readonly unknown[], upstream) as Result | Promise<Result>;
      return andThen(result, ({ grads }) => names.map((name) => grads[name]));
    },
  };
  return origin;
}

const made = <M extends Mode>({ value }: Result, origin: Origin | undefined): Tensor<M> =>
  new Tensor<M>(value as TensorValue, origin);

/** The forward of a loss. */
export function forwardOf<M extends Mode>(engine: Engine<M>, callable: Callable<M>): Forward<M> {
  const value = new Invocation(engine, callable, { gradients: [] });
  const gradients = gradientsOf(engine, callable);
  const originFor = (args: readonly unknown[]): Origin | undefined => {
    if (!isTracked(args)) return undefined;
    const tracked = trackedOf(callable, args);
    return originOf(gradients(tracked.names), tracked, args);
  };
  return {
    run(args) {
      const result = value.run(args) as Result | Promise<Result>;
      const origin = originFor(args);
      return (
        result instanceof Promise ? result.then((r) => made<M>(r, origin)) : made<M>(result, origin)
      ) as Eventually<M, Tensor<M>>;
    },
    prepare(args) {
      const compiled = value.prepare(args) as void | Promise<void>;
      if (!isTracked(args)) return compiled as Eventually<M, void>;
      const back = gradients(trackedOf(callable, args).names).prepare(args);
      return (compiled instanceof Promise ? Promise.all([compiled, back]).then(() => {}) : back) as Eventually<M, void>;
    },
  };
}
