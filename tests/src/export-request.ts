/** A request of the eval protocol as an .onnx file. */
import * as keras from "@isoloss/adapter-keras-style";
import * as torch from "@isoloss/adapter-torch-style";
import { type CallExportOptions, exportCall } from "@isoloss/backend-onnx";
import { LossError, type ResolvedEntry, readOptions, type Tensor } from "@isoloss/core";
import { readTensor } from "isoloss";
import type { RecordedRequest } from "./replay-fixtures.ts";

interface Adapter {
  findEntry(profile: string, name: string): ResolvedEntry;
}

const isTensorJson = (x: unknown): boolean => typeof x === "object" && x !== null && "data" in x;

/** The file, and the tensors of the request that it takes. */
export async function exportRequest(
  request: RecordedRequest,
  profile: string,
  options: Omit<CallExportOptions, "gradients"> = {},
): Promise<{ readonly file: Uint8Array; readonly inputs: Readonly<Record<string, Tensor>> }> {
  const adapter: Adapter = profile.startsWith("torch@") ? torch : keras;
  const { contract, as, hint } = adapter.findEntry(profile, request.loss);
  const inputs: Record<string, Tensor> = {};
  const given: Record<string, unknown> = {};
  for (const [name, json] of Object.entries({ ...request.options, ...request.inputs })) {
    if (!Object.hasOwn(contract.inputs, name)) given[name] = isTensorJson(json) ? readTensor(json, name) : json;
    else if (json !== null) inputs[name] = readTensor(json, name);
  }
  if (request.upstream !== undefined && request.upstream !== null)
    throw new LossError("request", "a file has no gradient that flows in");
  const call = { contract, as, options: readOptions(contract, given, as, hint), inputs };
  const gradients = options.mode === "partial" ? [] : (request.grad ?? []);
  return { file: exportCall(call, { ...options, gradients }), inputs };
}
