/** How Keras, and the Python under it, reads keyword arguments. */
import {
  type DType,
  isDType,
  isTensorObject,
  LossError,
  type OptionValue,
  type Parameter,
  quoted,
  type Tensor,
  toTensor,
} from "@isoloss/core";

const bad = (name: string, value: unknown): LossError =>
  new LossError("option", `Invalid value for argument \`${name}\`. Received: ${name}=${quoted(value)}`);

/** The number that a tensor of one element holds; a list of one number where `lists` allows it. */
function scalar(value: unknown, lists: boolean): number | undefined {
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return Number(value);
  if (lists && Array.isArray(value) && value.length < 2) return scalar(value[0] ?? 0, false);
  if (!isTensorObject(value)) return undefined;
  const { data } = toTensor(value, "option") as Tensor;
  return ArrayBuffer.isView(data) && data.length === 1 ? Number(data[0]) : undefined;
}

/** Python's truth: only 0, None, False, "" and an empty list are false. */
export function truthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  const number = scalar(value, false);
  return number === undefined ? value !== null && value !== "" && value !== undefined : number !== 0;
}

/** A flag that Python takes by its truth. */
export const flag = (value: boolean): Parameter<boolean> => ({ default: value, read: truthy });

/** A number. `lists`: [0.1] is taken as well, [] for 0. */
export const number = (value: number, { lists = false } = {}): Parameter<number> => ({
  default: value,
  read(given, name) {
    const x = scalar(given, lists);
    if (x === undefined) throw bad(name, given);
    return x;
  },
});

/** A number, or one in a list; the NumPy beside the release asks whether it is true, which no empty list answers. */
export const numberOfTruth = (value: number): Parameter<number> => ({
  default: value,
  read(given, name) {
    if (Array.isArray(given) && given.length === 0)
      throw new LossError("shape", `${name}: the truth value of an empty array is ambiguous`);
    return number(value, { lists: true }).read(given, name);
  },
});

/** A number that says of what type it is: a float32 or a boolean as itself, any other with its type beside it. */
export const typedNumber = (value: number): Parameter => ({
  default: value,
  integers: true,
  read(given, name) {
    const x = number(value, { lists: true }).read(given, name);
    if (typeof given === "number" || typeof given === "boolean") return given;
    return [x, typeGiven(Array.isArray(given) ? given[0] : given)];
  },
});
/** TensorFlow makes an int32 of a Python int. */
function typeGiven(one: unknown): DType {
  if (typeof one === "bigint") return "int32";
  return isTensorObject(one) ? (toTensor(one, "option") as Tensor).dtype : "float32";
}
/** The number that such an option is. */
export const numberIn = (option: OptionValue): number => Number(Array.isArray(option) ? option[0] : option);
/** Its type. */
export function typeOfNumber(option: OptionValue): DType {
  if (Array.isArray(option)) return option[1] as DType;
  return typeof option === "boolean" ? "bool" : "float32";
}

/** A number that Python looks at only where it is true: a false value of any type counts as 0. */
export const numberIfTrue = (value: number): Parameter<number> => ({
  default: value,
  read: (given, name) => (truthy(given) ? number(0).read(given, name) : 0),
});

/** A number, or None. */
export const numberOrNone: Parameter<number | null> = {
  default: null,
  read: (given, name) => (given === null ? null : number(0, { lists: true }).read(given, name)),
};

/** Anything: the framework keeps it and its rules look at it later. */
export const kept = (value: OptionValue): Parameter => ({ default: value, read: (given) => given as OptionValue });

/** One of a few words; the first is the default. `only` the class has it. */
export const choice = (first: string, ...others: readonly (string | null)[]): Parameter => ({
  default: first,
  only: "class",
  read(given, name) {
    if (given !== first && !others.includes(given as string)) throw bad(name, given);
    return given as OptionValue;
  },
});

/** An option of the class alone. */
export const ofClass = <T extends OptionValue>(parameter: Parameter<T>): Parameter<T> => ({
  ...parameter,
  only: "class",
});
/** An option of the function alone. */
export const ofFunction = <T extends OptionValue>(parameter: Parameter<T>): Parameter<T> => ({
  ...parameter,
  only: "function",
});

const dtypeBy = (typeOf: (given: string) => DType | undefined): Parameter<string> => ({
  default: "float32",
  only: "class",
  read(given, name) {
    if (!truthy(given)) return "float32";
    const dtype = given === "int" ? "int64" : typeof given === "string" && typeOf(given);
    if (!dtype) throw bad(name, given);
    return dtype;
  },
});
const named = (given: string): DType | undefined => (isDType(given) ? given : undefined);
const policies: Readonly<Record<string, DType>> = { mixed_float16: "float16", mixed_bfloat16: "bfloat16" };

/** The type of a Keras 3 loss, by a dtype's name; what Python takes for false stands for the default. */
export const dtypeName = dtypeBy(named);
/** The same, or by a policy's name, which means its compute type. int8 is the beginning of one that quantizes. */
export const dtypePolicy = dtypeBy((given) =>
  Object.hasOwn(policies, given) ? policies[given] : given === "int8" ? undefined : named(given),
);
