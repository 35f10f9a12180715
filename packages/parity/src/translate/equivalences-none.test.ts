/** Rows ✗ of the equivalence table: the nearest call, or a line that says that a loss is outside of this project. */
import { describe } from "vitest";
import { different, outside } from "./equivalences.test.rows.ts";

describe("✗: no equal call", () => {
  different("nn.CosineEmbeddingLoss(margin=0.2)(a, b, -1)", "keras@3", "losses.Huber(delta=0.2)(input1, input2)");
  different("nn.HingeEmbeddingLoss()", "keras@3", "losses.Hinge()(target, input)");
  different(
    "nn.MarginRankingLoss(margin=0.3)",
    "keras@3",
    "losses.MeanSquaredLogarithmicError()(target, input2 - input1)",
  );
  different(
    "nn.MultiMarginLoss()",
    "keras@3",
    "losses.MeanAbsoluteError()(keras.ops.one_hot(target, input.shape[-1]), input)",
  );
  different("losses.CategoricalHinge()", "torch@2", "nn.MSELoss()(y_pred, y_true)");
  different("losses.SquaredHinge()", "torch@2", "nn.MSELoss()(y_pred, y_true)");
  different("losses.LogCosh()", "torch@2", "nn.SmoothL1Loss()(y_pred, y_true)");
  different("losses.MeanAbsolutePercentageError()", "torch@2", 'nn.MSELoss(reduction="sum")(y_pred, y_true)');
});

describe("losses that are outside of this project", () => {
  outside("nn.CTCLoss()", "keras@3", /^CTCLoss of PyTorch is outside of this project: .*\(T, N, C\)/);
  outside("losses.CTC()", "torch@2", /^CTC of Keras is outside of this project: .*\(N, T, C\)/);
  outside("nn.TripletMarginLoss()", "keras@3", /^TripletMarginLoss of PyTorch is outside of this project/);
  outside("nn.MultiLabelMarginLoss()", "keras@3", /^MultiLabelMarginLoss of PyTorch is outside of this project/);
  outside("nn.GaussianNLLLoss()", "keras@3", /^GaussianNLLLoss of PyTorch is outside of this project/);
  outside("losses.Dice()", "torch@2", /^Dice of Keras is outside of this project/);
  outside("losses.Tversky()", "torch@2", /^Tversky of Keras is outside of this project/);
  outside("losses.Circle()", "torch@2", /^Circle of Keras is outside of this project/);
  outside("losses.CategoricalFocalCrossentropy()", "torch@2", /^CategoricalFocalCrossentropy of Keras is outside/);
  outside(
    "losses.CategoricalGeneralizedCrossEntropy()",
    "torch@2",
    /^CategoricalGeneralizedCrossEntropy of Keras is outside/,
  );
});
