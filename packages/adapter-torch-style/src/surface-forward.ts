/** From a loss to tensors that can go backward. */
import {
  type Callable,
  type Engine,
  type Eventually,
  Invocation,
  isNamed,
  type Mode,
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

/** The inputs of a call that require a gradient, by name. */
function trackedOf(callable: Callable, args: readonly unknown[]): Map<string, Tensor> {
  const { inputs } = splitArguments(callable, args);
  return new Map(Object.entries(inputs).filter((entry): entry is [string, Tensor] => requiresGrad(entry[1])));
}

/** The tape's entry of one call. It holds the arguments until the gradient has been taken. */
function originOf<M extends Mode>(engine: Engine<M>, callable: Callable<M>, args: readonly unknown[]): Origin {
  const tracked = trackedOf(callable, args);
  const gradients = [...tracked.keys()];
  const then: Callable<M> = { ...callable }; // with the options of this moment
  let held: readonly unknown[] | undefined = args;
  return {
    parents: [...tracked.values()],
    backward(upstream) {
      const invocation = new Invocation(engine, then, { gradients, value: false });
      const result = invocation.run(held as readonly unknown[], upstream) as Result | Promise<Result>;
      const inOrder = ({ grads }: Result) => gradients.map((name) => grads[name]);
      return result instanceof Promise ? result.then(inOrder) : inOrder(result);
    },
    release() {
      held = undefined;
    },
    released: () => held === undefined,
  };
}

const made = <M extends Mode>({ value }: Result, origin: Origin | undefined): Tensor<M> =>
  new Tensor<M>(value as TensorValue, origin);

/** The forward of a loss. */
export function forwardOf<M extends Mode>(engine: Engine<M>, callable: Callable<M>): Forward<M> {
  const value = new Invocation(engine, callable, { gradients: [] });
  return {
    run(args) {
      const result = value.run(args) as Result | Promise<Result>;
      const origin = isTracked(args) ? originOf(engine, callable, args) : undefined;
      return (
        result instanceof Promise ? result.then((r) => made<M>(r, origin)) : made<M>(result, origin)
      ) as Eventually<M, Tensor<M>>;
    },
    prepare(args) {
      const compiled = value.prepare(args) as void | Promise<void>;
      if (!isTracked(args)) return compiled as Eventually<M, void>;
      const gradients = [...trackedOf(callable, args).keys()];
      const back = new Invocation(engine, callable, { gradients, value: false }).prepare(args);
      return (compiled instanceof Promise ? Promise.all([compiled, back]).then(() => {}) : back) as Eventually<M, void>;
    },
  };
}
