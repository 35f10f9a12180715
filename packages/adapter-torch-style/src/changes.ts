/** What changed from one release of PyTorch to another, one row a change, over the records of 1.7. */
import {
  type Call,
  type CallDTypes,
  type Contract,
  type DType,
  isFloat,
  LossError,
  promote,
  type Row,
  type SignatureRefusal,
  sameShape,
} from "@isoloss/core";
import {
  binaryCrossEntropyClamped,
  cosineEmbedding,
  crossEntropy,
  crossEntropyProbabilities,
  hingeEmbedding,
  huberError,
  klDivergence,
  smoothAbsoluteError,
} from "@isoloss/core/losses";
import { inputOf, numberOf, optionOf, sizes } from "./call.ts";
import {
  byTarget,
  floatTarget,
  indexLayout,
  isSoft,
  longOrByteTarget,
  oneWeightEach,
  rowGradient,
  rowOrBatch,
  rowTarget,
  rowTargetOfOne,
  softLayout,
  someDimension,
  targetSizes,
  weightDType,
  weightShape,
} from "./classes.ts";
import {
  allDTypes,
  allFloats,
  castable,
  differentiable,
  floatingMean,
  implemented,
  inputDType,
  promotedDType,
  resultType,
  stepByStep,
  summed,
  tailOf,
  wideFloats,
} from "./dtypes.ts";
import { withLogits } from "./entries/binary.ts";
import { logTarget, meeting, transcendental } from "./entries/divergence.ts";
import { cosineOptions, integers, pair } from "./entries/embedding.ts";
import { boolean, dtypesOfHuber, unlessFlat } from "./entries/regression.ts";
import { float, tensor } from "./parameters.ts";
import { byWeights, isReduction, kindOf, reductionOf } from "./reduction.ts";
import { inUnitInterval } from "./values.ts";

const classLosses = ["CrossEntropyLoss", "NLLLoss"] as const;

/** Of indices or of probabilities. */
const eitherCrossEntropy: Contract["define"] = (call) => {
  const labelSmoothing = numberOf(call, "label_smoothing");
  if (isSoft(call)) return { loss: crossEntropyProbabilities, options: { labelSmoothing } };
  return { loss: crossEntropy, options: { ignoreIndex: numberOf(call, "ignore_index"), labelSmoothing } };
};
const klOptions = (call: Call) => ({ logTarget: logTarget(call), dtype: meeting(call) });
const softDTypes = (call: Call) => {
  const [logits, target, weight] = [inputOf(call, "input"), inputOf(call, "target"), optionOf(call, "weight")];
  const result = [logits, target, ...(weight ? [weight] : [])].map((t) => t.dtype).reduce(promote);
  return {
    compute: result,
    result,
    of: { logits: logits.dtype, target: target.dtype, weight: weight?.dtype ?? result },
  };
};

/** An index in a dimension does not go with label smoothing. */
const smoothedRow: SignatureRefusal = (call) =>
  rowTargetOfOne(call) ||
  (numberOf(call, "label_smoothing") > 0 &&
    rowGradient(call) &&
    new LossError("shape", "output with shape [] doesn't match the broadcast shape [1]"));

/** Errors in the dtype of input and target, which a weight may widen. */
const weightedDTypes = (call: Call): CallDTypes => {
  const own = promotedDType(call);
  const weight = optionOf(call, "weight");
  if (!weight) return summed(call, own);
  const result = weightedResult(call, own);
  return { ...stepByStep(result), of: { x: own, y: own, weight: isFloat(weight.dtype) ? weight.dtype : result } };
};
/** What an error, which has the dimensions of input and target, becomes when it is weighted. */
const weightedResult = (call: Call, error: DType): DType => {
  const shape = [inputOf(call, "input").shape, inputOf(call, "target").shape].flat();
  const weight = optionOf(call, "weight");
  return weight ? resultType({ dtype: error, shape }, weight) : error;
};
/** A weighted error is a difference of tensors, which bool tensors do not have. */
const weightedBoolean: SignatureRefusal = (call) => optionOf(call, "weight") && boolean(call);

/** A weight of an element-wise loss has the input's size. */
const elementWeight: SignatureRefusal = (call) => {
  const weight = optionOf(call, "weight");
  return (
    weight &&
    !sameShape(weight.shape, inputOf(call, "input").shape) &&
    new LossError("shape", "Weights and input must have the same size.")
  );
};
const modes = ["none", "sum", "mean"];
/** Beside a weight the reduction has no old names. */
const weightedReduction: SignatureRefusal = (call) => {
  const reduction = reductionOf(call);
  if (!optionOf(call, "weight"))
    return !isReduction(reduction) && new LossError("option", `${reduction} is not a valid value for reduction`);
  return (
    !modes.includes(String(reduction)) &&
    new LossError("option", `Invalid reduction mode: ${reduction}. Expected one of 'none', 'mean', 'sum'.`)
  );
};

const notBoolean: SignatureRefusal = (call) =>
  inputDType(call) === "bool" &&
  new LossError("dtype", "Subtraction, the `-` operator, with two bool tensors is not supported.");

export const changes: readonly Row[] = [
  // 1.8
  {
    since: "1.8",
    until: "1.13",
    entry: "L1Loss",
    what: "the result takes the input's dtype",
    ref: "observed",
    set: {
      refuses: {
        cast: (call) => kindOf(reductionOf(call)) !== "sum" && castable(promotedDType, inputDType)(call),
        mean: floatingMean(inputDType),
      },
      dtypes: (call) => {
        const own = inputDType(call);
        return { compute: promotedDType(call), tail: tailOf(own), result: own };
      },
      gradient: {
        refuses: {
          integer: (call) =>
            !isFloat(inputDType(call)) && new LossError("gradient", "an integer result is not differentiable"),
        },
      },
    },
  },
  {
    since: "1.8",
    entry: "KLDivLoss",
    what: "logarithms of integers, bfloat16; the gradient for the input broadcasts",
    ref: "observed",
    set: {
      refuses: { dtype: transcendental(allDTypes.filter((d) => d !== "float16")), where: undefined },
      gradient: { refuses: { paired: undefined } },
    },
  },
  {
    since: "1.8",
    entry: "HingeEmbeddingLoss",
    what: "bfloat16",
    ref: "observed",
    set: { refuses: { dtype: implemented("clamp_min_cpu", inputDType, [...wideFloats, "bfloat16", ...integers]) } },
  },
  {
    since: "1.8",
    entry: "CosineEmbeddingLoss",
    what: "bfloat16",
    ref: "observed",
    set: { refuses: { dtype: implemented("sqrt_vml_cpu", pair, [...wideFloats, "bfloat16"]) } },
  },
  // 1.9
  {
    since: "1.9",
    until: "1.10",
    entry: "CosineEmbeddingLoss",
    what: "the target has one dimension",
    ref: "pytorch#53448",
    set: {
      refuses: {
        target: (call) =>
          inputOf(call, "target").shape.length !== 1 &&
          new LossError("shape", "1D target tensor expected, multi-target not supported"),
      },
    },
  },
  // 1.10
  {
    since: "1.10",
    entry: "BCELoss",
    what: "the target has a gradient",
    ref: "observed",
    set: { refuses: { target: undefined } },
  },
  {
    since: "1.10",
    entry: "SmoothL1Loss",
    what: "mixed dtypes have gradients",
    ref: "observed",
    set: { gradient: { refuses: { mixed: undefined } } },
  },
  {
    since: "1.10",
    entry: "NLLLoss",
    what: "a single row without a batch; uint8 targets for rows; the shape of weights is checked",
    ref: "pytorch#60650",
    set: {
      refuses: {
        rank: someDimension,
        batch: rowOrBatch,
        target: targetSizes,
        weight: weightShape,
        labels: longOrByteTarget,
        row: rowTarget,
      },
    },
  },
  {
    since: "1.10",
    entry: "CrossEntropyLoss",
    what: "label_smoothing; targets of the input's shape hold probabilities",
    ref: "pytorch#61044",
    set: {
      options: { label_smoothing: float(0) },
      refuses: {
        batch: byTarget(rowOrBatch),
        target: byTarget(targetSizes),
        weight: byTarget(weightShape, oneWeightEach),
        labels: byTarget(longOrByteTarget, floatTarget),
        row: byTarget(rowTarget),
        weightDType: byTarget(weightDType),
        ignored: byTarget(
          () => undefined,
          (call) =>
            numberOf(call, "ignore_index") >= 0 &&
            new LossError("option", "ignore_index is not supported for floating point target"),
        ),
        smoothing: (call) =>
          numberOf(call, "label_smoothing") > 1 &&
          new LossError(
            "option",
            `label_smoothing must be between 0.0 and 1.0. Got: ${numberOf(call, "label_smoothing")}`,
          ),
      },
      layout: (call) => (isSoft(call) ? softLayout(call) : indexLayout("logits")(call)),
      dtypes: (call) => (isSoft(call) ? softDTypes(call) : stepByStep(inputDType(call))),
      gradient: { of: ["input", "target"], refuses: { some: undefined } },
      define: eitherCrossEntropy,
    },
  },
  {
    since: "1.10",
    entry: "CosineEmbeddingLoss",
    what: "the ranks of target and inputs must agree; no batch",
    ref: "pytorch#58591",
    set: {
      refuses: {
        rank: (call) => {
          const rank = inputOf(call, "target").shape.length;
          const [a, b] = [inputOf(call, "input1").shape, inputOf(call, "input2").shape];
          if (rank > 1) return new LossError("shape", "0D or 1D target tensor expected, multi-target not supported");
          return (
            (a.length !== rank + 1 || b.length !== rank + 1) &&
            new LossError(
              "shape",
              `${rank}D target tensor expects ${rank + 1}D input tensors, but found inputs with sizes ${sizes(a)} and ${sizes(b)}.`,
            )
          );
        },
      },
    },
  },
  // 1.9
  {
    since: "1.9",
    entry: "HingeEmbeddingLoss",
    what: "the gradient of the maximum selects",
    ref: "observed",
    set: { define: (call) => ({ loss: hingeEmbedding, options: { margin: numberOf(call, "margin") } }) },
  },
  {
    since: "1.9",
    entry: "CosineEmbeddingLoss",
    what: "the gradient of the maximum selects",
    ref: "observed",
    set: { define: (call) => ({ loss: cosineEmbedding, options: cosineOptions(call) }) },
  },
  // 1.11
  {
    since: "1.11",
    entry: classLosses,
    what: "a mean divides whatever the total weight is: all ignored is NaN",
    ref: "pytorch#64572",
    set: { reduction: byWeights },
  },
  {
    since: "1.11",
    entry: "CrossEntropyLoss",
    what: "a single row without a batch",
    ref: "observed",
    set: { refuses: { rank: (call) => (isSoft(call) && floatTarget(call)) || someDimension(call) } },
  },
  // 1.12
  {
    since: "1.12",
    entry: "BCEWithLogitsLoss",
    what: "the sigmoid of bfloat16 rounds once",
    ref: "observed",
    set: { define: withLogits({ logSigmoid: false, saturates: true }) },
  },
  {
    since: "1.12",
    entry: "SmoothL1Loss",
    what: "bfloat16 has gradients",
    ref: "observed",
    set: {
      gradient: {
        refuses: {
          dtype: unlessFlat(differentiable("smooth_l1_backward_cpu_out", promotedDType, [...wideFloats, "bfloat16"])),
        },
      },
    },
  },
  // 1.13
  {
    since: "1.13",
    entry: "KLDivLoss",
    what: "composed of xlogy: no mask at targets of 0 or less, every gradient broadcasts; integers are refused",
    ref: "pytorch#80334",
    set: {
      refuses: {
        dtype: (call) =>
          [inputOf(call, "input"), inputOf(call, "target")].some((t) => !allFloats.includes(t.dtype)) &&
          new LossError("dtype", "kl_div: Integral inputs not supported."),
        boolean: undefined,
        half: (call) =>
          logTarget(call) &&
          inputOf(call, "target").dtype === "float16" &&
          new LossError("dtype", "\"exp_vml_cpu\" not implemented for 'Half'"),
      },
      gradient: { refuses: { expanded: undefined, inKernel: undefined, target: undefined } },
      define: (call) => ({
        loss: klDivergence,
        options: { ...klOptions(call), roundsOnce: inputOf(call, "target").dtype === "float16" },
      }),
    },
  },
  {
    since: "1.13",
    until: "2.1",
    entry: "SmoothL1Loss",
    what: "the gradient at β = 0 is −1 where the inputs are equal",
    ref: "observed",
    set: {
      define: (call) => ({ loss: smoothAbsoluteError, options: { beta: numberOf(call, "beta") } }),
      gradient: {
        refuses: {
          dtype: differentiable("smooth_l1_backward_cpu_out", promotedDType, [...wideFloats, "bfloat16"]),
        },
      },
    },
  },
  {
    since: "1.13",
    entry: "BCEWithLogitsLoss",
    what: "the gradient for the target does not saturate",
    ref: "observed",
    set: {
      define: withLogits({ logSigmoid: false }),
    },
  },
  // 2.1
  {
    since: "2.1",
    entry: "BCELoss",
    what: "log1p(−x) for log(1 − x)",
    ref: "pytorch#92114",
    set: { define: () => ({ loss: binaryCrossEntropyClamped, options: { log1p: true } }) },
  },
  {
    since: "2.1",
    entry: "BCELoss",
    what: "targets must lie in [0, 1]",
    ref: "pytorch#97814",
    set: { refuses: { targetRange: inUnitInterval("target") } },
  },
  {
    since: "2.1",
    entry: "CosineEmbeddingLoss",
    what: "float16",
    ref: "observed",
    set: { refuses: { dtype: undefined } },
  },
  {
    since: "2.1",
    entry: "BCEWithLogitsLoss",
    what: "float16",
    ref: "observed",
    set: { refuses: { dtype: implemented("exp_vml_cpu", inputDType, allFloats) } },
  },
  {
    since: "2.1",
    entry: "KLDivLoss",
    what: "float16 with log_target; p·log p rounds twice",
    ref: "observed",
    set: { refuses: { half: undefined }, define: (call) => ({ loss: klDivergence, options: klOptions(call) }) },
  },
  {
    since: "2.1",
    entry: "HingeEmbeddingLoss",
    what: "float16",
    ref: "observed",
    set: { refuses: { dtype: notBoolean } },
  },
  {
    since: "2.2",
    entry: "CrossEntropyLoss",
    what: "float16 probabilities",
    ref: "observed",
    set: {
      refuses: {
        dtype: implemented("log_softmax_lastdim_kernel_impl", inputDType, allFloats),
        half: byTarget(implemented("nll_loss_out_frame", inputDType, [...wideFloats, "bfloat16"])),
      },
    },
  },
  // 2.3
  {
    since: "2.3",
    entry: "BCEWithLogitsLoss",
    what: "log sigmoid as one function",
    ref: "pytorch#115539",
    set: {
      refuses: { dtype: implemented("log_sigmoid_cpu", inputDType, allFloats) },
      define: withLogits({}),
    },
  },
  // 2.4
  {
    since: "2.4",
    entry: "BCELoss",
    what: "float16 and bfloat16",
    ref: "observed",
    set: { refuses: { dtype: implemented("binary_cross_entropy", inputDType, allFloats) } },
  },
  {
    since: "2.4",
    entry: "CrossEntropyLoss",
    what: "float16",
    ref: "observed",
    set: { refuses: { half: undefined } },
  },
  {
    since: "2.4",
    entry: "NLLLoss",
    what: "float16",
    ref: "observed",
    set: { refuses: { dtype: implemented("nll_loss_out_frame", inputDType, allFloats) } },
  },
  // 2.5
  {
    since: "2.5",
    entry: "NLLLoss",
    what: "a single row takes an index in a dimension, and gives no gradient then",
    ref: "observed",
    set: { refuses: { row: rowTargetOfOne }, gradient: { refuses: { row: rowGradient } } },
  },
  {
    since: "2.5",
    entry: "CrossEntropyLoss",
    what: "a single row takes an index in a dimension, and gives no gradient then",
    ref: "observed",
    set: { refuses: { row: byTarget(smoothedRow) }, gradient: { refuses: { row: rowGradient } } },
  },
  {
    since: "2.5",
    entry: "MSELoss",
    what: "float16, bfloat16 and mixed dtypes have gradients",
    ref: "observed",
    set: {
      refuses: { dtype: implemented("mse_cpu", promotedDType, allFloats) },
      gradient: { refuses: { mixed: undefined, dtype: undefined } },
    },
  },
  {
    since: "2.5",
    entry: "SmoothL1Loss",
    what: "float16 has gradients",
    ref: "observed",
    set: { gradient: { refuses: { dtype: undefined } } },
  },
  {
    since: "2.6",
    entry: ["MSELoss", "L1Loss"],
    what: "the function weighs: a mean divides by the sum of the weights",
    ref: "observed",
    set: {
      options: { weight: { ...tensor, only: "function" } },
      refuses: { weight: elementWeight, weightedBoolean, reduction: weightedReduction },
      dtypes: weightedDTypes,
    },
  },
  {
    since: "2.6",
    entry: "HuberLoss",
    what: "the function weighs: a mean divides by the count",
    ref: "observed",
    set: {
      options: { weight: { ...tensor, only: "function" } },
      refuses: { weight: elementWeight, reduction: weightedReduction },
      dtypes: (call) => {
        const own = dtypesOfHuber(call);
        const result = weightedResult(call, own.result);
        const weight = optionOf(call, "weight")?.dtype;
        return {
          ...own,
          tail: tailOf(result),
          result,
          ...(weight && { of: { weight: isFloat(weight) ? weight : result } }),
        };
      },
      define: (call) => ({ loss: huberError, options: { delta: numberOf(call, "delta"), dtype: inputDType(call) } }),
    },
  },
];
