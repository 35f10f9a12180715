/** The rows of the equivalence table: which call is found, the verdict, what it rests on, and that what is printed computes the same. */
import { describe, expect, it } from "vitest";
import { systemContestant } from "../contestants/own.ts";
import { agree } from "../differ.ts";
import { createReferenceEvaluator } from "../evaluate.ts";
import { frameworkOf } from "../frameworks.ts";
import { readSystem } from "../system.ts";
import { translationJson } from "./report.ts";
import { translate } from "./translate.ts";
import type { Proof, Verdict } from "./translation.ts";

interface Row {
  readonly from: string;
  readonly to: string;
  /** The call that is found; of one that differs it may be any. */
  readonly python?: string;
  readonly verdict: Verdict;
  readonly proof: Proof | null;
  /** The conditions; those on shapes are `shapes` unless said otherwise. */
  readonly conditions: readonly string[];
  readonly form?: number;
}
/** What every element-wise loss of Keras asks of shapes, coming from PyTorch. */
const shapes = ["rank >= 1", "equal shapes", "at least one element"];
const refusing = ["rank >= 1", "at least one element"];
const classes = ["at least one element", "input has shape (N, C)"];

const rows: readonly Row[] = [
  // E, R: the same mathematics, other reductions
  {
    from: "nn.MSELoss()",
    to: "keras@3",
    python: "losses.MeanSquaredError()(target, input)",
    verdict: "equal-if",
    proof: "normal-form",
    conditions: shapes,
  },
  {
    from: 'nn.MSELoss(reduction="sum")',
    to: "keras@3",
    python: 'input.shape[-1] * losses.MeanSquaredError(reduction="sum")(target, input)',
    verdict: "equal-if",
    proof: "normal-form",
    conditions: shapes,
  },
  {
    from: 'nn.MSELoss(reduction="none")',
    to: "keras@3",
    python: 'losses.MeanSquaredError(reduction="none")(target[..., None], input[..., None])',
    verdict: "equal-if",
    proof: "normal-form",
    conditions: ["equal shapes"],
  },
  {
    from: "nn.L1Loss()",
    to: "keras@3",
    python: "losses.MeanAbsoluteError()(target, input)",
    verdict: "equal-if",
    proof: "piecewise",
    conditions: shapes,
  },
  {
    from: "nn.HuberLoss(delta=0.7)",
    to: "keras@3",
    python: "losses.Huber(delta=0.7)(target, input)",
    verdict: "equal-if",
    proof: "piecewise",
    conditions: shapes,
  },
  {
    from: "torch@1.7 nn.SmoothL1Loss(beta=0.5)",
    to: "keras@3",
    python: "2 * losses.Huber(delta=0.5)(target, input)",
    verdict: "equal-if",
    proof: "piecewise",
    conditions: shapes,
  },
  {
    from: "nn.BCEWithLogitsLoss()",
    to: "keras@3",
    python: "losses.BinaryCrossentropy(from_logits=True)(target, input)",
    verdict: "equal-if",
    proof: "normal-form",
    conditions: refusing,
  },
  {
    from: "nn.BCEWithLogitsLoss(weight=[[0.5], [2]])",
    to: "keras@3",
    python: "losses.BinaryCrossentropy(from_logits=True)(target, input, sample_weight=weight)",
    verdict: "equal-if",
    proof: "normal-form",
    conditions: ["rank 2"],
  },
  {
    from: "F.mse_loss(weight=w)",
    to: "keras@3",
    python: 'losses.MeanSquaredError(reduction="mean_with_sample_weight")(target, input, sample_weight=weight[..., 0])',
    verdict: "equal-if",
    proof: "piecewise",
    conditions: ["weight is the same along its last axis"],
  },
  {
    from: "losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1)",
    to: "torch@2",
    python: "nn.BCEWithLogitsLoss()(y_pred, 0.9 * y_true + 0.05)",
    verdict: "equal-if",
    proof: "normal-form",
    conditions: ["equal shapes", "at least one element"],
  },
  {
    from: "losses.Hinge()",
    to: "torch@2",
    python: "nn.HingeEmbeddingLoss()(y_true * y_pred, torch.full_like(y_true, -1))",
    verdict: "equal-if",
    proof: "piecewise",
    conditions: ["count(y_true != 1 and y_true != 0) != 0", "equal shapes", "at least one element"],
  },
  // C: clips and epsilons
  {
    from: "nn.BCELoss()",
    to: "keras@3",
    python: "losses.BinaryCrossentropy()(target, input)",
    verdict: "equal-if",
    proof: "piecewise",
    conditions: ["input <= 0.9999999", "input >= 1e-7", ...refusing],
  },
  {
    from: "nn.BCELoss()",
    to: "tf@2.3",
    python: "losses.BinaryCrossentropy()(target, input)",
    verdict: "different",
    proof: null,
    conditions: [],
  },
  {
    from: "losses.BinaryCrossentropy()",
    to: "tf@2.3",
    python: "losses.BinaryCrossentropy()(y_true, y_pred)",
    verdict: "different",
    proof: null,
    conditions: [],
  },
  {
    from: "nn.CosineEmbeddingLoss()(input1, input2, 1)",
    to: "keras@3",
    python: "1 + losses.CosineSimilarity()(input1, input2)",
    verdict: "different",
    proof: null,
    conditions: [],
  },
  // A, L: class axes and label forms
  {
    from: "nn.CrossEntropyLoss()",
    to: "keras@3",
    python: "losses.SparseCategoricalCrossentropy(from_logits=True)(target, input)",
    verdict: "equal-if",
    proof: "piecewise",
    conditions: ["target != -100", ...classes],
  },
  {
    from: "nn.CrossEntropyLoss()",
    to: "keras@3",
    form: 3,
    python: "losses.SparseCategoricalCrossentropy(from_logits=True)(target, keras.ops.moveaxis(input, 1, -1))",
    verdict: "equal-if",
    proof: "piecewise",
    conditions: ["target != -100", "at least one element"],
  },
  {
    from: "nn.CrossEntropyLoss()",
    to: "keras@3",
    form: 1,
    python: "losses.CategoricalCrossentropy(from_logits=True)(target, input)",
    verdict: "equal-if",
    proof: "normal-form",
    conditions: ["rank 2", "at least one element"],
  },
  {
    from: "nn.CrossEntropyLoss(ignore_index=1)",
    to: "keras@3",
    python: "losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=1)(target, input)",
    verdict: "equal-if",
    proof: "piecewise",
    conditions: ["count(target != 1) != 0", ...classes],
  },
  {
    from: "nn.CrossEntropyLoss(weight=w)",
    to: "keras@3",
    python:
      'losses.SparseCategoricalCrossentropy(from_logits=True, reduction="mean_with_sample_weight")(target, input, sample_weight=keras.ops.take(weight, target))',
    verdict: "equal-if",
    proof: "piecewise",
    conditions: ["target != -100", "sum(weight[target]) != 0", ...classes],
  },
  {
    from: "nn.CrossEntropyLoss(label_smoothing=0.1)",
    to: "keras@3",
    python:
      "losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)(keras.ops.one_hot(target, input.shape[-1]), input)",
    verdict: "equal-if",
    proof: "piecewise",
    conditions: ["target != -100", ...classes],
  },
  {
    from: "nn.NLLLoss()",
    to: "keras@3",
    python: "losses.SparseCategoricalCrossentropy(from_logits=True)(target, input)",
    verdict: "equal-if",
    proof: "piecewise",
    conditions: ["input holds log-probabilities: exp(input) sums to 1 over the classes", "target != -100", ...classes],
  },
  {
    from: 'nn.KLDivLoss(reduction="batchmean")',
    to: "keras@3",
    python: "losses.KLDivergence()(target, keras.ops.exp(input))",
    verdict: "equal-if",
    proof: "piecewise",
    conditions: ["exp(input) >= 1e-7", "target >= 1e-7", "exp(input) <= 1", "rank 2"],
  },
  {
    from: "nn.KLDivLoss(log_target=True)",
    to: "keras@3",
    python: "losses.KLDivergence()(keras.ops.exp(target), keras.ops.exp(input)) / input.shape[-1]",
    verdict: "equal-if",
    proof: "piecewise",
    conditions: ["exp(input) >= 1e-7", "exp(input) <= 1"],
  },
  // releases
  {
    from: "torch@1.7 nn.MSELoss()",
    to: "torch@2",
    python: "nn.MSELoss()(input, target)",
    verdict: "equal",
    proof: "same-definition",
    conditions: [],
  },
  {
    from: "torch@1.7 nn.KLDivLoss()",
    to: "torch@2",
    python: "nn.KLDivLoss()(input, target)",
    verdict: "equal-if",
    proof: "piecewise",
    conditions: ["target >= 0"],
  },
  // ✗
  {
    from: "nn.BCEWithLogitsLoss(pos_weight=p)",
    to: "keras@3",
    python: "losses.BinaryCrossentropy(from_logits=True)(target, input)",
    verdict: "different",
    proof: null,
    conditions: [],
  },
  {
    from: "losses.LogCosh()",
    to: "torch@2",
    verdict: "different",
    proof: null,
    conditions: [],
  },
];

describe.each(rows)("$from in $to, form $form", (row) => {
  const at = { translation: undefined as ReturnType<typeof translate> | undefined };
  it(`is ${row.verdict} (${row.proof}): ${row.python}`, { timeout: 300_000 }, () => {
    at.translation = translate(readSystem(row.from), { to: row.to, form: row.form ?? 0 });
    const json = translationJson(at.translation);
    expect({ python: json.python, verdict: json.verdict, proof: json.proof }).toEqual({
      python: row.python ?? json.python,
      verdict: row.verdict,
      proof: row.proof,
    });
    expect(json.conditions).toEqual(expect.arrayContaining([...row.conditions]));
    expect(json.violations).toHaveLength(json.conditions.length);
    if (row.verdict === "different") expect(json.counterexample).toBeDefined();
  });
  it("computes the same as it is printed, in Python and in TypeScript, wherever the conditions hold", async () => {
    const { translation } = at;
    if (!translation || translation.verdict === "different") return;
    const json = translationJson(translation);
    const evaluator = createReferenceEvaluator();
    const { profile } = frameworkOf(row.to);
    for (const text of [json.python, json.typescript]) {
      const printed = systemContestant(readSystem(`${profile} ${text}`), evaluator.run, "reference");
      for (const tensors of translation.agreeing) {
        const from = evaluator.run(translation.source.call, tensors);
        const to = await printed.answer(tensors, []);
        expect(from.refusal).toBeUndefined();
        expect(to.refusal?.message).toBeUndefined();
        if (!from.refusal && !to.refusal) expect(agree(from.value, to.value)).toBe(true);
      }
      expect(translation.agreeing.length).toBeGreaterThan(0);
    }
  });
});
