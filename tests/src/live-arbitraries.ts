/** Arbitrary tensors: the shapes, dtypes and values that requests are made of. Everything shrinks towards what is small and plain. */
import fc from "fast-check";
import type { RecordedTensor } from "./replay-fixtures.ts";

type Value = number | string;
export type Kind = "any" | "probability" | "logarithm" | "positive" | "sign" | "binary" | "weight";
export type Shape = readonly number[];

const rounded = (least: number, most: number): fc.Arbitrary<Value> =>
  fc.integer({ min: least * 1000, max: most * 1000 }).map((n) => n / 1000);
/** Mostly `plain`, sometimes one of `special`. */
const mostly = (plain: fc.Arbitrary<Value>, special: readonly Value[]): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 12, arbitrary: plain }, { weight: 1, arbitrary: fc.constantFrom(...special) });

const extremes: readonly Value[] = ["NaN", "Infinity", "-Infinity", 1e-7, 1e-30, 3e38, 100, -100, 20];
const values: Readonly<Record<Kind, fc.Arbitrary<Value>>> = {
  any: mostly(rounded(-4, 4), [0, 1, -1, 0.5, ...extremes]),
  probability: mostly(rounded(0, 1), [0, 1, 0.5, 1e-7, 0.9999999, 1.5, -0.25, "NaN"]),
  logarithm: mostly(rounded(-4, 0), [0, "-Infinity", -100, "NaN"]),
  positive: mostly(rounded(0, 4), [0, "NaN", "Infinity", 1e-7]),
  sign: mostly(fc.constantFrom(1, -1), [0, 2, 0.5, "NaN"]),
  binary: mostly(fc.constantFrom(0, 1), [0.5, -1, "NaN"]),
  weight: mostly(rounded(0, 3), [0, -1, "NaN", "Infinity"]),
};
const isFloat = (dtype: string): boolean => /float/.test(dtype);

/** Values of a kind in a dtype: integers are whole, booleans are. */
function elements(kind: Kind, dtype: string, n: number): fc.Arbitrary<readonly (Value | boolean)[]> {
  const list = (one: fc.Arbitrary<Value | boolean>) => fc.array(one, { minLength: n, maxLength: n });
  if (dtype === "bool") return list(fc.boolean());
  if (isFloat(dtype)) return list(values[kind]);
  return list(fc.integer({ min: dtype === "uint8" ? 0 : -3, max: 3 }));
}

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  int64: [-(2 ** 53), 2 ** 53],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  int8: [-128, 127],
  uint8: [0, 255],
};
/**
 * A tensor with 0 for what `dtype` cannot hold, if it is an integer: C++ leaves open what becomes of that, and TensorFlow 2.21
 * makes of the float64 −1 the uint8 0 or 255, by its place in the array.
 */
export function held(dtype: string, given: RecordedTensor): RecordedTensor {
  const range = ranges[dtype];
  if (!range) return given;
  return { ...given, data: given.data.map((x) => (Number(x) >= range[0] && Number(x) <= range[1] ? x : 0)) };
}

/** A tensor of a shape. */
export const tensor = (kind: Kind, dtype: string, shape: Shape): fc.Arbitrary<RecordedTensor> =>
  elements(
    kind,
    dtype,
    shape.reduce((a, b) => a * b, 1),
  ).map((data) => ({ dtype, shape, data }));

/** Class indices, mostly in range; `exempt` among them. */
export const labels = (shape: Shape, classes: number, dtype: string, exempt?: number): fc.Arbitrary<RecordedTensor> =>
  fc
    .array(
      fc.oneof(
        { weight: 40, arbitrary: fc.integer({ min: 0, max: Math.max(0, classes - 1) }) },
        { weight: exempt === undefined ? 0 : 6, arbitrary: fc.constant(exempt ?? 0) },
        { weight: 1, arbitrary: fc.constantFrom(classes, -1, -100) },
      ),
      { minLength: shape.reduce((a, b) => a * b, 1), maxLength: shape.reduce((a, b) => a * b, 1) },
    )
    .map((data) => ({
      dtype,
      shape,
      data: dtype === "uint8" ? data.map(Math.abs) : dtype === "bool" ? data.map(Boolean) : data,
    }));

const extent = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 1, arbitrary: fc.constant(0) },
);
/** A shape of some rank. */
export const shapeOf = (minLength: number, maxLength: number): fc.Arbitrary<Shape> =>
  fc.array(extent, { minLength, maxLength });

/** Mostly the same shape, else one that broadcasts against it, else any. */
export const shapeLike = (shape: Shape): fc.Arbitrary<Shape> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant(shape) },
    {
      weight: 2,
      arbitrary: fc
        .array(fc.boolean(), { minLength: shape.length, maxLength: shape.length })
        .map((ones) => shape.map((n, i) => (ones[i] ? 1 : n))),
    },
    { weight: 1, arbitrary: fc.nat(shape.length).map((from) => shape.slice(from)) },
    { weight: 1, arbitrary: fc.constant([...shape, 1]) },
    { weight: 1, arbitrary: fc.constant([1, ...shape]) },
    { weight: 1, arbitrary: shapeOf(0, 3) },
  );

/** Mostly float32. */
export const floatType: fc.Arbitrary<string> = fc.oneof(
  { weight: 10, arbitrary: fc.constant("float32") },
  { weight: 3, arbitrary: fc.constant("float64") },
  { weight: 1, arbitrary: fc.constantFrom("float16", "bfloat16") },
);
export const anyType: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: floatType },
  { weight: 1, arbitrary: fc.constantFrom("int64", "int32", "int16", "int8", "uint8", "bool") },
);
/** Mostly this one. */
export const typeLike = (dtype: string, other: fc.Arbitrary<string> = anyType): fc.Arbitrary<string> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(dtype) }, { weight: 1, arbitrary: other });

/** An object with some of the keys: each present with its weight in ten. */
export const sometimes = (
  options: Readonly<Record<string, readonly [tenths: number, value: fc.Arbitrary<unknown>]>>,
): fc.Arbitrary<Record<string, unknown>> =>
  fc
    .tuple(
      ...Object.entries(options).map(([name, [tenths, value]]) =>
        fc
          .option(value, { freq: 10, nil: undefined })
          .chain((v) =>
            fc.integer({ min: 0, max: 9 }).map((n) => (n < tenths && v !== undefined ? [name, v] : undefined)),
          ),
      ),
    )
    .map((list) => Object.fromEntries(list.filter((x) => x !== undefined) as [string, unknown][]));

/** A subset of names, in order. */
export const some = (names: readonly string[]): fc.Arbitrary<string[]> => fc.subarray([...names]);
