/** Runs a planned graph, or a changed copy of it, on numbers. */
import { type Node, type Plan, program, type TypedArray, toNumbers } from "@isoloss/core";
import { interpret } from "@isoloss/core/reference";
import { type Tensors, toTensorOf } from "../evaluate.ts";

/** The numbers of outputs that have the plan's inputs. */
export function runGraph(outputs: readonly Node[], plan: Plan, tensors: Tensors): number[] {
  const p = program(outputs, plan.axes);
  const feeds = p.inputs.map((port) => {
    const tensor = tensors[port.name];
    const source = plan.sources.get(port.name);
    if (!tensor || !source) throw new TypeError(`no tensor ${port.name}`);
    return toNumbers(source.convert(toTensorOf(tensor).data) as TypedArray, port.dtype);
  });
  const extents = p.axes.map((a) => plan.extents.get(a) as number);
  return interpret(p, feeds, extents).flatMap((x) => [...x]);
}
