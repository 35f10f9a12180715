/** The public way to a file: of a loss that a user has made, or of a program. */
import {
  CALLABLE,
  type Callable,
  type Calls,
  isLossError,
  isTensor,
  LossError,
  type LossPorts,
  type Options,
  type Program,
  type ResolvedEntry,
  readArguments,
  type TensorLike,
  type TensorType,
} from "@isoloss/core";
import { type CallExportOptions, type ExportedCall, exportCall } from "./export-call.ts";
import { type ExportOptions, exportProgram } from "./export-program.ts";

export interface LossExportOptions extends CallExportOptions {
  /**
   * Tensors like those that the file is for, by name: dtypes, ranks, sizes of 1 and optional inputs are taken from them, a
   * type `{ dtype, shape }` is enough. Without: two-dimensional float32 of equal shape, or class indices as int64.
   */
  readonly like?: Readonly<Record<string, TensorLike | TensorType>>;
}

/**
 * A self-contained .onnx file of standard operators: of a loss, with the framework's names (`loss`, `grad_<input>`, or
 * `sum_loss`, `sum_mass` and `count`), or of a program.
 */
export function exportOnnx(loss: Calls, options?: LossExportOptions): Uint8Array<ArrayBuffer>;
export function exportOnnx(program: Program, options?: ExportOptions): Uint8Array<ArrayBuffer>;
export function exportOnnx(source: Calls | Program, options: LossExportOptions & ExportOptions = {}) {
  if (!(CALLABLE in source)) return exportProgram(source, options);
  const callable = source[CALLABLE];
  const { like, ...rest } = options;
  const call = like ? callLike(callable, like) : usualCall(callable.entry, callable.options, callable.title);
  return exportCall(call, { ...rest, metadata: { "isoloss.loss": callable.title, ...rest.metadata } });
}

const isTypeOnly = (x: TensorLike | TensorType): x is TensorType =>
  typeof x === "object" && "dtype" in x && "shape" in x && !("data" in x) && !("dataSync" in x);

function callLike(callable: Callable, like: NonNullable<LossExportOptions["like"]>): ExportedCall {
  const { contract, as } = callable.entry;
  const types = Object.entries(like).filter((e): e is [string, TensorType] => isTypeOnly(e[1]));
  const tensors = Object.fromEntries(Object.entries(like).filter(([, x]) => !isTypeOnly(x)));
  const { inputs, options } = readArguments(callable, [tensors]);
  return { contract, as, options, inputs: { ...inputs, ...Object.fromEntries(types) } };
}

/**
 * The first of the usual kinds of call that a loss accepts: two-dimensional float32 of equal shape, class indices as int64
 * where it reads them, or a vector as the last input.
 */
export function usualCall({ contract, as }: ResolvedEntry, options: Options, title: string): ExportedCall {
  const names = Object.entries(contract.inputs).flatMap(([name, { only = as, optional }]) =>
    only === as && !optional ? [name] : [],
  );
  // A vector among the options has an element a class.
  const vectors = Object.values(options).flatMap((o) => (isTensor(o) && o.shape.length === 1 ? o.shape : []));
  const rows: TensorType = { dtype: "float32", shape: [2, vectors[0] ?? 3] };
  const indices: TensorType = { dtype: "int64", shape: [2] };
  const each = (type: (name: string) => TensorType): ExportedCall => ({
    contract,
    as,
    options,
    inputs: Object.fromEntries(names.map((name) => [name, type(name)])),
  });
  const labels = names.filter((name) =>
    readsIndices(
      name,
      each((n) => (n === name ? indices : rows)),
    ),
  );
  const usual = [
    each((name) => (labels.includes(name) ? indices : rows)),
    each(() => rows),
    each((name) => (name === names.at(-1) ? { dtype: "float32", shape: [2] } : rows)),
  ];
  const accepted = usual.find((call) => isAccepted(() => exportCall(call)));
  if (!accepted) throw new LossError("missing", `${title}: say with 'like' what tensors the file is for`);
  return accepted;
}

/** Whether an input of a call is class indices. */
function readsIndices(name: string, { contract, as, options, inputs }: ExportedCall): boolean {
  return isAccepted(() => {
    const ports: LossPorts = contract.define({ inputs, options, gradients: [], as }).loss.inputs;
    if (ports[contract.inputs[name]?.port ?? name]?.kind !== "labels") throw new LossError("dtype", "no class indices");
  });
}
function isAccepted(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch (e) {
    if (isLossError(e)) return false;
    throw e;
  }
}
