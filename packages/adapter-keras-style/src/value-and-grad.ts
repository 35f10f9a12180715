/** `valueAndGrad` with the types of Keras's losses. */
import {
  type Calls,
  type Mode,
  type Style,
  type TypedLoss,
  type ValueAndGrad,
  type ValueAndGradSettings,
  valueAndGradOf,
} from "@isoloss/core";

/** What is differentiated unless something else is asked for: the predictions, not the labels and not the weights. */
export type Predictions<G extends string> = Exclude<G, "y_true" | "sample_weight">;

/**
 * The value of a loss and its gradients from one call of a kernel: `valueAndGrad(bce)(y_true, y_pred)` gives
 * `{ value, grads: { y_pred } }`. With `out` the gradients are written to the caller's arrays.
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
