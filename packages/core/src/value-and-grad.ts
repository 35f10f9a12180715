/** A loss and its gradients in one call. */
import type { Eventually, Feed, Mode } from "./backend.ts";
import { CALLABLE, type Calls } from "./callable.ts";
import type { Engine } from "./engine.ts";
import { LossError } from "./errors.ts";
import { Invocation } from "./invocation.ts";
import type { TensorLike } from "./tensor.ts";
import type { TensorValue } from "./tensor-value.ts";

/** A loss with the types of its inputs. */
export interface TypedLoss<M extends Mode, I extends readonly unknown[], G extends string> extends Calls<M> {
  readonly types?: { readonly inputs: I; readonly gradients: G };
}

/** What `valueAndGrad` may be told. */
export interface ValueAndGradSettings<Names extends string> {
  /** What to differentiate: the keys of `out` unless given, else the predictions. */
  readonly wrt?: readonly Names[];
  /** Arrays that gradients are written to, which share no memory with the arguments or each other. */
  readonly out?: { readonly [K in Names]?: Feed };
  /** "gpu": gradients stay in buffers of the backend on the GPU. `await grads.x.data.read()` brings one back; dispose of each. */
  readonly output?: "gpu";
  /** The gradient that flows into the value; ones unless given. */
  readonly upstream?: TensorLike;
}
/** A value with gradients by input. */
export interface ValueAndGrads<Names extends string> {
  readonly value: TensorValue;
  readonly grads: { readonly [K in Names]: TensorValue };
}

/** A function that gives a loss and its gradients. */
export interface ValueAndGrad<M extends Mode, Inputs extends readonly unknown[], Names extends string> {
  (...inputs: Inputs): Eventually<M, ValueAndGrads<Names>>;
  /** Compiles for arguments like these, without running. */
  prepare(...inputs: Inputs): Eventually<M, void>;
}

/**
 * The value of a loss and its gradients from one call of a kernel: `valueAndGrad(loss)(logits, target)` gives
 * `{ value, grads: { input } }`. With `out` the gradients are written to the caller's arrays. `Others`: the inputs that
 * are no predictions, which are differentiated only where `wrt` or `out` name them.
 */
export type ValueAndGradFunction<M extends Mode, Others extends string> = <
  I extends readonly unknown[],
  G extends string,
  W extends G = Exclude<G, Others> & G,
>(
  loss: TypedLoss<M, I, G>,
  settings?: ValueAndGradSettings<W>,
) => ValueAndGrad<M, I, W>;

/** A function that gives the value of a loss and its gradients, one call of a kernel for both. */
export function valueAndGradOf<M extends Mode>(
  engine: Engine<M>,
  loss: Calls<M>,
  settings: ValueAndGradSettings<string> = {},
): ValueAndGrad<M, readonly unknown[], string> {
  const callable = loss?.[CALLABLE];
  if (!callable) throw new LossError("option", "valueAndGrad takes a loss: an instance of a class, or a function");
  const { wrt, out, output, upstream } = settings;
  const gradients = wrt ?? (out ? Object.keys(out) : callable.predictions);
  for (const name of gradients)
    if (!callable.names.includes(name))
      throw new LossError("missing", `${callable.title} has no input '${name}' to differentiate`);
  const invocation = new Invocation(engine, callable, {
    gradients,
    out: out as Readonly<Record<string, Feed>>,
    output,
    every: true,
  });
  const run = (...inputs: readonly unknown[]) => invocation.run(inputs, upstream);
  run.prepare = (...inputs: readonly unknown[]) => invocation.prepare(inputs, upstream);
  return run as ValueAndGrad<M, readonly unknown[], string>;
}
