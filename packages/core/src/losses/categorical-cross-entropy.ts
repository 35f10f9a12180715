/** Cross-entropy against probabilities, as Keras has it on TensorFlow: `CategoricalCrossentropy` and its function. */
import { defineLoss, floats } from "../loss.ts";
import type { Node } from "../node.ts";
import {
  add,
  cast,
  clip,
  constant,
  customGradient,
  div,
  exp,
  extent,
  logSoftmax,
  mul,
  neg,
  ownAxes,
  sub,
  sum,
} from "../ops.ts";
import { logarithm, quotient, widened } from "./elementary.ts";

/** TensorFlow's kernels give the logits the gradient g·(softmax − labels), also where the labels do not sum to 1. */
const softmaxKernel = (loss: Node, logits: Node, labels: Node): Node =>
  customGradient(loss, [logits, labels], (g, _, x, t) => {
    const logp = logSoftmax(x as Node, "C");
    return [mul(g, sub(exp(logp), t as Node)), neg(mul(g, logp))];
  });

/**
 * ℓ = −Σ y·log p, p = clip(x ⁄ Σx, ε, 1 − ε), or softmax of logits (in float32 at least). y may be smoothed: y·(1 − s) + s ⁄ n, n being `classes`, or
 * the extent of C.
 * @see https://keras.io/api/losses/probabilistic_losses/#categoricalcrossentropy-class
 */
export const categoricalCrossEntropy = defineLoss({
  name: "categorical-cross-entropy",
  inputs: { x: floats("C"), y: floats("C") },
  options: { fromLogits: false, epsilon: 1e-7, labelSmoothing: 0, classes: undefined as number | undefined },
  build({ x, y }, { fromLogits, epsilon, labelSmoothing, classes }) {
    const n = classes === undefined ? extent("C", y.dtype) : constant(classes, y.dtype);
    const t = labelSmoothing !== 0 ? add(mul(y, 1 - labelSmoothing), div(labelSmoothing, n)) : y;
    if (fromLogits) {
      const [logits, truth] = [widened(x), widened(t)];
      const loss = softmaxKernel(neg(sum(mul(truth, logSoftmax(logits, "C")), "C")), logits, truth);
      return { loss: cast(loss, x.dtype) };
    }
    const e = constant(epsilon, x.dtype);
    const over = ownAxes(x);
    const p = clip(quotient(x, sum(x, ...over)), e, sub(1, e));
    return { loss: neg(sum(mul(t, logarithm(p)), ...over)) };
  },
});
