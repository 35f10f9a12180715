/** Hinge loss as Keras has it: `Hinge`, `hinge`. */
import { defineLoss, floats } from "../loss.ts";
import type { Node } from "../node.ts";
import { atLeastZero, constant, eq, mul, or, sub, total, where } from "../ops.ts";

/** Labels 0 and 1 become −1 and 1 where the whole batch has no other; otherwise all stay as they are. */
const signed = (y: Node): Node => {
  const others = total(where(or(eq(y, 0), eq(y, 1)), constant(0, y.dtype), 1));
  return where(eq(others, 0), sub(mul(y, 2), 1), y);
};

/**
 * ℓ = max(1 − y·x, 0). Labels that are all 0 or 1 are taken for −1 and 1. At 1 − y·x = 0 the gradient −y passes.
 * @see https://keras.io/api/losses/hinge_losses/#hinge-class
 */
export const hinge = defineLoss({
  name: "hinge",
  inputs: { x: floats(), y: floats() },
  options: {},
  build: ({ x, y }) => ({ loss: atLeastZero(sub(1, mul(signed(y), x))) }),
});
