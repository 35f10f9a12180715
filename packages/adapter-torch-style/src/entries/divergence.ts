/** `KLDivLoss`, as PyTorch 1.7 has it; `changes/divergence.ts` says what later releases changed. */
import {
  type Call,
  type Contract,
  type Dims,
  type DType,
  div,
  LossError,
  type OptionValue,
  type SignatureRefusal,
  sameShape,
  trailing,
  volumeOf,
} from "@isoloss/core";
import { klDivergencePositive } from "@isoloss/core/losses";
import { inputOf, scalarType, sizes } from "../call.ts";
import { differentiable, floatOf, implemented, inputDType, resultType, stepByStep, wideFloats } from "../dtypes.ts";
import { floating } from "../gradients.ts";
import { bool } from "../parameters.ts";
import {
  isLegacy,
  isReduction,
  kindOf,
  legacy,
  notAReduction,
  ofMean,
  reductionOf,
  reductionWarnings,
} from "../reduction.ts";
import { broadcastable, broadcastShape, elementwise, tensors } from "../shapes.ts";

const input = (call: Call) => inputOf(call, "input");
const target = (call: Call) => inputOf(call, "target");
export const logTarget = (call: Call): boolean => call.options["log_target"] === true;
/** The dtype in which input and a function of the target meet. */
export const meeting = (call: Call) => resultType(input(call), { ...target(call), dtype: floatOf(target(call).dtype) });
const commonShape = (call: Call): number[] => broadcastShape(input(call).shape, target(call).shape);

/** `batchmean` sums and divides by the first extent of the input; the function divides so also where the flags decide. */
const perBatch = (call: Call): boolean =>
  call.options["reduction"] === "batchmean" &&
  (call.as === "function" || !isLegacy(call)) &&
  input(call).shape.length > 0;
const batch = (call: Call): number => input(call).shape[0] as number;
const word = (call: Call): OptionValue => {
  const reduction = reductionOf(call);
  return reduction === "batchmean" ? "sum" : reduction;
};
const unknown: SignatureRefusal = (call) => !isReduction(word(call)) && notAReduction(word(call));

/** What a mean or a `batchmean` divides by. */
export const klReduction: Contract["reduction"] = (call) => {
  const kind = kindOf(word(call));
  if (kind === "none" || !perBatch(call)) return { kind, rule: { by: "count", whenZero: "nan" } };
  const count = kind === "mean" ? volumeOf(commonShape(call)) : 1;
  return { kind: "mean", rule: { by: count * batch(call), whenZero: "nan" } };
};

/** The logarithm or the exponential of the target exists for some dtypes. */
export const transcendental =
  (dtypes: readonly DType[]): SignatureRefusal =>
  (call) =>
    implemented(logTarget(call) ? "exp_vml_cpu" : "log_vml_cpu", (c) => target(c).dtype, dtypes)(call);
const where = implemented("where_cpu", meeting, wideFloats);

/** A rule of the gradient for the input. */
const forInput =
  (refuse: SignatureRefusal): SignatureRefusal =>
  (call) =>
    call.gradients.includes("input") && refuse(call);
/** What flows in is expanded to the input, and so may not be larger. */
const expanded = forInput(
  (call) =>
    kindOf(word(call)) === "none" &&
    !sameShape(commonShape(call), input(call).shape) &&
    new LossError(
      "gradient",
      `The expanded size of the tensor must match the existing size. Target sizes: ${sizes(input(call).shape)}`,
    ),
);
/** Input and target are paired in the order of their elements, and so must have as many. */
const paired = forInput((call) => {
  const [x, y] = [input(call).shape, target(call).shape];
  return (
    !logTarget(call) &&
    volumeOf(x) !== volumeOf(y) &&
    new LossError(
      "gradient",
      `inconsistent tensor size, expected ${sizes(x)} and ${sizes(y)} to have the same number of elements`,
    )
  );
});
/** Whether such pairs are others than those that broadcasting makes. */
const isRepaired = (call: Call): boolean =>
  call.gradients.includes("input") &&
  !logTarget(call) &&
  volumeOf(input(call).shape) === volumeOf(target(call).shape) &&
  volumeOf(input(call).shape) !== volumeOf(commonShape(call));
const onOwnAxes = (dims: Dims): Dims => dims.map((d) => ({ ...d, axis: `B${d.axis}` }));
const repaired: Contract["layout"] = (call) => ({
  ports: {
    x: onOwnAxes(trailing(input(call).shape)),
    y: [{ axis: "T", extent: volumeOf(target(call).shape) }],
  },
  value: onOwnAxes(trailing(commonShape(call))),
});
/** How far apart the elements of a shape lie along its axes: "B1:3,B0:1". */
const stridesOf = (shape: readonly number[]): string =>
  onOwnAxes(trailing(shape))
    .map(({ axis }, i) => `${axis}:${volumeOf(shape.slice(i + 1))}`)
    .filter((_, i) => shape[i] !== 1)
    .join();
const hasKernel = differentiable("kl_div_backward_cpu", inputDType, wideFloats);
/** Input and target have one dtype, and one that the kernel knows. */
export const inKernel = forInput((call) => {
  const [x, y] = [input(call).dtype, target(call).dtype];
  return (
    !logTarget(call) &&
    (hasKernel(call) ||
      (x !== y && new LossError("gradient", `expected scalar type ${scalarType[x]} but found ${scalarType[y]}`)))
  );
});
/** So of an input that has elements: the kernel of 1.7 looks at no dtype where it has none. */
const inKernelUnlessEmpty: SignatureRefusal = (call) =>
  (volumeOf(input(call).shape) > 0 || hasKernel(call)) && inKernel(call);
/** The gradient for the target is computed in place of it. */
const targetGradient: SignatureRefusal = (call) => {
  const y = target(call).shape;
  return (
    call.gradients.includes("target") &&
    !sameShape(commonShape(call), y) &&
    new LossError("gradient", `output with shape ${sizes(y)} doesn't match the broadcast shape`)
  );
};

export const broadcastLayout = /* @__PURE__ */ elementwise({ x: "input", y: "target" });
/** The definition until 1.12, where input and target are paired as they broadcast. */
export const masked: Contract["define"] = (call) => ({
  loss: klDivergencePositive,
  options: {
    logTarget: logTarget(call),
    dtype: meeting(call),
    modulus: input(call).dtype === "uint8" && target(call).dtype === "uint8" ? 256 : 0,
    ofMean: ofMean(call),
  },
});

/** [`KLDivLoss`, `kl_div`](https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html): the input are log-probabilities; `mean` divides by the count, `batchmean` by the first extent. */
export const KLDivLoss: Contract = {
  inputs: { input: { port: "x" }, target: { port: "y" } },
  options: { ...legacy, log_target: bool(false) },
  refuses: {
    tensors,
    reduction: unknown,
    difference: (call) => logTarget(call) && broadcastable("input", "target")(call),
    dtype: transcendental([...wideFloats, "bfloat16"]),
    boolean: (call) =>
      (input(call).dtype === "bool" || (logTarget(call) && target(call).dtype === "bool")) &&
      new LossError("dtype", "Subtraction, the `-` operator, with a bool tensor is not supported."),
    sizes: broadcastable("input", "target"),
    where: (call) => !logTarget(call) && where(call),
  },
  layout: (call) => (isRepaired(call) ? repaired : broadcastLayout)(call),
  dtypes: (call) => ({
    ...stepByStep(meeting(call)),
    of: { x: floatOf(input(call).dtype), y: floatOf(target(call).dtype) },
  }),
  gradient: {
    of: ["input", "target"],
    requires: floating,
    refuses: { expanded, paired, inKernel: inKernelUnlessEmpty, target: targetGradient },
  },
  define: (call) => {
    const { loss, options } = masked(call);
    const strides = isRepaired(call) && { meets: stridesOf(target(call).shape), pairs: stridesOf(input(call).shape) };
    return { loss, options: { ...options, ...strides } };
  },
  after: (terms, _, { call }) =>
    kindOf(word(call)) === "none" && perBatch(call) ? { ...terms, loss: div(terms.loss, batch(call)) } : terms,
  reduction: (call, layout) => {
    const { kind, rule } = klReduction(call, layout);
    return { kind, rule: { ...rule, undivided: ofMean(call) } };
  },
  warnings: {
    ...reductionWarnings,
    mean: (call) =>
      (call.as === "class" || !isLegacy(call)) &&
      reductionOf(call) === "mean" &&
      "reduction: 'mean' divides the total loss by both the batch size and the support size." +
        "'batchmean' divides only by the batch size, and aligns with the KL div math definition." +
        "'mean' will be changed to behave the same as 'batchmean' in the next major release.",
  },
};
