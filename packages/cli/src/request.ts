/** Requests of the `eval` protocol: what a line must be, and its tensors. */
import { type DType, fromNumbers, isDType, isFloat, LossError, storage, type Tensor, toTensor } from "@isoloss/core";

/** A line of the protocol, checked for its fields; tensors are still JSON. */
export interface EvalRequest {
  readonly id: string;
  readonly loss: string;
  readonly profile: string | undefined;
  readonly backend: string | undefined;
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly grad: readonly string[];
  readonly upstream: unknown;
  /** The line that it was read from, where the options are to be read again with the kinds of their numbers. */
  readonly text: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;
const isObject = (x: unknown): x is Fields => typeof x === "object" && x !== null && !Array.isArray(x);

const no = (what: string): LossError => new LossError("request", what);

function word(fields: Fields, name: string): string | undefined {
  const x = fields[name];
  if (x === undefined || x === null) return undefined;
  if (typeof x !== "string") throw no(`no request: '${name}' must be a string`);
  return x;
}
function dictionary(fields: Fields, name: string): Fields {
  const x = fields[name] ?? {};
  if (!isObject(x)) throw no(`no request: '${name}' must be an object`);
  return x;
}
function required(fields: Fields, name: string): string {
  const x = word(fields, name);
  if (x === undefined) throw no(`no request: an object with the strings 'id' and 'loss', '${name}' is missing`);
  return x;
}

/** Reads the JSON of a line. Throws a LossError "request" where it is none. `text`: the line itself, which tells 1 from 1.0. */
export function readRequest(json: unknown, text?: string): EvalRequest {
  if (!isObject(json)) throw no("no request: an object with the strings 'id' and 'loss'");
  const grad = json["grad"] ?? [];
  if (!Array.isArray(grad) || !grad.every((g) => typeof g === "string"))
    throw no("no request: 'grad' must be a list of names");
  return {
    id: required(json, "id"),
    loss: required(json, "loss"),
    profile: word(json, "profile"),
    backend: word(json, "backend"),
    options: dictionary(json, "options"),
    inputs: dictionary(json, "inputs"),
    grad: [...new Set(grad as string[])],
    upstream: json["upstream"] ?? undefined,
    text,
  };
}

const words: Readonly<Record<string, number>> = { NaN, Infinity, "-Infinity": -Infinity };
const wordOf = (x: unknown): number | undefined =>
  typeof x === "string" && Object.hasOwn(words, x) ? words[x] : undefined;
const isInteger = /^[+-]?\d+$/;

/** What stands for a number without being one: a boolean, an integer in quotes, one of the words. */
function numberOf(x: unknown): number | undefined {
  if (typeof x === "boolean") return Number(x);
  return typeof x === "string" && isInteger.test(x) ? Number(x) : wordOf(x);
}

/** A value as a message shows it: a line may hold anything, however long and however deep. */
function shown(x: unknown): string {
  if (typeof x === "object" && x !== null) return Array.isArray(x) ? "a list" : "an object";
  const text = String(JSON.stringify(x));
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

/** The inclusive bounds of an integer dtype. */
const bounds = (dtype: DType): readonly [bigint, bigint] => {
  if (dtype === "bool") return [0n, 1n];
  const bits = BigInt(storage[dtype].BYTES_PER_ELEMENT * 8);
  return dtype === "uint8" ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
};

function floats(data: readonly unknown[], dtype: DType, name: string): Tensor["data"] {
  const numbers = dtype === "float32" ? new Float32Array(data.length) : new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const x = data[i];
    const number = typeof x === "number" ? x : numberOf(x);
    if (number === undefined) throw no(`${name}: element ${i} is ${shown(x)}, which is no ${dtype}`);
    numbers[i] = number;
  }
  return dtype === "float32" || dtype === "float64" ? numbers : fromNumbers(numbers, dtype);
}

function integers(data: readonly unknown[], dtype: DType, name: string): Tensor["data"] {
  const [least, most] = bounds(dtype);
  const wide = dtype === "int64" && data.some((x) => typeof x === "string" || Math.abs(x as number) > 0x7fffffff);
  const out = wide
    ? new BigInt64Array(data.length)
    : new (dtype === "int64" ? Int32Array : storage[dtype])(data.length);
  for (let i = 0; i < data.length; i++) {
    const x = data[i];
    const whole = typeof x === "boolean" || Number.isInteger(x) || (typeof x === "string" && isInteger.test(x));
    if (!whole) throw no(`${name}: element ${i} is ${shown(x)}, which is no ${dtype}`);
    if (wide) {
      const value = BigInt(x as number | string);
      if (value < least || value > most) throw no(`${name}: element ${i} is ${shown(x)}, beyond ${dtype}`);
      out[i] = value;
    } else {
      const value = Number(x);
      if (value < Number(least) || value > Number(most))
        throw no(`${name}: element ${i} is ${shown(x)}, beyond ${dtype}`);
      out[i] = value;
    }
  }
  return out;
}

/** More than a tensor of any use has; TensorFlow's have at most 254. */
const MOST_DIMENSIONS = 1024;

const isTensor = (x: unknown): x is { dtype: unknown; shape: unknown; data: unknown } =>
  isObject(x) && "dtype" in x && "shape" in x && "data" in x;

function fromObject({ dtype, shape, data }: { dtype: unknown; shape: unknown; data: unknown }, name: string): Tensor {
  if (!isDType(dtype)) throw no(`${name}: no dtype ${shown(dtype)}`);
  if (!Array.isArray(shape) || !shape.every((n) => Number.isSafeInteger(n) && n >= 0))
    throw no(`${name}: ${Array.isArray(shape) ? `[${shape.slice(0, 8).map(shown)}]` : shown(shape)} is no shape`);
  if (shape.length > MOST_DIMENSIONS)
    throw no(`${name}: a shape of ${shape.length} dimensions; tensors have at most ${MOST_DIMENSIONS}`);
  if (!Array.isArray(data)) throw no(`${name}: data must be a flat list`);
  const size = (shape as number[]).reduce((a, b) => a * b, 1);
  if (data.length !== size)
    throw no(`${name}: shape [${shape.join(", ")}] holds ${size} elements, data has ${data.length}`);
  return { dtype, shape, data: isFloat(dtype) ? floats(data, dtype, name) : integers(data, dtype, name) };
}

/** A tensor of a request; a bare number is a Python number. */
export function readTensor(json: unknown, name: string): Tensor {
  if (isTensor(json)) return fromObject(json, name);
  const value = wordOf(json) ?? json;
  if (typeof value === "number" || typeof value === "boolean") return toTensor(value, name);
  if (isObject(value)) throw no(`${name}: a tensor has dtype, shape and data`);
  throw new LossError("dtype", `${name}: expected a tensor, got ${shown(value)}`);
}

/** Lists and objects that are nested deeper are no value of any option. */
const DEEPEST = 32;

/** The value of an option: a tensor, a number (also as one of the three words), or whatever it is. */
export function readOption(json: unknown, name: string, depth = 0): unknown {
  if (isTensor(json)) return fromObject(json, name);
  if (depth > DEEPEST) throw new LossError("option", `${name}: more than ${DEEPEST} lists or objects in each other`);
  const inner = (x: unknown): unknown => readOption(x, name, depth + 1);
  if (Array.isArray(json)) return json.map(inner);
  if (isObject(json)) return Object.fromEntries(Object.entries(json).map(([key, x]) => [key, inner(x)]));
  return wordOf(json) ?? json;
}
