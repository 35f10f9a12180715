/** Rows C of the equivalence table: clips and epsilons. */
import { describe } from "vitest";
import { broadcast, different, equal, refusing } from "./equivalences.test.rows.ts";

describe("C: clips and epsilons", () => {
  equal("nn.BCELoss()", "keras@3", "losses.BinaryCrossentropy()(target, input)", {
    proof: "piecewise",
    if: ["input <= 0.9999999", "input >= 1e-7", ...refusing],
  });
  different("nn.BCELoss()", "tf@2.3", "losses.BinaryCrossentropy()(target, input)");
  different("losses.BinaryCrossentropy()", "tf@2.3", "losses.BinaryCrossentropy()(y_true, y_pred)");
  different("nn.CosineEmbeddingLoss()(input1, input2, 1)", "keras@3", "1 + losses.CosineSimilarity()(input1, input2)");
  equal('nn.KLDivLoss(reduction="batchmean")', "keras@3", "losses.KLDivergence()(target, keras.ops.exp(input))", {
    proof: "piecewise",
    if: [
      "0 <= target <= 1",
      "exp(input) >= 1e-7",
      "target >= 1e-7",
      "exp(input) <= 1",
      "rank >= 1",
      "equal shapes",
      "rank 2",
      "at least one element",
    ],
  });
  equal("nn.KLDivLoss()", "keras@3", "losses.KLDivergence()(target, keras.ops.exp(input)) / input.shape[-1]", {
    proof: "piecewise",
    if: [
      "0 <= target <= 1",
      "exp(input) >= 1e-7",
      "target >= 1e-7",
      "exp(input) <= 1",
      "rank >= 1",
      "equal shapes",
      "at least one element",
    ],
  });
  equal("losses.SparseCategoricalCrossentropy()", "torch@2", "nn.CrossEntropyLoss()(torch.log(y_pred), y_true)", {
    proof: "piecewise",
    if: [
      "y_pred[y_true] <= 0.9999999",
      "y_pred[y_true] >= 1e-7",
      "at least one element",
      "for the gradient of y_pred: it differs on some inputs",
    ],
  });
  equal("nn.PoissonNLLLoss(log_input=False, eps=1e-7)", "keras@3", "losses.Poisson()(target, input)", {
    proof: "normal-form",
    if: ["rank >= 1", ...broadcast],
  });
  equal("losses.Poisson()", "torch@2", "nn.PoissonNLLLoss(log_input=False, eps=1e-7)(y_pred, y_true)", {
    proof: "normal-form",
    if: broadcast,
  });
  different("nn.PoissonNLLLoss(log_input=False)", "keras@3", "losses.Poisson()(target, input)"); // 1e-8 against 1e-7
  equal("losses.MeanSquaredLogarithmicError()", "torch@2", "nn.MSELoss()(torch.log1p(y_pred), torch.log1p(y_true))", {
    proof: "piecewise",
    if: ["y_pred >= 1e-7", "y_true >= 1e-7", ...broadcast],
  });
});
