/** How PyTorch reads keyword arguments: Python's own types, and nothing converted that PyTorch does not convert. */
import {
  LossError,
  type OptionValue,
  type Parameter,
  quoted,
  type Tensor,
  type TypedArray,
  toNumbers,
} from "@isoloss/core";

const bad = (name: string, expected: string, value: unknown): LossError =>
  new LossError("option", `argument '${name}' must be ${expected}, not ${shown(value)}`);
const shown = (value: unknown): string => (value === null ? "None" : quoted(value));

const isTensor = (value: unknown): value is Tensor =>
  typeof value === "object" && value !== null && "dtype" in value && "shape" in value && "data" in value;

/** A tensor without dimensions stands for its number where PyTorch's signature has a number. */
const plain = (value: unknown): unknown =>
  isTensor(value) && value.shape.length === 0 && ArrayBuffer.isView(value.data)
    ? toNumbers(value.data as TypedArray, value.dtype)[0]
    : value;

/** `float`: a Python float, int or bool. */
export const float = (fallback: number): Parameter<number> => ({
  default: fallback,
  read(value, name) {
    const number = plain(value);
    if (typeof number !== "number" && typeof number !== "boolean") throw bad(name, "float", value);
    return Number(number);
  },
});

/** `int`: a Python int, which a bool is not. */
export const int = (fallback: number): Parameter<number> => ({
  default: fallback,
  read(value, name) {
    const number = typeof value === "bigint" ? Number(value) : plain(value);
    if (typeof number !== "number" || !Number.isInteger(number)) throw bad(name, "int", value);
    return number;
  },
});

/** A value that is only asked whether it is true, as Python asks; None is not given. */
export const flag: Parameter<boolean | null> = {
  default: null,
  read: (value) => (value === null ? null : Array.isArray(value) ? value.length > 0 : Boolean(plain(value))),
};

/** `bool`. */
export const bool = (fallback: boolean): Parameter<boolean> => ({
  default: fallback,
  read(value, name) {
    if (typeof value !== "boolean") throw bad(name, "bool", value);
    return value;
  },
});

/** Anything: a rule says what is refused, and when. */
export const anything = (fallback: OptionValue): Parameter => ({
  default: fallback,
  read: (value) => value as OptionValue,
});

/** `Optional[Tensor]`. */
export const tensor: Parameter<Tensor | null> = {
  default: null,
  holds: "tensor",
  read(value, name) {
    if (value !== null && !isTensor(value)) throw bad(name, "Tensor", value);
    return value;
  },
};
/** `Optional[Tensor]` that feeds a port of another name. */
export const tensorTo = (port: string): Parameter<Tensor | null> => ({ ...tensor, port });
