/** Cross-entropy against class indices, as Keras has it on TensorFlow: `SparseCategoricalCrossentropy` and its function. */
import { labelsInFloats } from "../labels-in-floats.ts";
import { defineLoss, floats, labels } from "../loss.ts";
import type { Node } from "../node.ts";
import {
  and,
  cast,
  clip,
  constant,
  customGradient,
  div,
  eq,
  exp,
  extent,
  iota,
  le,
  log,
  lt,
  max,
  mul,
  ne,
  pick,
  stop,
  sub,
  sum,
  where,
} from "../ops.ts";
import { logarithm } from "./elementary.ts";

/** The parts of TensorFlow's kernel: z, the logits shifted by their maximum, log Σeᶻ, and the slope eᶻ⁄Σeᶻ − one-hot. */
function softmaxParts(logits: Node, label: Node) {
  const z = sub(logits, stop(max(logits, "C")));
  const e = exp(z);
  const s = sum(e, "C");
  const oneHot = where(eq(iota("C"), label), constant(1, e.dtype), 0);
  return { z, oneHot, logSum: log(s), slope: sub(div(e, s), oneHot) };
}

/**
 * ℓ = −log softmax(z)[y]; z are the logits, or the logarithms of probabilities clipped to [ε, 1 − ε], which are so normalised
 * after the clip. Where y is `ignoreClass` the loss is 0, and `mask` says that there is no element; x is
 * left out there, or (`multiplies`) multiplied by 0. The softmax of float16 is taken in float32; that of bfloat16 rounds every step.
 * @see https://keras.io/api/losses/probabilistic_losses/#sparsecategoricalcrossentropy-class
 */
export const sparseCategoricalCrossEntropy = defineLoss({
  name: "sparse-categorical-cross-entropy",
  inputs: { x: floats("C"), y: labels({ axis: "C", except: "ignoreClass", leaf: labelsInFloats }) },
  options: {
    fromLogits: false,
    epsilon: 1e-7,
    ignoreClass: undefined as number | undefined,
    multiplies: false,
  },
  build({ x, y }, { fromLogits, epsilon, ignoreClass, multiplies }) {
    const e = constant(epsilon, x.dtype);
    const keep = ignoreClass === undefined ? undefined : ne(y, ignoreClass);
    const given = keep ? (multiplies ? mul(x, cast(keep, x.dtype)) : where(keep, x, 0)) : x;
    const label = keep ? where(keep, y, 0) : y;
    const own = fromLogits ? given : logarithm(clip(given, e, sub(1, e)));
    const logits = x.dtype === "float16" ? cast(own, "float32") : own;
    const { z, logSum, slope } = softmaxParts(logits, label);
    const kernel = customGradient(sub(logSum, pick(z, "C", label)), [logits], (g) => [mul(g, slope)]);
    const loss = cast(kernel, x.dtype);
    return keep ? { loss: where(keep, loss, 0), mask: keep } : { loss };
  },
});

/**
 * The same of bfloat16 in TensorFlow 2.3: a label out of range makes NaN, and every other class adds 0 times its own loss,
 * which is NaN where that is infinite.
 * @see https://github.com/tensorflow/tensorflow/blob/v2.3.4/tensorflow/core/kernels/sparse_xent_op.h
 */
export const sparseCategoricalCrossEntropyUnchecked = defineLoss({
  name: "sparse-categorical-cross-entropy-unchecked",
  inputs: { x: floats("C"), y: floats() },
  options: { fromLogits: false, epsilon: 1e-7 },
  build({ x, y }, { fromLogits, epsilon }) {
    const e = constant(epsilon, x.dtype);
    const logits = fromLogits ? x : logarithm(clip(x, e, sub(1, e)));
    const label = cast(y, "int32");
    const isClass = and(le(0, label), lt(label, extent("C", "int32")));
    const { z, oneHot, logSum, slope } = softmaxParts(logits, label);
    const checked = (v: Node): Node => where(isClass, v, Number.NaN);
    const value = checked(sum(mul(oneHot, sub(logSum, z)), "C"));
    return { loss: customGradient(value, [logits], (g) => [checked(mul(g, slope))]) };
  },
});
