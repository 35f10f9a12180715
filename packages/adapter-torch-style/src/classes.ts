/** What the losses against class indices share: where the classes lie, and what PyTorch refuses of shapes and dtypes. */
import {
  type Call,
  type Contract,
  type DType,
  isFloat,
  type Layout,
  LossError,
  type SignatureRefusal,
  sameShape,
  shapeOf,
  type TensorType,
  trailing,
  volumeOf,
} from "@isoloss/core";
import { inputOf, optionOf, scalarType, sizes, torchSize, tuple } from "./call.ts";
import { kindOf, reductionOf, unknownReduction } from "./reduction.ts";

/** A kernel that is not reached where the input has no elements. */
export const unlessEmpty =
  (refuses: SignatureRefusal): SignatureRefusal =>
  (call) =>
    volumeOf(inputOf(call, "input").shape) > 0 && refuses(call);

/** The shapes of input and target. */
const shapesOf = (call: Call): readonly [input: readonly number[], target: readonly number[]] => [
  inputOf(call, "input").shape,
  inputOf(call, "target").shape,
];
const shapeError = (message: string): LossError => new LossError("shape", message);

/** The class axis: 1, or 0 of a single row. */
export const classAxis = (shape: readonly number[]): number => (shape.length === 1 ? 0 : 1);
/** The number of classes. */
export const classesOf = (call: Call): number => {
  const { shape } = inputOf(call, "input");
  return shape[classAxis(shape)] ?? 1;
};
/** One weight a class, in whatever shape. */
const weightPort = (call: Call) => {
  const weight = optionOf(call, "weight");
  return weight ? { weight: [{ axis: "C", extent: volumeOf(weight.shape) }] } : {};
};
/** The dimensions of the input, and of what has no classes. */
const dimsOf = (call: Call) => {
  const { shape } = inputOf(call, "input");
  const x = trailing(shape, { [classAxis(shape)]: "C" });
  return { x, value: x.filter((d) => d.axis !== "C") };
};
/** The shape that indices must have: the input's without the classes. */
export const positions = (call: Call): readonly number[] => shapeOf(dimsOf(call).value);
/** Indices lie where the input has no class axis. `port`: that of the input. */
export const indexLayout =
  (port: string): Contract["layout"] =>
  (call) => {
    const { x, value } = dimsOf(call);
    return { ports: { [port]: x, target: value, ...weightPort(call) }, value };
  };

const weightMessage = (call: Call, weight: TensorType): string =>
  `weight tensor should be defined either for all ${classesOf(call)} classes or no classes but got weight tensor of shape: ${sizes(weight.shape)}`;
/** As many weights as classes. */
export const weightCount: SignatureRefusal = (call) => {
  const weight = optionOf(call, "weight");
  return weight && volumeOf(weight.shape) !== classesOf(call) && shapeError(weightMessage(call, weight));
};
/** One weight a class, in one dimension. */
export const oneWeightEach: SignatureRefusal = (call) => {
  const weight = optionOf(call, "weight");
  return weight && !sameShape(weight.shape, [classesOf(call)]) && shapeError(weightMessage(call, weight));
};
/** So where the input is a row or rows; elsewhere only their number counts. */
export const weightShape: SignatureRefusal = (call) =>
  (inputOf(call, "input").shape.length > 2 ? weightCount : oneWeightEach)(call);
/** Weights have the input's dtype. */
export const weightDType: SignatureRefusal = (call) => {
  const weight = optionOf(call, "weight");
  const { dtype } = inputOf(call, "input");
  return (
    weight &&
    weight.dtype !== dtype &&
    new LossError("dtype", `expected scalar type ${scalarType[dtype]} but found ${scalarType[weight.dtype]}`)
  );
};

/** A first extent for each of input and target, and the same. */
export const batchSizes: SignatureRefusal = (call) => {
  const [input, target] = shapesOf(call);
  if (target.length === 0) return shapeError("dimension specified as 0 but tensor has no dimensions");
  return (
    input[0] !== target[0] &&
    shapeError(`Expected input batch_size (${input[0]}) to match target batch_size (${target[0]}).`)
  );
};
/** Beyond the first extent, as 1.7 tells of it. */
export const targetShape: SignatureRefusal = (call) => {
  const [input, target] = shapesOf(call);
  const expected = positions(call);
  if (sameShape(expected, target)) return undefined;
  if (input.length === 2) return shapeError("1D target tensor expected, multi-target not supported");
  if (input.length !== 4) return shapeError(`Expected target size ${tuple(expected)}, got ${torchSize(target)}`);
  if (target.length !== 3)
    return shapeError(
      `only batches of spatial targets supported (3D tensors) but got targets of dimension: ${target.length}`,
    );
  return shapeError(`size mismatch (got input: ${sizes(input)} , target: ${sizes(target)})`);
};

/** Of what is neither rows nor planes it is looked at before the reduction. */
export const reductionAfterTarget: SignatureRefusal = (call) => {
  const { length } = inputOf(call, "input").shape;
  return (length !== 2 && length !== 4 && targetShape(call)) || unknownReduction(call);
};

/** Class indices are int64. */
export const longTarget: SignatureRefusal = (call) => {
  const { dtype } = inputOf(call, "target");
  return (
    dtype !== "int64" && new LossError("dtype", `expected scalar type Long but found ${scalarType[dtype as DType]}`)
  );
};

/** From 1.10 a target of the input's own shape holds probabilities. */
export const isSoft = (call: Call): boolean => sameShape(...shapesOf(call));
export const byTarget =
  <More extends unknown[], R>(
    indices: (call: Call, ...more: More) => R,
    probabilities: (call: Call, ...more: More) => R,
  ) =>
  (call: Call, ...more: More): R =>
    (isSoft(call) ? probabilities : indices)(call, ...more);
/** A rule for class indices only. */
export const ofIndices = (rule: SignatureRefusal): SignatureRefusal => byTarget(rule, () => undefined);
/** Probabilities lie where the input does. */
export const softLayout = (call: Call): Layout => {
  const { x, value } = dimsOf(call);
  return { ports: { logits: x, target: x, ...weightPort(call) }, value, shape: shapeOf(value) };
};

/** The classes are the second dimension of an input. */
export const secondDimension: SignatureRefusal = (call) =>
  inputOf(call, "input").shape.length < 2 &&
  shapeError("Dimension out of range (expected to be in range of [-1, 0], but got 1)");
/** An input has a dimension at least. */
export const someDimension: SignatureRefusal = (call) =>
  inputOf(call, "input").shape.length < 1 && shapeError("Expected 1 or more dimensions (got 0)");
/** First extents agree, but for a single row. */
export const rowOrBatch: SignatureRefusal = (call) => inputOf(call, "input").shape.length !== 1 && batchSizes(call);
/** A single row takes an index without a dimension. */
export const rowTarget: SignatureRefusal = (call) => {
  const [input, target] = shapesOf(call);
  return input.length === 1 && target.length > 0 && shapeError("Expected 2 or more dimensions (got 1)");
};
/** As many indices as a single row has classes are taken too, though only the first is looked at. */
export const isRowOfIndices = (call: Call): boolean => inputOf(call, "input").shape.length === 1 && isSoft(call);
export const rowTargetOrAsMany: SignatureRefusal = (call) => !isRowOfIndices(call) && rowTarget(call);
/** A row beside as many indices, which lie on the axis "R". */
export const rowOfIndices = (call: Call): Layout => {
  const extent = classesOf(call);
  const x = [{ axis: "C", extent }];
  return { ports: { x, target: [{ axis: "R", extent }], ...weightPort(call) }, value: [] };
};
/** A single row takes an index, also in a dimension of its own. */
export const rowTargetOfOne: SignatureRefusal = (call) => {
  const [input, target] = shapesOf(call);
  return (
    input.length === 1 &&
    target.length === 1 &&
    target[0] !== 1 &&
    shapeError(`For 1D input, 1D target must have size 1, but got target size: ${target[0]}`)
  );
};
/** The target's shape from 1.10 on. */
export const targetSizes: SignatureRefusal = (call) => {
  const [input, target] = shapesOf(call);
  if (input.length === 1 && target.length < 2) return undefined;
  if (input.length < 3 && target.length > 1)
    return shapeError("0D or 1D target tensor expected, multi-target not supported");
  if (input.length === 3 || input.length > 4) {
    const expected = positions(call);
    return !sameShape(expected, target) && shapeError(`Expected target size ${sizes(expected)}, got ${sizes(target)}`);
  }
  return targetShape(call);
};
/** Of planes it looks at the number of dimensions first. */
export const targetRank: SignatureRefusal = (call) => {
  const [input, target] = shapesOf(call);
  return (input.length !== 4 || target.length !== 3) && targetSizes(call);
};
/** The gradient of a row takes no index that has a dimension. */
export const rowGradient: SignatureRefusal = (call) => {
  const [input, target] = shapesOf(call);
  return (
    input.length === 1 &&
    target.length === 1 &&
    !sameShape(input, target) &&
    new LossError("gradient", `size mismatch (got input: ${sizes(input)}, target: ${sizes(target)})`)
  );
};
/** Class indices are int64 or uint8. */
export const isLongOrByte: SignatureRefusal = (call) => {
  const { dtype } = inputOf(call, "target");
  return (
    dtype !== "int64" &&
    dtype !== "uint8" &&
    new LossError("dtype", `expected target dtype to be Long or Byte, but got ${scalarType[dtype]}`)
  );
};
/** They are int64, or uint8 for a row or rows. */
export const longOrByteTarget: SignatureRefusal = (call) =>
  (inputOf(call, "input").shape.length > 2 ? longTarget : isLongOrByte)(call);
/** A reduction of no indices at all looks at none, whatever the dimensions and the dtype; its gradient does. */
const looksAtNone = (call: Call): boolean =>
  volumeOf(inputOf(call, "target").shape) === 0 && kindOf(reductionOf(call)) !== "none";
export const noneOrLongOrByte: SignatureRefusal = (call) => !looksAtNone(call) && longOrByteTarget(call);
export const gradientOfIndices: SignatureRefusal = (call) => {
  const refused = longOrByteTarget(call);
  return refused && new LossError("gradient", refused.message);
};
/** Probabilities are floats. */
export const floatTarget: SignatureRefusal = (call) => {
  const { dtype } = inputOf(call, "target");
  return (
    !isFloat(dtype) &&
    new LossError("dtype", `Expected floating point type for target with class probabilities, got ${scalarType[dtype]}`)
  );
};
