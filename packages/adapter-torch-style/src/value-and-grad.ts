/** `valueAndGrad` with the types of PyTorch's losses. */
import {
  type Calls,
  type Mode,
  type Style,
  type TypedLoss,
  type ValueAndGrad,
  type ValueAndGradSettings,
  valueAndGradOf,
} from "@isoloss/core";

/** What is differentiated unless something else is asked for: the inputs, not the target. */
export type Predictions<G extends string> = Exclude<G, "target">;

/**
 * The value of a loss and its gradients from one call of a kernel: `valueAndGrad(criterion)(logits, target)` gives
 * `{ value, grads: { input } }`. With `out` the gradients are written to the caller's arrays.
 */
export type ValueAndGradFunction<M extends Mode> = <
  I extends readonly unknown[],
  G extends string,
  W extends G = Predictions<G> & G,
>(
  loss: TypedLoss<M, I, G>,
  settings?: ValueAndGradSettings<W>,
) => ValueAndGrad<M, I, W>;

export const valueAndGradIn = <M extends Mode>({ engine }: Style<M>): ValueAndGradFunction<M> =>
  ((loss: Calls<M>, settings: ValueAndGradSettings<string>) =>
    valueAndGradOf(engine, loss, settings)) as ValueAndGradFunction<M>;
