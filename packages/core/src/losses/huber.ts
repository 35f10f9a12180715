/** Huber's loss as Keras has it: `Huber`, `huber`. (PyTorch's is in `huber-error.ts`: another gradient at the kink.) */
import { defineLoss, floats } from "../loss.ts";
import { abs, add, constant, le, mul, noMore, square, sub, where } from "../ops.ts";
import { magnitude, squared } from "./elementary.ts";

/**
 * With d = x − y: ℓ = d²⁄2 where |d| ≤ δ, else δ·|d| − δ²⁄2. `doubles`: the gradient of d² is g·(2d), NaN where 2d overflows.
 * @see https://keras.io/api/losses/regression_losses/#huber-class
 */
export const huber = defineLoss({
  name: "huber",
  inputs: { x: floats(), y: floats() },
  options: { delta: 1, doubles: true },
  build({ x, y }, { delta, doubles }) {
    const d = sub(x, y);
    const z = abs(d);
    const quadratic = mul(doubles ? squared(d) : square(d), 0.5);
    const bound = constant(delta, d.dtype);
    return { loss: where(le(z, bound), quadratic, sub(mul(z, bound), mul(square(bound), 0.5))) };
  },
});

/**
 * The same by q = min(|d|, δ): ℓ = q²⁄2 + δ·(|d| − q). Inside, the gradient is computed as (q − δ) + δ, which a large δ rounds
 * away. `slopeAtNaN` is the sign of NaN in the gradient.
 * @see https://github.com/tensorflow/tensorflow/blob/v2.3.4/tensorflow/python/keras/losses.py
 */
export const huberCutOff = defineLoss({
  name: "huber-cut-off",
  inputs: { x: floats(), y: floats() },
  options: { delta: 1, slopeAtNaN: Number.NaN },
  build({ x, y }, { delta, slopeAtNaN }) {
    const z = magnitude(sub(x, y), slopeAtNaN);
    const bound = constant(delta, z.dtype);
    const q = noMore(z, bound);
    return { loss: add(mul(square(q), 0.5), mul(sub(z, q), bound)) };
  },
});
