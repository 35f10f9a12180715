/** Calls as requests of the `eval` protocol, and the tensors of its lines. */
import { type DType, isDType, LossError } from "@isoloss/core";
import type { Tensors } from "./evaluate.ts";
import type { LossCall } from "./system.ts";
import type { Values } from "./tensor-expression.ts";

export type JsonNumber = number | string | boolean;
export interface JsonTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: readonly JsonNumber[];
}
/** One line of the protocol. */
export interface EvalRequest {
  readonly id: string;
  readonly profile: string;
  readonly loss: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, JsonTensor | JsonNumber>>;
  readonly grad?: readonly string[];
}

const jsonNumber = (x: number): JsonNumber => (Number.isFinite(x) ? x : String(x));
export const tensorJson = ({ dtype, shape, data }: Values): JsonTensor => ({
  dtype,
  shape: [...shape],
  data: data.map((x) => (dtype === "bool" ? x !== 0 : jsonNumber(x))),
});

/** The text of a request; a −0 keeps its sign. */
export const lineOf = (request: unknown): string =>
  JSON.stringify(request, (_, v) => (Object.is(v, -0) ? "\u0000-0.0" : v)).replaceAll('"\\u0000-0.0"', "-0.0");

const words: Readonly<Record<string, number>> = { NaN, Infinity, "-Infinity": -Infinity };
const isTensorJson = (x: unknown): x is { dtype: string; shape: number[]; data: unknown[] } =>
  typeof x === "object" && x !== null && "data" in x && "shape" in x && "dtype" in x;

const isShape = (x: unknown): x is number[] => Array.isArray(x) && x.every((d) => Number.isInteger(d) && d >= 0);

/** Reads a tensor of the protocol. A bare number is a tensor without dimensions. */
export function readTensorJson(x: unknown, name: string): Values {
  if (typeof x === "number") return { dtype: "float32", shape: [], data: [x] };
  if (!isTensorJson(x) || !isDType(x.dtype) || !Array.isArray(x.data) || !isShape(x.shape))
    throw new LossError("request", `${name}: a tensor is { "dtype", "shape", "data" }`);
  const data = x.data.map((v) => (typeof v === "string" && v in words ? (words[v] as number) : Number(v)));
  const size = x.shape.reduce((a, b) => a * b, 1);
  if (data.length !== size)
    throw new LossError(
      "request",
      `${name}: shape [${x.shape.join(", ")}] holds ${size} elements, data has ${data.length}`,
    );
  return { dtype: x.dtype, shape: x.shape, data };
}

const isTensor = (v: unknown): v is { dtype: DType; shape: readonly number[]; data: ArrayLike<number> } =>
  typeof v === "object" && v !== null && "dtype" in v && "shape" in v && "data" in v;

/** A call on tensors as a request. */
export function requestOf(
  id: string,
  call: LossCall,
  tensors: Tensors,
  gradients: readonly string[] = [],
): EvalRequest {
  const option = (v: unknown): unknown => {
    if (isTensor(v)) return tensorJson({ dtype: v.dtype, shape: v.shape, data: Array.from(v.data, Number) });
    return typeof v === "number" ? jsonNumber(v) : v;
  };
  const inputs = Object.keys(call.contract.inputs).flatMap((n) =>
    tensors[n] ? [[n, tensorJson(tensors[n])] as const] : [],
  );
  const open = call.open.flatMap((n) => (tensors[n] ? [[n, tensorJson(tensors[n])] as const] : []));
  return {
    id,
    profile: call.profile,
    loss: call.name,
    options: {
      ...Object.fromEntries(Object.entries(call.given).map(([n, v]) => [n, option(v)])),
      ...Object.fromEntries(open),
    },
    inputs: Object.fromEntries(inputs),
    ...(gradients.length && { grad: gradients }),
  };
}
