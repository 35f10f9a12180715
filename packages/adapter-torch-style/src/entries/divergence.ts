/** `KLDivLoss`, as PyTorch 1.7 has it; `changes.ts` says what later releases changed. */
import {
  broadcastDims,
  type Call,
  type Contract,
  div,
  LossError,
  type OptionValue,
  type SignatureRefusal,
  sameShape,
  shapeOf,
  trailing,
} from "@isoloss/core";
import { klDivergencePositive } from "@isoloss/core/losses";
import { inputOf, scalarType, sizes } from "../call.ts";
import { floatOf, implemented, resultType, stepByStep, wideFloats } from "../dtypes.ts";
import { floating } from "../gradients.ts";
import { bool } from "../parameters.ts";
import { isLegacy, isReduction, kindOf, legacy, notAReduction, reductionOf, reductionWarnings } from "../reduction.ts";
import { broadcastable, elementwise, tensors } from "../shapes.ts";

const input = (call: Call) => inputOf(call, "input");
const target = (call: Call) => inputOf(call, "target");
export const logTarget = (call: Call): boolean => call.options["log_target"] === true;
/** The dtype in which input and target meet. */
export const meeting = (call: Call) => resultType(input(call), target(call));
const countOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const broadcastShape = (call: Call): number[] =>
  shapeOf(broadcastDims(trailing(input(call).shape), trailing(target(call).shape)));
const broadcastCount = (call: Call): number => countOf(broadcastShape(call));

/** `batchmean` sums and divides by the first extent of the input; the function divides so also where the flags decide. */
const perBatch = (call: Call): boolean =>
  call.options["reduction"] === "batchmean" &&
  (call.as === "function" || !isLegacy(call)) &&
  input(call).shape.length > 0;
const batch = (call: Call): number => (perBatch(call) ? (input(call).shape[0] as number) : 1);
const word = (call: Call): OptionValue => {
  const reduction = reductionOf(call);
  return reduction === "batchmean" ? "sum" : reduction;
};
const unknown: SignatureRefusal = (call) => !isReduction(word(call)) && notAReduction(word(call));

/** What a mean or a `batchmean` divides by. */
export const klReduction: Contract["reduction"] = (call) => {
  const kind = kindOf(word(call));
  if (kind === "none" || !perBatch(call)) return { kind, rule: { by: "count", whenZero: "nan" } };
  const count = kind === "mean" ? broadcastCount(call) : 1;
  return { kind: "mean", rule: { by: count * batch(call), whenZero: "nan" } };
};

const transcendental: SignatureRefusal = (call) => {
  const kernel = logTarget(call) ? "exp_vml_cpu" : "log_vml_cpu";
  return implemented(kernel, (c) => target(c).dtype, [...wideFloats, "bfloat16"])(call);
};

const where = implemented("where_cpu", meeting, wideFloats);

/** The gradient for the input pairs elements in their order, and so needs as many of both. */
const inputGradient: SignatureRefusal = (call) => {
  if (!call.gradients.includes("input")) return undefined;
  const [x, y] = [input(call), target(call)];
  const fitsUnreduced = kindOf(word(call)) !== "none" || sameShape(broadcastShape(call), x.shape);
  if (!fitsUnreduced)
    return new LossError(
      "gradient",
      `The expanded size of the tensor must match the existing size. Target sizes: ${sizes(x.shape)}`,
    );
  if (logTarget(call)) return undefined;
  if (countOf(x.shape) !== countOf(y.shape))
    return new LossError(
      "gradient",
      `inconsistent tensor size, expected ${sizes(x.shape)} and ${sizes(y.shape)} to have the same number of elements`,
    );
  if (!wideFloats.includes(x.dtype))
    return new LossError("gradient", `"kl_div_backward_cpu" not implemented for '${scalarType[x.dtype]}'`);
  return (
    x.dtype !== y.dtype &&
    new LossError("gradient", `expected scalar type ${scalarType[x.dtype]} but found ${scalarType[y.dtype]}`)
  );
};
/** The gradient for the target is computed in place of it. */
const targetGradient: SignatureRefusal = (call) => {
  if (!call.gradients.includes("target")) return undefined;
  const y = target(call).shape;
  const wider = !sameShape(broadcastShape(call), y);
  return wider && new LossError("gradient", `output with shape ${sizes(y)} doesn't match the broadcast shape`);
};

/** [`KLDivLoss`, `kl_div`](https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html): the input are log-probabilities; `mean` divides by the count, `batchmean` by the first extent. */
export const KLDivLoss: Contract = {
  inputs: { input: { port: "x" }, target: { port: "y" } },
  options: { ...legacy, log_target: bool(false) },
  refuses: {
    tensors,
    reduction: unknown,
    dtype: transcendental,
    boolean: (call) =>
      input(call).dtype === "bool" &&
      new LossError("dtype", "Subtraction, the `-` operator, with a bool tensor is not supported."),
    sizes: broadcastable("input", "target"),
    where: (call) => !logTarget(call) && where(call),
  },
  layout: elementwise({ x: "input", y: "target" }),
  dtypes: (call) => ({
    ...stepByStep(meeting(call)),
    of: { x: floatOf(input(call).dtype), y: floatOf(target(call).dtype) },
  }),
  gradient: { of: ["input", "target"], refuses: { floating, input: inputGradient, target: targetGradient } },
  define: (call) => ({
    loss: klDivergencePositive,
    options: {
      logTarget: logTarget(call),
      dtype: meeting(call),
      share: kindOf(word(call)) === "mean" ? broadcastCount(call) / countOf(input(call).shape) : 1,
    },
  }),
  after: (terms, _, { call }) =>
    kindOf(word(call)) === "none" && perBatch(call) ? { ...terms, loss: div(terms.loss, batch(call)) } : terms,
  reduction: klReduction,
  warnings: {
    ...reductionWarnings,
    mean: (call) =>
      !isLegacy(call) &&
      call.options["reduction"] === "mean" &&
      "reduction: 'mean' divides the total loss by both the batch size and the support size." +
        "'batchmean' divides only by the batch size, and aligns with the KL div math definition." +
        "'mean' will be changed to behave the same as 'batchmean' in the next major release.",
  },
};
