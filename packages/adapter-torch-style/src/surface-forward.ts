/** From a loss to tensors that can go backward. */
import {
  andThen,
  type Callable,
  type Engine,
  type Eventually,
  Invocation,
  isNamed,
  type Mode,
  type Result,
  settled,
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

/** The forward of a loss. */
export function forwardOf<M extends Mode>(engine: Engine<M>, callable: Callable<M>): Forward<M> {
  const value = new Invocation(engine, callable, { gradients: [] });
  /** What calls the loss for its gradients alone, by the inputs that are differentiated. */
  const gradients: Record<string, Invocation<M>> = {};
  /** The inputs of a call that require a gradient, and what gives theirs. */
  const trackedOf = (args: readonly unknown[]) => {
    const { inputs } = splitArguments(callable, args);
    const names = callable.names.filter((name) => requiresGrad(inputs[name]));
    gradients[names.join()] ??= new Invocation(engine, callable, { gradients: names, value: false });
    const parents = names.map((name) => inputs[name] as unknown as Tensor);
    return { names, parents, invocation: gradients[names.join()] as Invocation<M> };
  };
  /** The tape's entry of a call. It holds the arguments until the gradient has been taken. */
  const originOf = (args: readonly unknown[]): Origin => {
    const { names, parents, invocation } = trackedOf(args);
    const { options } = callable; // of this moment
    return {
      parents,
      saved: args,
      backward(upstream) {
        const result = invocation.run(this.saved as readonly unknown[], upstream, options) as Result | Promise<Result>;
        return andThen(result, ({ grads }) => names.map((name) => grads[name]));
      },
    };
  };
  return {
    run: (args) =>
      settled(engine, () => {
        const origin = isTracked(args) ? originOf(args) : undefined;
        const result = value.run(args) as Result | Promise<Result>;
        return andThen(result, (r) => new Tensor<M>(r.value as TensorValue, origin));
      }),
    prepare(args) {
      const compiled = value.prepare(args) as void | Promise<void>;
      const back = isTracked(args) && (() => trackedOf(args).invocation.prepare(args) as void | Promise<void>);
      return (back ? andThen(compiled, back) : compiled) as Eventually<M, void>;
    },
  };
}
