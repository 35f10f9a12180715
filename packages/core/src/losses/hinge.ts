/** Hinge losses as Keras has them: `Hinge`, `SquaredHinge`, `CategoricalHinge` and their functions. */
import { defineLoss, floats } from "../loss.ts";
import type { Node } from "../node.ts";
import { add, atLeastZero, constant, eq, mul, or, sub, sum, total, where } from "../ops.ts";
import { largest, squared } from "./elementary.ts";

/** Labels 0 and 1 become −1 and 1 where the whole batch has no other; otherwise all stay as they are. */
const signed = (y: Node): Node => {
  const others = total(where(or(eq(y, 0), eq(y, 1)), constant(0, y.dtype), 1));
  return where(eq(others, 0), sub(mul(y, 2), 1), y);
};
const missing = (x: Node, y: Node): Node => atLeastZero(sub(1, mul(signed(y), x)));

/**
 * ℓ = max(1 − y·x, 0). Labels that are all 0 or 1 are taken for −1 and 1. At 1 − y·x = 0 the gradient −y passes.
 * @see https://keras.io/api/losses/hinge_losses/#hinge-class
 */
export const hinge = defineLoss({
  name: "hinge",
  inputs: { x: floats(), y: floats() },
  options: {},
  build: ({ x, y }) => ({ loss: missing(x, y) }),
});

/**
 * ℓ = max(1 − y·x, 0)². Labels that are all 0 or 1 are taken for −1 and 1.
 * @see https://keras.io/api/losses/hinge_losses/#squaredhinge-class
 */
export const squaredHinge = defineLoss({
  name: "squared-hinge",
  inputs: { x: floats(), y: floats() },
  options: {},
  build: ({ x, y }) => ({ loss: squared(missing(x, y)) }),
});

/**
 * ℓ = max(n − p + 1, 0), p = Σ y·x, n = max (1 − y)·x over the classes. n is at least 0 where some y is 1, so this is not
 * Crammer and Singer's loss. Ties of the maximum share the gradient; `skipsNaN`: the maximum is over the numbers alone.
 * @see https://keras.io/api/losses/hinge_losses/#categoricalhinge-class
 */
export const categoricalHinge = defineLoss({
  name: "categorical-hinge",
  inputs: { x: floats("C"), y: floats("C") },
  options: { skipsNaN: false },
  build({ x, y }, { skipsNaN }) {
    const others = largest(mul(sub(1, y), x), "C", skipsNaN);
    return { loss: atLeastZero(add(sub(others, sum(mul(y, x), "C")), 1)) };
  },
});
