/** Losses of the frameworks that the handbook lacks, as definitions: what the workbench translates from and to. */
import {
  type AnyLoss,
  add,
  atLeastZero,
  clip,
  constant,
  defineLoss,
  eq,
  exp,
  floats,
  gt,
  iota,
  labels,
  log,
  log1p,
  mean,
  mul,
  type Node,
  neg,
  optional,
  pick,
  softplus,
  square,
  sub,
  where,
} from "@isoloss/core";

/** y·log y − y + ½·log 2πy where y > 1, else 0. */
const stirling = (y: Node): Node => {
  const v = where(gt(y, 1), y, 1);
  const term = add(sub(mul(v, log(v)), v), mul(log(mul(v, 2 * Math.PI)), 0.5));
  return where(gt(y, 1), term, 0);
};

/**
 * ℓ = eˣ − y·x of a logarithm x, x − y·log(x + ε) of a rate; `full` adds Stirling's approximation of log y!.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.PoissonNLLLoss.html
 */
const poissonLikelihood = defineLoss({
  name: "poisson-likelihood",
  inputs: { input: floats(), target: floats() },
  options: { log_input: true, full: false, eps: 1e-8 },
  build({ input: x, target: y }, { log_input, full, eps }) {
    const loss = log_input ? sub(exp(x), mul(y, x)) : sub(x, mul(y, log(add(x, constant(eps, x.dtype)))));
    return { loss: full ? add(loss, stirling(y)) : loss };
  },
});

/**
 * ℓ = log(1 + e^(−y·x)). It has no stable form: beyond −y·x = 88 a float32 is infinite.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.SoftMarginLoss.html
 */
const softMargin = defineLoss({
  name: "soft-margin",
  inputs: { input: floats(), target: floats() },
  options: {},
  build: ({ input, target }) => ({ loss: log1p(exp(neg(mul(target, input)))) }),
});

/**
 * ℓ = −1⁄C·Σ w·[y·log σ(x) + (1 − y)·log σ(−x)], one number a row.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiLabelSoftMarginLoss.html
 */
const multiLabelSoftMargin = defineLoss({
  name: "multi-label-soft-margin",
  inputs: { input: floats("C"), target: floats("C"), weight: optional(floats("C")) },
  options: {},
  build({ input: x, target: y, weight }) {
    const each = sub(softplus(x), mul(x, y));
    return { loss: mean(weight ? mul(each, weight) : each, "C") };
  },
});

/**
 * ℓ = max(0, margin − y·(x₁ − x₂)).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MarginRankingLoss.html
 */
const marginRanking = defineLoss({
  name: "margin-ranking",
  inputs: { input1: floats(), input2: floats(), target: floats() },
  options: { margin: 0 },
  build: ({ input1, input2, target }, { margin }) => ({
    loss: atLeastZero(add(mul(neg(target), sub(input1, input2)), margin)),
  }),
});

/**
 * ℓ = w_y·1⁄C·Σ_{i≠y} max(0, margin − x_y + x_i)^p, p being 1 or 2.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiMarginLoss.html
 */
const multiMargin = defineLoss({
  name: "multi-margin",
  inputs: { input: floats("C"), target: labels({ axis: "C" }), weight: optional(floats("C")) },
  options: { p: 1, margin: 1 },
  build({ input: x, target, weight }, { p, margin }) {
    const short = add(sub(margin, pick(x, "C", target)), x);
    const hinge = where(gt(short, 0), short, 0); // at 0 nothing passes
    const each = where(eq(iota("C"), target), 0, p === 2 ? square(hinge) : hinge);
    const loss = mean(each, "C");
    return { loss: weight ? mul(loss, pick(weight, "C", target)) : loss };
  },
});

/** σ(x) = e^(−log(1 + e^−x)). */
const sigmoid = (x: Node): Node => exp(neg(softplus(neg(x))));
/** x^γ; of x < 0 only a small natural γ has a power. */
const power = (x: Node, gamma: number): Node => {
  if (Number.isInteger(gamma) && gamma > 0 && gamma <= 8) return Array.from({ length: gamma }, () => x).reduce(mul);
  const isPositive = gt(x, 0);
  const root = exp(mul(log(where(isPositive, x, 1)), gamma));
  const [atZero, below] = gamma === 0 ? [1, 1] : [0, Number.NaN];
  return where(isPositive, root, where(eq(x, 0), constant(atZero, x.dtype), below));
};
const between = (y: Node, one: Node | number, other: Node | number): Node => add(mul(y, one), mul(sub(1, y), other));

/**
 * ℓ = (1 − p_t)^γ·BCE(x, y), p_t = p·y + (1 − p)·(1 − y); times α·y + (1 − α)·(1 − y) where α ≥ 0.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.sigmoid_focal_loss.html
 */
const sigmoidFocal = defineLoss({
  name: "sigmoid-focal",
  inputs: { inputs: floats(), targets: floats() },
  options: { alpha: 0.25, gamma: 2 },
  build({ inputs: x, targets: y }, { alpha, gamma }) {
    const p = sigmoid(x);
    const loss = mul(sub(softplus(x), mul(x, y)), power(sub(1, between(y, p, sub(1, p))), gamma));
    return { loss: alpha >= 0 ? mul(between(y, alpha, 1 - alpha), loss) : loss };
  },
});

/**
 * ℓ = (1 − p_t)^γ·BCE(p, y), and balanced by α·y + (1 − α)·(1 − y) where `apply_class_balancing`. Probabilities are clipped in the
 * cross-entropy and not in p_t; from logits it is exact, as on Keras' TensorFlow backend.
 * @see https://keras.io/api/losses/probabilistic_losses/#binaryfocalcrossentropy-class
 */
const binaryFocal = defineLoss({
  name: "binary-focal",
  inputs: { x: floats(), y: floats() },
  options: { apply_class_balancing: false, alpha: 0.25, gamma: 2, from_logits: false, label_smoothing: 0 },
  build({ x, y: label }, { apply_class_balancing, alpha, gamma, from_logits, label_smoothing: s }) {
    const y = s === 0 ? label : add(mul(label, 1 - s), 0.5 * s);
    const p = from_logits ? sigmoid(x) : x;
    const e = constant(1e-7, x.dtype);
    const q = clip(x, e, sub(1, e));
    const entropy = from_logits ? sub(softplus(x), mul(x, y)) : neg(between(y, log(q), log(sub(1, q))));
    const loss = mul(power(sub(1, between(y, p, sub(1, p))), gamma), entropy);
    return { loss: apply_class_balancing ? mul(between(y, alpha, 1 - alpha), loss) : loss };
  },
});

/** The definitions by the class or function that they are: `torch.custom(furtherLosses.PoissonNLLLoss)` makes one to call. */
export const furtherLosses = {
  PoissonNLLLoss: poissonLikelihood,
  SoftMarginLoss: softMargin,
  MultiLabelSoftMarginLoss: multiLabelSoftMargin,
  MarginRankingLoss: marginRanking,
  MultiMarginLoss: multiMargin,
  sigmoid_focal_loss: sigmoidFocal,
  BinaryFocalCrossentropy: binaryFocal,
} satisfies Readonly<Record<string, AnyLoss>>;
