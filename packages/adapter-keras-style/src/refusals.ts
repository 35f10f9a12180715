/** What Keras refuses, by name. Entries list these in the framework's order; a later release replaces or deletes one. */
import {
  broadcast,
  type Call,
  isFloat,
  LossError,
  sameShape,
  showShape,
  type TensorType,
  trailing,
  UnsupportedError,
  type Verdict,
} from "@isoloss/core";
import { ownType, predicted } from "./dtypes.ts";
import { ignores, pairOf, positions, type Ranks } from "./layout.ts";
import { typeOfNumber } from "./parameters.ts";
import { asGiven, sameRank, squeezed } from "./ranks.ts";
import { averages } from "./reductions.ts";

/** The loss has no kernel for integers. */
export const floatsOnly = (call: Call): Verdict =>
  !isFloat(predicted(call)) && new LossError("dtype", `y_pred: expected floats, got ${predicted(call)}`);

/** y_true and y_pred must have one shape. */
export const oneShape =
  (ranks: Ranks) =>
  (call: Call): Verdict => {
    const [y, p] = pairOf(call, ranks);
    return (
      !sameShape(y, p) &&
      new LossError(
        "shape",
        `y_true and y_pred must have the same shape. Received: y_true.shape=${showShape(y)}, y_pred.shape=${showShape(p)}`,
      )
    );
  };

/** y_true meets y_pred before the loss looks at its type. */
export const meetFirst =
  (ranks: Ranks) =>
  (call: Call): Verdict => {
    const [y, p] = pairOf(call, ranks);
    broadcast(trailing(y), trailing(p));
    return undefined;
  };

/** A kernel lacks bfloat16. */
export const noBfloat16 = (call: Call): Verdict =>
  predicted(call) === "bfloat16" && new LossError("dtype", "y_pred: no kernel for bfloat16");

/** TensorFlow 2 multiplies labels of y_pred's type by a float32 tensor. */
export const smoothsFloat32Only = (call: Call): Verdict =>
  call.options["label_smoothing"] !== 0 &&
  predicted(call) !== "float32" &&
  new LossError("dtype", `label_smoothing needs float32 tensors, y_pred is ${predicted(call)}`);

/** Smoothing that counts the classes of y_true first, where it has such. */
export const countsClasses =
  (ranks: Ranks, smoothing: (call: Call) => Verdict) =>
  (call: Call): Verdict =>
    pairOf(call, ranks)[0].length > 0 && smoothing(call);

/** Keras 3: smoothing multiplies labels by floats. */
export const smoothsFloats = (call: Call): Verdict =>
  call.options["label_smoothing"] !== 0 &&
  !isFloat(ownType(call)) &&
  new LossError("dtype", `label_smoothing needs floats, y_pred is ${ownType(call)}`);

/** y_true and y_pred are each brought to length 1 along `axis`: each must have it, and hold floats. */
export function eachNormalized({ inputs, options }: Call): Verdict {
  for (const name of ["y_true", "y_pred"]) {
    const { dtype, shape } = inputs[name] as TensorType;
    positions(options["axis"] ?? null, shape.length);
    if (!isFloat(dtype)) return new LossError("dtype", `${name}: expected floats, got ${dtype}`);
  }
  return undefined;
}
/** Keras 3: y_true and y_pred, brought to one rank, each have the axes along which they become of length 1; a scalar is a vector. */
export function eachHasAxis(call: Call): Verdict {
  const { axis = -1 } = call.options;
  for (const shape of pairOf(call, { class: sameRank, function: sameRank })) positions(axis, Math.max(1, shape.length));
  return undefined;
}

/** A softmax over no classes: its rows are counted without the dimensions of extent 0. */
export const rowsOfNoClass = ({ inputs: { y_pred }, options }: Call): Verdict => {
  const shape = y_pred?.shape ?? [];
  const rows = shape.slice(0, -1);
  const size = (extents: readonly number[]): number => extents.reduce((n, extent) => n * extent, 1);
  return (
    options["from_logits"] === true &&
    shape.at(-1) === 0 &&
    size(rows) !== size(rows.filter((extent) => extent !== 0)) &&
    new LossError("shape", `y_pred of shape ${showShape(shape)} has neither rows nor classes`)
  );
};

/** y_true is not cast to the type of y_pred. */
export const oneType = ({ inputs: { y_true, y_pred } }: Call): Verdict =>
  y_true?.dtype !== y_pred?.dtype && new LossError("dtype", `y_true is ${y_true?.dtype}, y_pred is ${y_pred?.dtype}`);

/** Keras 3: nothing but float32 meets a float32 number. */
export const float32Only = (call: Call): Verdict =>
  ownType(call) !== "float32" && new LossError("dtype", `expected float32, got ${ownType(call)}`);

/** Keras 3: δ is compared with errors of its own type only, which are floats. */
export function deltaOfOwnType(call: Call): Verdict {
  const delta = typeOfNumber(call.options["delta"]);
  if (ownType(call) !== delta) return new LossError("dtype", `delta is ${delta}, y_pred ${ownType(call)}`);
  return floatsOnlyInOwnType(call);
}

/** Keras 3: TensorFlow makes a bfloat16 of no boolean. */
export const deltaIsNumber = (call: Call): Verdict =>
  typeof call.options["delta"] === "boolean" &&
  ownType(call) === "bfloat16" &&
  new LossError("dtype", `delta: cannot convert ${call.options["delta"]} to bfloat16`);

/** Keras 3: a division by float32 numbers. */
export const wideFloatsOnly = (call: Call): Verdict =>
  ownType(call) !== "float32" &&
  ownType(call) !== "float64" &&
  new LossError("dtype", `expected float32 or float64, got ${ownType(call)}`);

/** Whether y_pred has a mask. */
export const hasMask = ({ inputs: { mask } }: Call): boolean => mask !== undefined;

/** Keras 2: weights that meet a mask must have the type of the loss already; y_pred's, unless the loss has its own. */
export const weightOfLossType =
  (meets: (call: Call) => boolean, typeOf = predicted) =>
  (call: Call): Verdict => {
    const { sample_weight } = call.inputs;
    if (call.as === "function" || !sample_weight || !(meets(call) || ignores(call))) return undefined;
    const own = typeOf(call);
    return (
      sample_weight.dtype !== own && new LossError("dtype", `sample_weight is ${sample_weight.dtype}, the loss ${own}`)
    );
  };

/** Keras 2: where rows are ignored, there must be rows. */
export const ignoresOfRows = (call: Call): Verdict =>
  ignores(call) &&
  pairOf(call, { class: squeezed, function: asGiven })[1].length < 2 &&
  new LossError("shape", "ignore_class: y_pred has no dimension but its classes");

/** Keras 3: where a loss loses the 1 that its labels end in, the mask of the class that is ignored keeps it. */
export const ignoresOfColumn = (call: Call): Verdict => {
  const [y, p] = pairOf(call, { class: sameRank, function: asGiven });
  const isColumn = y.at(-1) === 1 && sameShape(y, [1, ...p.slice(0, -1)]) && y.some((extent) => extent !== 1);
  if (!isColumn || call.as === "function" || !ignores(call)) return undefined;
  return new UnsupportedError(`ignore_class of y_true of shape ${showShape(y)}`);
};

/** Keras 3: along two axes the length would be the largest singular value. */
export const noMatrixNorm = ({ inputs, options: { axis = -1 } }: Call): Verdict => {
  const rank = inputs["y_pred"]?.shape.length ?? 0;
  const along = axis === null ? rank : Array.isArray(axis) ? axis.length : 1;
  if (along === 0 || along > 2) return new LossError("option", `axis: no length along ${along} axes`);
  if (along < 2) return undefined;
  return new UnsupportedError("CosineSimilarity along two axes needs a singular value decomposition here");
};

/** Keras 3: the loss has no kernel for integers, whatever the reason of their being there. */
export const floatsOnlyInOwnType = (call: Call): Verdict =>
  !isFloat(ownType(call)) && new LossError("dtype", `expected floats, got ${ownType(call)}`);

/** Keras 3: no difference of booleans. */
export const noBooleans = (call: Call): Verdict =>
  ownType(call) === "bool" && new LossError("dtype", "expected numbers, got bool");

/** An average scales a mask, and integers are not multiplied by such floats; `weights`: only weights are. */
export const noScaledMask =
  ({ weights = false, typeOf = ownType }: { readonly weights?: boolean; readonly typeOf?: typeof ownType } = {}) =>
  (call: Call): Verdict =>
    call.as === "class" &&
    !isFloat(typeOf(call)) &&
    call.inputs["mask"] !== undefined &&
    averages.has(call.options["reduction"]) &&
    (!weights || call.inputs["sample_weight"] !== undefined) &&
    new LossError("dtype", `a scaled mask is a float, the loss ${typeOf(call)}`);

/** Keras 3: the maximum of nothing is refused. */
export const maximumOfSome = ({ inputs: { y_true, y_pred } }: Call): Verdict =>
  (y_true?.shape.includes(0) || y_pred?.shape.includes(0)) &&
  new LossError("shape", "cannot compute the max of an empty tensor");

/** Keras 3: the function reads the shapes of what it is given, and a Python number has none. */
export const tensorsOnly = ({ inputs, as }: Call): Verdict =>
  as === "function" &&
  Object.values(inputs).some((t) => t.weak) &&
  new LossError("dtype", "expected tensors, got a Python number");

/** The class axis of a softmax over logits: -1, or counted from the left. */
export const countedClassAxis = ({ options: { axis = -1, from_logits } }: Call): Verdict =>
  from_logits === true &&
  axis !== null &&
  !(Number.isInteger(axis) && ((axis as number) >= 0 || axis === -1)) &&
  new LossError("option", `axis of logits: expected -1 or an axis counted from 0, got ${JSON.stringify(axis)}`);

/** Smoothing counts the classes along one axis. */
export function smoothedAlongOne({ options: { axis = -1, label_smoothing } }: Call): Verdict {
  if (label_smoothing === 0) return undefined;
  if (axis === null)
    return new LossError("shape", "label_smoothing counts the classes along one axis, and axis is None");
  if (!Array.isArray(axis) || axis.length === 1) return undefined;
  return new LossError("option", `label_smoothing counts the classes along one axis, got ${JSON.stringify(axis)}`);
}

/** Keras 3: `axis` of a categorical cross-entropy is no boolean. */
export const axisIsInteger = ({ options }: Call): Verdict =>
  typeof options["axis"] === "boolean" &&
  new LossError("option", `\`axis\` must be of type \`int\`. Received: axis=${options["axis"]}`);

/** A given mask is joined with the one of `ignore_class` by `&`, which takes booleans. */
export const maskIsBoolean = ({ inputs: { mask }, options, as }: Call): Verdict =>
  as === "class" &&
  mask !== undefined &&
  (options["ignore_class"] ?? null) !== null &&
  mask.dtype !== "bool" &&
  new LossError("dtype", `mask: expected bool beside ignore_class, got ${mask.dtype}`);

/**
 * Keras 3 on TensorFlow: classes lie on the last axis. It is found in y_pred as the loss sees it; labels that have more
 * dimensions make it larger where a class is ignored. `keeps`: labels keep a last dimension of extent 1 then.
 */
export const lastAxisOnly =
  (ranks: Ranks, { keeps = false } = {}) =>
  (call: Call): Verdict => {
    const { axis = -1 } = call.options;
    const [y, p] = pairOf(call, ranks);
    const labels = y.length === p.length && y.at(-1) === 1 && !keeps ? y.length - 1 : y.length;
    const rank = ignores(call) ? Math.max(labels + 1, p.length) : p.length;
    return (
      (typeof axis === "object" || (Number(axis) !== -1 && Number(axis) !== rank - 1)) &&
      new LossError("option", `Only axis=-1 is currently supported. Received: axis=${JSON.stringify(axis)}`)
    );
  };
