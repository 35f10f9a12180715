/** How a definition becomes the record of a framework's release, from those of the handbook whose rules it shares. */
import {
  type AnyLoss,
  type Call,
  type Contract,
  contractOfDefinition,
  isTensor,
  LossError,
  type SignatureRefusal,
  type TensorType,
} from "@isoloss/core";

/** The record of a loss of the handbook, in the release that is asked for. */
export type Handbook = (name: string) => Contract;
export type RecordOf = (handbook: Handbook) => Contract;

/** Options in Python's order; those that the release lacks are left out. */
const ordered = (options: Contract["options"], order: readonly string[]): Contract["options"] =>
  Object.fromEntries(order.flatMap((n) => (options[n] ? [[n, options[n]] as const] : [])));

/** The tensors of a call, with the weight that is among its options. */
const withWeight = ({ inputs, options }: Call): Readonly<Record<string, TensorType>> =>
  isTensor(options["weight"]) ? { ...inputs, weight: options["weight"] } : inputs;

/** A definition in PyTorch's way: `weight` is an option, classes are the last dimension, and a mean divides by the number of elements. */
export function torchRecord(definition: AnyLoss, order: readonly string[], reduction = "mean"): RecordOf {
  return (handbook) => {
    const like = handbook("SmoothL1Loss");
    const own = contractOfDefinition(definition, (rank, axes) => rank - axes);
    const { weight: _, ...inputs } = own.inputs;
    const word = like.options["reduction"];
    const options = {
      ...own.options,
      ...like.options,
      weight: handbook("CrossEntropyLoss").options["weight"],
      ...(word && { reduction: { ...word, default: reduction } }),
    };
    return {
      ...own,
      inputs,
      options: ordered(options, order),
      refuses: { reduction: like.refuses["reduction"] },
      layout: (call) => own.layout({ ...call, inputs: withWeight(call) }),
      gradient: { of: own.gradient.of.filter((n) => n !== "weight"), refuses: {} },
      reduction: (call, layout) => ({
        kind: like.reduction(call, layout).kind,
        rule: { by: "count", whenZero: "nan" },
      }),
    };
  };
}

/** The record, for rows of classes only. */
export function ofRows(record: RecordOf, name: string): RecordOf {
  const rows: SignatureRefusal = (call) => {
    const shape = call.inputs["input"]?.shape ?? [];
    return (
      shape.length !== 2 && new LossError("shape", `${name} is known here of shape (N, C), got [${shape.join(", ")}]`)
    );
  };
  return (handbook) => {
    const known = record(handbook);
    return { ...known, refuses: { ...known.refuses, rows } };
  };
}

/** A definition over `x` and `y` in Keras' way, with the shapes, weights, reductions and types of a loss of the handbook. */
export function kerasRecord(definition: AnyLoss, like: string): RecordOf {
  return (handbook) => {
    const known = handbook(like);
    const own = contractOfDefinition(definition, (rank, axes) => rank - axes);
    return { ...known, options: { ...own.options, ...known.options }, define: own.define };
  };
}
