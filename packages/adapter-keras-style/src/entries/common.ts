/** What all entries share, as TensorFlow 2.3 has it. */
import { type Contract, LossError } from "@isoloss/core";
import { throughFloat32 } from "../dtypes.ts";
import { elementwise, type Ranks } from "../layout.ts";
import { choice, kept, number, ofClass } from "../parameters.ts";
import { asGiven, fitted, squeezed } from "../ranks.ts";
import { reduction, weights } from "../reductions.ts";
import { floatsOnly } from "../refusals.ts";

/** TensorFlow 2.3 squeezes in classes, not in functions, and a mask of y_pred does nothing. */
export const ranks: Ranks = { class: squeezed, function: asGiven, weights: fitted, masks: false };

/** A tensor of one element. */
export const smoothing = number(0, { lists: true });

/** `reduction` and `name`, last in every constructor. */
export const ofEveryClass: Contract["options"] = {
  reduction: choice("auto", "none", "sum", "sum_over_batch_size"),
  name: ofClass(kept(undefined)),
};

export const common = {
  inputs: {
    y_true: { port: "y" },
    y_pred: { port: "x" },
    sample_weight: { port: "sampleWeight", optional: true, only: "class" },
    mask: { port: "mask", optional: true },
  },
  refuses: { integers: floatsOnly },
  dtypes: throughFloat32,
  gradient: { of: ["y_true", "y_pred", "sample_weight"], refuses: {} },
  after: weights,
  reduction,
} satisfies Partial<Contract>;

/** The base class, element by element: how a release weighs, masks and reduces a loss that is not its own. It computes nothing itself. */
export const Loss: Contract = {
  ...common,
  options: ofEveryClass,
  layout: elementwise(ranks),
  define() {
    throw new LossError("unknown-loss", "Loss.call is left to subclasses");
  },
};
