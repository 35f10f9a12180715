/** The model that a session runs: sizes and parameters are inputs beside the data, so that one session serves every call. */
import type { Axis, DType, Program } from "@isoloss/core";
import { Emitter } from "./emitter.ts";
import { lower } from "./lower.ts";
import { ModelBuilder, type Name } from "./model.ts";
import type { Provider } from "./providers.ts";
import type { OrtType } from "./runtime.ts";

/** An input of the model that does not come from the caller's data. */
export type SizeInput =
  | { readonly name: Name; readonly kind: "extent"; readonly axis: Axis; readonly type: OrtType }
  | { readonly name: Name; readonly kind: "shape"; readonly axes: readonly Axis[]; readonly type: "int64" };
export interface ParameterInput {
  readonly name: Name;
  readonly slot: number;
  readonly type: OrtType;
}
export interface SessionModel {
  readonly bytes: Uint8Array;
  readonly operators: readonly string[];
  readonly sizes: readonly SizeInput[];
  readonly parameters: readonly ParameterInput[];
}

/** The highest operator set of which every operator here keeps its place on the GPU. */
const OPSET = 17;

export const portName = (index: number): Name => `input_${index}`;
export const outputName = (index: number): Name => `output_${index}`;
const dimension = (axis: Axis): string => `axis_${axis}`;

export function sessionModel(program: Program, provider: Provider, backend: string): SessionModel {
  const model = new ModelBuilder(OPSET);
  const sizes = new Map<Name, SizeInput>();
  const parameters = new Map<Name, ParameterInput>();
  const dims = (axes: readonly Axis[]) => program.axes.map((a) => (axes.includes(a) ? dimension(a) : 1));
  const wire = (dtype: DType): OrtType => provider.carriers[dtype]?.wire as OrtType;

  const emitter: Emitter = new Emitter(model, provider, program.axes, {
    input(name) {
      const index = program.inputs.findIndex((p) => p.name === name);
      const { dtype, axes } = program.inputs[index] as Program["inputs"][number];
      model.input(portName(index), wire(dtype), dims(axes));
      return emitter.cast(portName(index), wire(dtype), emitter.compute(dtype));
    },
    extent(axis, dtype) {
      const name = `extent_${axis}_${dtype}`;
      sizes.set(name, { name, kind: "extent", axis, type: wire(dtype) });
      return model.input(name, dtype, []);
    },
    shape(axes) {
      const own = program.axes.filter((a) => axes.includes(a));
      const name = `shape_${own.join("_")}`;
      sizes.set(name, { name, kind: "shape", axes: own, type: "int64" });
      return model.input(name, "int64", [program.axes.length]);
    },
    parameter(slot, dtype) {
      const name = `parameter_${slot}_${dtype}`;
      parameters.set(name, { name, slot, type: wire(dtype) });
      return model.input(name, dtype, []);
    },
  });

  const results = lower(program, emitter, backend).map((value, i) => {
    const { dtype, axes } = program.outputs[i] as Program["outputs"][number];
    const carried = emitter.cast(value, emitter.compute(dtype), wire(dtype));
    // A scalar may have come with all axes or with none: where it is written to a given buffer its rank must be known.
    return axes.length === 0 ? model.node("Reshape", [carried, emitter.vector([])]) : carried;
  });
  for (const [i, result] of results.entries())
    model.output(outputName(i), result, wire((program.outputs[i] as Program["outputs"][number]).dtype));
  return {
    bytes: model.encode(),
    operators: model.operators,
    sizes: [...sizes.values()],
    parameters: [...parameters.values()],
  };
}
