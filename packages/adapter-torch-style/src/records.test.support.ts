/** How tests call PyTorch's records: as `isoloss eval` calls them, on the reference. */
import {
  createCallSite,
  createEngine,
  isLossError,
  type Result,
  readOptions,
  type Tensor,
  type TypedArray,
  toNumbers,
  toTensor,
} from "@isoloss/core";
import { createReferenceBackend } from "@isoloss/core/reference";
import { findEntry } from "./profiles.ts";

const engine = createEngine(createReferenceBackend());
export const f32 = (shape: readonly number[], data: readonly number[]): Tensor => toTensor({ data, shape }, "x");
export const int64 = (shape: readonly number[], data: readonly number[]): Tensor =>
  toTensor({ data, shape, dtype: "int64" }, "x");

/** What is asked of a call besides its value. */
export interface Asked {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly grad?: readonly string[];
  readonly upstream?: Tensor;
}
/** The answer of a release to a call. */
export function ask(
  profile: string,
  loss: string,
  inputs: Readonly<Record<string, Tensor>>,
  asked: Asked = {},
): Result {
  const { contract, as, hint } = findEntry(profile, loss);
  const options = readOptions(contract, asked.options ?? {}, as, hint);
  return createCallSite(engine, contract, as).run({
    inputs,
    options,
    gradients: asked.grad ?? [],
    upstream: asked.upstream,
  });
}
export const numbers = (t: Tensor | undefined): number[] => [
  ...toNumbers(t?.data as TypedArray, t?.dtype ?? "float32"),
];
/** Its value, as numbers. */
export const value = (...args: Parameters<typeof ask>): number[] => numbers(ask(...args).value);
/** The code of a refusal. */
export function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (e) {
    if (isLossError(e)) return e.code;
    throw e;
  }
  return "accepted";
}

export const two = { input: f32([2], [3, 1]), target: f32([2], [0, 0]) };
export const rows = { input: f32([2, 3], [1, 2, 3, 1, 0, -1]), target: int64([2], [2, 0]) };
