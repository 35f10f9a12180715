/** Rows A and L of the equivalence table: class axes and label forms. */
import { describe } from "vitest";
import { broadcast, classes, equal, refusing, shapes } from "./equivalences.test.rows.ts";

describe("A: class axes", () => {
  equal("nn.CrossEntropyLoss()", "keras@3", "losses.SparseCategoricalCrossentropy(from_logits=True)(target, input)", {
    proof: "piecewise",
    if: ["target != -100", ...classes],
  });
  equal(
    "nn.CrossEntropyLoss()",
    "keras@3",
    "losses.SparseCategoricalCrossentropy(from_logits=True)(target, keras.ops.moveaxis(input, 1, -1))",
    { proof: "piecewise", form: 3, if: ["target != -100", "at least one element"] },
  );
  equal("nn.CrossEntropyLoss()", "keras@3", "losses.CategoricalCrossentropy(from_logits=True)(target, input)", {
    proof: "normal-form",
    form: 1,
    // TensorFlow's kernel takes for granted that the target's rows sum to 1
    if: [
      "rank 2",
      "at least one element",
      "for the gradient of input: target holds probabilities: each class row is positive and sums to 1",
    ],
  });
  equal(
    "nn.CrossEntropyLoss(ignore_index=1)",
    "keras@3",
    "losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=1)(target, input)",
    { proof: "piecewise", if: ["count(target != 1) != 0", ...classes] },
  );
  equal(
    "nn.CrossEntropyLoss(weight=w)",
    "keras@3",
    'losses.SparseCategoricalCrossentropy(from_logits=True, reduction="mean_with_sample_weight")(target, input, sample_weight=keras.ops.take(weight, target))',
    { proof: "piecewise", if: ["target != -100", "sum(weight[target]) != 0", ...classes] },
  );
  equal(
    "nn.CrossEntropyLoss(weight=w)",
    "keras@3",
    "losses.CategoricalCrossentropy(from_logits=True)(target, input, sample_weight=keras.ops.sum(weight * target, 1))",
    {
      proof: "normal-form",
      form: 1,
      if: [
        "target is one-hot",
        "rank 2",
        "at least one element",
        "for the gradient of target: it differs on some inputs",
      ],
    },
  );
  equal(
    "nn.CrossEntropyLoss(label_smoothing=0.1)",
    "keras@3",
    "losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)(keras.ops.one_hot(target, input.shape[-1]), input)",
    { proof: "piecewise", if: ["target != -100", ...classes] },
  );
});

describe("L: label forms and logarithms", () => {
  equal("nn.NLLLoss()", "keras@3", "losses.SparseCategoricalCrossentropy(from_logits=True)(target, input)", {
    proof: "piecewise",
    if: [
      "input holds log-probabilities: exp(input) sums to 1 over the classes",
      "target != -100",
      ...classes,
      "for the gradient of input: it differs on all inputs",
    ],
  });
  equal(
    "nn.KLDivLoss(log_target=True)",
    "keras@3",
    "losses.KLDivergence()(keras.ops.exp(target), keras.ops.exp(input)) / input.shape[-1]",
    {
      proof: "piecewise",
      if: [
        "target holds log-probabilities: exp(target) sums to 1 over the classes",
        "exp(input) >= 1e-7",
        "exp(target)/sum(exp(target)) >= 1e-7",
        "exp(input) <= 1",
        "rank >= 1",
        "equal shapes",
        "at least one element",
      ],
    },
  );
  equal(
    "nn.SoftMarginLoss()",
    "keras@3",
    "losses.BinaryCrossentropy(from_logits=True)(keras.ops.full_like(input, 1), input * target)",
    { proof: "normal-form", if: shapes },
  );
  equal(
    "nn.MultiLabelSoftMarginLoss(reduction='none')",
    "keras@3",
    'losses.BinaryCrossentropy(from_logits=True, reduction="none")(target, input)',
    { proof: "normal-form", if: ["equal shapes"] },
  );
  equal("nn.MarginRankingLoss(margin=1)", "keras@3", "losses.Hinge()(target, input1 - input2)", {
    proof: "piecewise",
    if: ["count(target != 1 and target != 0) != 0", ...refusing],
  });
  equal("nn.MarginRankingLoss(margin=1)(x, 0, y)", "keras@3", "losses.Hinge()(target, input1)", {
    proof: "piecewise",
    if: ["count(target != 1 and target != 0) != 0", ...refusing],
  });
  equal(
    'torchvision.ops.sigmoid_focal_loss(alpha=0.4, reduction="mean")',
    "keras@3",
    "losses.BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.4, from_logits=True)(targets, inputs)",
    { proof: "normal-form", if: shapes },
  );
  equal(
    "losses.BinaryFocalCrossentropy(apply_class_balancing=True, from_logits=True)",
    "torch@2",
    'torchvision.ops.sigmoid_focal_loss(y_pred, y_true, reduction="mean")',
    { proof: "normal-form", if: broadcast },
  );
});
