/** Rows E and R of the equivalence table: the same mathematics, in other reductions and with weights. */
import { describe } from "vitest";
import { broadcast, different, equal, refusing, shapes } from "./equivalences.test.rows.ts";

describe("E: the same mathematics", () => {
  equal("nn.MSELoss()", "keras@3", "losses.MeanSquaredError()(target, input)", { proof: "normal-form", if: shapes });
  equal("nn.L1Loss()", "keras@3", "losses.MeanAbsoluteError()(target, input)", { proof: "piecewise", if: shapes });
  equal("nn.HuberLoss(delta=0.7)", "keras@3", "losses.Huber(delta=0.7)(target, input)", {
    proof: "piecewise",
    if: shapes,
  });
  equal("torch@1.7 nn.SmoothL1Loss(beta=0.5)", "keras@3", "2 * losses.Huber(delta=0.5)(target, input)", {
    proof: "piecewise",
    if: shapes,
  });
  equal("torch@1.7 nn.SmoothL1Loss()", "keras@3", "losses.Huber()(target, input)", { proof: "piecewise", if: shapes });
  equal("nn.BCEWithLogitsLoss()", "keras@3", "losses.BinaryCrossentropy(from_logits=True)(target, input)", {
    proof: "normal-form",
    if: refusing,
  });
  equal(
    "losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1)",
    "torch@2",
    "nn.BCEWithLogitsLoss()(y_pred, 0.9 * y_true + 0.05)",
    { proof: "normal-form", if: broadcast },
  );
  equal("losses.Hinge()", "torch@2", "nn.HingeEmbeddingLoss()(y_true * y_pred, torch.full_like(y_true, -1))", {
    proof: "piecewise",
    if: ["count(y_true != 1 and y_true != 0) != 0", ...broadcast],
  });
  different(
    "nn.BCEWithLogitsLoss(pos_weight=p)",
    "keras@3",
    "losses.BinaryCrossentropy(from_logits=True)(target, input)",
  );
});

describe("R: other reductions", () => {
  equal(
    'nn.MSELoss(reduction="sum")',
    "keras@3",
    'input.shape[-1] * losses.MeanSquaredError(reduction="sum")(target, input)',
    { proof: "normal-form", if: shapes },
  );
  equal(
    'nn.MSELoss(reduction="none")',
    "keras@3",
    'losses.MeanSquaredError(reduction="none")(target[..., None], input[..., None])',
    { proof: "normal-form", if: ["equal shapes"] },
  );
  equal(
    'nn.L1Loss(reduction="sum")',
    "keras@3",
    'input.shape[-1] * losses.MeanAbsoluteError(reduction="sum")(target, input)',
    { proof: "piecewise", if: shapes },
  );
  equal(
    'nn.L1Loss(reduction="none")',
    "keras@3",
    'losses.MeanAbsoluteError(reduction="none")(target[..., None], input[..., None])',
    { proof: "piecewise", if: ["equal shapes"] },
  );
  equal(
    "nn.BCEWithLogitsLoss(weight=[[0.5], [2]])",
    "keras@3",
    "losses.BinaryCrossentropy(from_logits=True)(target, input, sample_weight=weight)",
    { proof: "normal-form", if: ["rank 2"] },
  );
  equal(
    "F.mse_loss(weight=w)",
    "keras@3",
    'losses.MeanSquaredError(reduction="mean_with_sample_weight")(target, input, sample_weight=weight[..., 0])',
    { proof: "piecewise", if: ["weight is the same along its last axis"] },
  );
  equal("F.huber_loss(weight=w)", "keras@3", "losses.Huber()(target, input, sample_weight=weight[..., 0])", {
    proof: "piecewise",
    if: ["weight is the same along its last axis"],
  });
});

describe("a masked sequence: the mean is over all steps up to TensorFlow 2.10, over those that count from 2.11 on", () => {
  equal(
    "tf@2.10 losses.MeanSquaredError()(y_true, y_pred, mask=mask)",
    "keras@3",
    "losses.MeanSquaredError()(y_true, y_pred)",
    { proof: "same-definition", if: ["at least one element"] },
  );
  equal(
    "tf@2.11 losses.MeanSquaredError()(y_true, y_pred, mask=mask)",
    "keras@3",
    'losses.MeanSquaredError(reduction="mean_with_sample_weight")(y_true, y_pred, sample_weight=mask)',
    { proof: "piecewise", if: ["sum(mask) != 0", "at least one element"] },
  );
});

describe("releases of one framework", () => {
  equal("torch@1.7 nn.MSELoss()", "torch@2", "nn.MSELoss()(input, target)", { proof: "same-definition" });
  equal("torch@1.7 nn.KLDivLoss()", "torch@2", "nn.KLDivLoss()(input, target)", {
    proof: "piecewise",
    if: ["target >= 0", "for the gradient of target: target != 0"],
  });
});
