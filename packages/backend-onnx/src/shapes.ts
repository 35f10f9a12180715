/** Sizes in an exported file: each is read from the input that has it, and brings tensors from the caller's ranks and back. */
import { type Axis, isOuter, LossError, type Program } from "@isoloss/core";
import type { Dims, ExportedInput } from "./export-program.ts";
import type { Dimension, ModelBuilder, Name } from "./model.ts";

export interface Shapes {
  /** Maps the dimensions of one tensor, in order, to the names that they have in the file. */
  symbol(): (axis: Axis | 1) => Dimension;
  /** The int64 scalar extent of an axis. */
  extent(axis: Axis): Name;
  /** The int64 vector of extents over all axes, 1 for those that are not in `axes`. */
  vector(axes: readonly Axis[]): Name;
  /** A tensor over the caller's dimensions as one over all axes of the program. */
  toProgram(x: Name, dims: Dims, axes: readonly Axis[]): Name;
  fromProgram(x: Name, axes: readonly Axis[], dims: Dims): Name;
}

/** Where a size stands: a dimension of an input, or a number that the file holds. */
type Source = { readonly input: Name; readonly index: number } | { readonly size: number };

export function shapesOf(model: ModelBuilder, program: Program, inputs: ReadonlyMap<string, ExportedInput>): Shapes {
  for (const a of program.axes)
    if (!program.inputs.some((p) => p.axes.includes(a)))
      throw new LossError("shape", `no input has the axis ${a}: a file could not know its size`);
  const groups = new Map<Axis, Source[]>(program.axes.map((a) => [a, groupOf(a, inputs)]));
  const names = namesOf(program.axes, groups);
  const vectorOf = (values: readonly number[]): Name => model.initializer(values, "int64", [values.length]);

  /** One size, as a vector of one element. */
  const single = (source: Source): Name =>
    "size" in source
      ? vectorOf([source.size])
      : model.node("Gather", [model.node("Shape", [source.input]), vectorOf([source.index])]);
  const product = (axis: Axis): Name => {
    const [first, ...rest] = (groups.get(axis) as Source[]).map(single);
    return rest.reduce((a, b) => model.node("Mul", [a, b]), first ?? vectorOf([1]));
  };
  const concat = (parts: readonly Name[]): Name =>
    parts.length === 1 ? (parts[0] as Name) : model.node("Concat", parts, { axis: 0 });
  const sizes = (parts: readonly (Name | 1)[]): Name =>
    parts.every((p) => p === 1)
      ? vectorOf(parts.map(() => 1))
      : concat(parts.map((p) => (p === 1 ? vectorOf([1]) : p)));
  const reshape = (x: Name, shape: Name): Name =>
    // Without allowzero a 0 means "as in the input", which is the same only where ranks agree.
    model.opset >= 14 ? model.node("Reshape", [x, shape], { allowzero: 1 }) : model.node("Reshape", [x, shape]);
  const squeeze = (x: Name, at: readonly number[]): Name => (at.length ? model.node("Squeeze", [x, vectorOf(at)]) : x);
  const unsqueeze = (x: Name, at: readonly number[]): Name =>
    at.length ? model.node("Unsqueeze", [x, vectorOf(at)]) : x;
  const _lacking = (axes: readonly Axis[]): number[] => program.axes.flatMap((a, i) => (axes.includes(a) ? [] : [i]));
  const ones = (dims: Dims): number[] => dims.flatMap((d, i) => (d === 1 ? [i] : []));
  /** Where a tensor over these axes has size 1 among all axes. */
  const lacking = (axes: readonly Axis[]): number[] => program.axes.flatMap((a, i) => (grows(a, axes) ? [] : [i]));
  const grows = (a: Axis, axes: readonly Axis[]): boolean => axes.includes(a) && groups.get(a)?.length !== 0;
  /** No two dimensions share an axis, and each axis has one. */
  const isPlain = (dims: Dims, axes: readonly Axis[]): boolean => {
    const own = dims.filter((d) => d !== 1);
    const grown = axes.filter((a) => grows(a, axes));
    return own.length === grown.length && own.every((d, i) => d === grown[i]);
  };

  const vector = (axes: readonly Axis[]): Name => sizes(program.axes.map((a) => (axes.includes(a) ? product(a) : 1)));
  return {
    vector,
    extent: (axis) => model.node("Squeeze", [product(axis), vectorOf([0])]),
    symbol: () => {
      const seen = new Map<Axis, number>();
      return (axis) => {
        if (axis === 1) return 1;
        const k = seen.get(axis) ?? 0;
        seen.set(axis, k + 1);
        return names.get(axis)?.[k] as Dimension;
      };
    },
    toProgram(x, dims, axes) {
      if (isPlain(dims, axes)) return unsqueeze(squeeze(x, ones(dims)), lacking(axes));
      return axes.length === 0 ? reshape(x, vectorOf(program.axes.map(() => 1))) : reshape(x, vector(axes));
    },
    fromProgram(x, axes, dims) {
      if (axes.length === 0) return reshape(x, vectorOf(dims.map(() => 1)));
      if (isPlain(dims, axes)) return unsqueeze(squeeze(x, lacking(axes)), ones(dims));
      const seen = new Map<Axis, number>();
      return reshape(
        x,
        sizes(
          dims.map((d) => {
            if (d === 1) return 1;
            const k = seen.get(d) ?? 0;
            seen.set(d, k + 1);
            return single((groups.get(d) as Source[])[k] as Source);
          }),
        ),
      );
    },
  };
}

/** The dimensions that make up an axis: of an input if one has them, else of a tensor that the file holds. */
function groupOf(axis: Axis, inputs: ReadonlyMap<string, ExportedInput>): Source[] {
  for (const open of [true, false])
    for (const [input, { dims, constant }] of inputs) {
      if ((constant === undefined) !== open || !dims.includes(axis)) continue;
      return dims.flatMap((d, index): Source[] =>
        d !== axis ? [] : [constant ? { size: constant.shape[index] as number } : { input, index }],
      );
    }
  return []; // size 1 for good
}

/** `N`, `d1`, `d2` … for outer dimensions from the left, the axis' own name for the others. */
function namesOf(axes: readonly Axis[], groups: ReadonlyMap<Axis, readonly Source[]>): Map<Axis, Dimension[]> {
  let outer = 0;
  const next = (): string => (outer++ === 0 ? "N" : `d${outer - 1}`);
  return new Map(
    axes.map((a) => [
      a,
      (groups.get(a) as readonly Source[]).map((s, k, all) => {
        if ("size" in s) return s.size;
        return isOuter(a) ? next() : all.length === 1 ? a : `${a}${k}`;
      }),
    ]),
  );
}
