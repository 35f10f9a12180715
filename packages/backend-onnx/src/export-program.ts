/**
 * A program as a self-contained .onnx file: parameters and given tensors are initializers, sizes are read from the inputs
 * by `Shape`, inputs and outputs have the ranks of the caller's tensors.
 */
import {
  type Axis,
  type DType,
  isFloat,
  LossError,
  type Program,
  round,
  type TypedArray,
  toNumbers,
} from "@isoloss/core";
import { Emitter } from "./emitter.ts";
import { FUSED, fuse, writeFused } from "./fused.ts";
import { lower } from "./lower.ts";
import { ModelBuilder, type Name } from "./model.ts";
import { specification } from "./providers.ts";
import { shapesOf } from "./shapes.ts";

/**
 * What each dimension of a tensor is: an axis of the program, or 1 where it has that size for good. Neighbours with one
 * axis share it: their sizes multiply to its extent.
 */
export type Dims = readonly (Axis | 1)[];

export interface ExportedInput {
  readonly dtype: DType;
  readonly dims: Dims;
  /** Among class indices: a number that stands for none, and that the program knows as −2³¹. */
  readonly exempt?: number;
  /** Makes it an initializer; row-major over `shape`. */
  readonly constant?: { readonly data: TypedArray; readonly shape: readonly number[] };
}
export interface ExportedOutput {
  readonly name: string;
  readonly dims: Dims;
}
export interface ExportOptions {
  /** The operator set, 13 to 21; 17 unless said otherwise. */
  readonly opset?: number;
  /** How the caller knows the program's inputs; those that are left out have the program's own axes and dtypes. */
  readonly inputs?: Readonly<Record<string, ExportedInput>>;
  /** Names and ranks of the results; "output_0" … with the program's own axes unless said otherwise. */
  readonly outputs?: readonly ExportedOutput[];
  /** Sums over whole tensors add in float64 unless said otherwise; some runtimes, WebGPU's among them, lack it. */
  readonly sums?: "float64" | "float32";
  /**
   * The first result by ONNX's SoftmaxCrossEntropyLoss or NegativeLogLikelihoodLoss, which compute the same for class indices
   * in range; refused where they do not.
   */
  readonly fused?: boolean;
  /** Key-value pairs for the file's metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly description?: string;
}

/** The oldest and the newest operator set that files can be written for. */
export const opsets = { oldest: 13, newest: 21 } as const;
const BACKEND = "an .onnx file";

/** The bytes of an .onnx file that computes the program. Class indices out of range give NaN there. */
export function exportProgram(given: Program, options: ExportOptions = {}): Uint8Array<ArrayBuffer> {
  const { opset = 17, metadata = {}, description = "" } = options;
  if (!Number.isInteger(opset) || opset < opsets.oldest || opset > opsets.newest)
    throw new LossError("option", `opset ${opset}: files are written for ${opsets.oldest} to ${opsets.newest}`);
  const model = new ModelBuilder(opset);
  const fusion = options.fused ? fuse(given) : undefined;
  const { program = given } = fusion ?? {};
  const inputs = new Map<string, ExportedInput>(
    program.inputs.map((p) => [p.name, options.inputs?.[p.name] ?? { dtype: p.dtype, dims: p.axes }]),
  );
  const shapes = shapesOf(model, program, inputs);

  const target = { ...specification, wideSums: options.sums !== "float32" };
  const portOf = (name: string) => program.inputs.find((p) => p.name === name) as Program["inputs"][number];
  const emitter: Emitter = new Emitter(model, target, program.axes, {
    input(name) {
      if (fusion && name === FUSED) return writeFused(fusion, inputs, model, shapes);
      const port = portOf(name);
      const { dtype, dims, constant, exempt } = inputs.get(name) as ExportedInput;
      const x = shapes.toProgram(name, dims, port.axes);
      if (constant) return x;
      if (port.dtype === "int32") return indices(emitter, x, dtype, exempt);
      const value = emitter.convert(emitter.cast(x, dtype, emitter.compute(dtype)), dtype, port.dtype);
      return dtype === port.dtype ? value : emitter.round(value, port.dtype);
    },
    extent: (axis, dtype) => emitter.cast(shapes.extent(axis), "int64", dtype),
    shape: (axes) => shapes.vector(axes),
    parameter: (slot, dtype) => emitter.scalar(program.parameters[slot] as number, dtype),
  });

  // In the order of the program, whatever the order in which nodes ask for them.
  for (const [name, { dtype, dims, constant }] of inputs) {
    if (!constant) model.input(name, dtype, dims.map(shapes.symbol()));
    else {
      const port = portOf(name).dtype;
      const numbers = Array.from(toNumbers(constant.data, dtype), round[port]);
      model.namedInitializer(name, numbers, emitter.compute(port), constant.shape);
    }
  }
  const results = lower(program, emitter, BACKEND).map((value: Name, i) => {
    const { dtype, axes } = program.outputs[i] as Program["outputs"][number];
    const { name, dims } = options.outputs?.[i] ?? { name: `output_${i}`, dims: axes };
    const carried = emitter.cast(value, emitter.compute(dtype), emitter.carrier(dtype).wire);
    return { name, dtype, dims, value: shapes.fromProgram(carried, axes, dims) };
  });
  for (const { name, dtype, dims, value } of results) model.output(name, value, dtype, dims.map(shapes.symbol()));
  return model.encode(metadata, description);
}

/** No class has one of these indices. */
const [EXEMPT, NO_CLASS] = [-2147483648, -2147483647];
/** Integers as int32. Cast wraps around: what int32 cannot hold would become the index of some class. */
function indices(e: Emitter, x: Name, dtype: DType, exempt: number | undefined): Name {
  const number = (v: number): Name => e.scalar(v, dtype);
  let narrow = x;
  if (dtype === "int64") {
    const fits = [e.node("Less", [number(NO_CLASS), x]), e.node("LessOrEqual", [x, number(2147483647)])];
    narrow = e.node("Where", [e.node("And", fits), x, number(NO_CLASS)]);
  }
  const wide = e.cast(x, dtype, e.compute(dtype));
  const index = isFloat(dtype) ? e.convert(wide, dtype, "int32") : e.cast(narrow, dtype, "int32");
  if (exempt === undefined || (!isFloat(dtype) && !Number.isInteger(exempt))) return index; // no integer is a fraction
  const isExempt = e.node("Equal", [wide, e.scalar(exempt, e.compute(dtype))]);
  return e.node("Where", [isExempt, e.scalar(EXEMPT, "int32"), index]);
}

/**
 * Labels the dimensions of a tensor of a call by the axes that the call's alignment gave it. A size of 1 is one for good:
 * it decides what broadcasts.
 */
export function dimsOf(shape: readonly number[], axes: readonly Axis[], extents: ReadonlyMap<Axis, number>): Dims {
  const open = axes.filter((a) => extents.get(a) !== 1);
  const grown = shape.filter((n) => n !== 1).length;
  // No sizes need to be multiplied where each dimension has an axis of its own, or all have the same.
  if (open.length === 1 && grown > 0) return shape.map((n) => (n === 1 ? 1 : (open[0] as Axis)));
  if (open.length === grown) return shape.map((n) => (n === 1 ? 1 : (open.shift() as Axis)));
  let rest = 1; // what is still to be multiplied to the extent of the axis at hand
  let axis: Axis | undefined;
  return shape.map((n) => {
    if (n === 0)
      throw new LossError(
        "shape",
        `shape [${shape.join(", ")}]: a file for so many axes is made from sizes of at least 1`,
      );
    if (n === 1) return 1;
    if (rest === 1) {
      axis = open.shift();
      rest = extents.get(axis as Axis) ?? 1;
    }
    rest /= n;
    if (axis === undefined || !Number.isInteger(rest))
      throw new LossError("shape", `shape [${shape.join(", ")}] does not lie on the axes [${axes.join(", ")}]`);
    return axis;
  });
}
