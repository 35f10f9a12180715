/** In which shapes and types a call can be written: found by asking its record, smallest and most usual first. */
import {
  type Call,
  isLossError,
  isOuter,
  isTensor,
  type Plan,
  planCall,
  type Tensor,
  type TensorType,
} from "@isoloss/core";
import type { LossCall } from "./system.ts";
import type { Types } from "./tensor-expression.ts";

/** One way to write the tensors of a call. */
export interface Form {
  /** The inputs, and the tensors among the options. */
  readonly types: Types;
  /** Tensors that hold class indices. */
  readonly labels: readonly string[];
  /** The axis that the call takes for classes, of every floating tensor that has one. */
  readonly classAxis: Readonly<Record<string, number>>;
  readonly classes: number;
}

/** Sizes of dimensions: distinct primes, so that a size names its dimension. */
const SIZES = [5, 3, 7, 11, 13, 17] as const;

const placeholder = ({ dtype, shape }: TensorType): Tensor => ({ dtype, shape, data: new Float32Array(0) });

/** The tensors among a call's options. */
export const tensorOptions = (call: LossCall): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(call.options).flatMap(([n, v]) => (isTensor(v) ? [[n, v] as const] : [])));

/** The graph of a call of these types, or undefined: the record refuses it. */
export function planTypes(call: LossCall, types: Types, gradients: readonly string[] = []): Plan | undefined {
  const names = Object.keys(call.contract.inputs).filter((n) => types[n]);
  const open = Object.fromEntries(call.open.flatMap((n) => (types[n] ? [[n, placeholder(types[n])] as const] : [])));
  if (Object.keys(open).length < call.open.length) return undefined;
  const bound: Call = {
    inputs: Object.fromEntries(names.map((n) => [n, types[n] as TensorType])),
    options: { ...call.options, ...open },
    gradients,
    as: call.as,
  };
  try {
    return planCall(call.contract, bound, { value: true });
  } catch (e) {
    if (isLossError(e)) return undefined;
    throw e;
  }
}

/** The definition's port of an argument is for class indices. */
function takesLabels(call: LossCall, types: Types, name: string): boolean {
  const definition = call.contract.define({ inputs: types, options: call.options, gradients: [], as: call.as });
  const port = call.contract.inputs[name]?.port ?? name;
  return (definition.loss.inputs as Record<string, { kind: string }>)[port]?.kind === "labels";
}

/** The class axis of every floating tensor: the position of its own axis, or the last. */
function classAxes(call: LossCall, types: Types): Record<string, number> {
  const layout = call.contract.layout({ inputs: types, options: call.options, gradients: [], as: call.as });
  return Object.fromEntries(
    Object.entries(types).map(([name, { shape }]) => {
      const dims = layout.ports[call.contract.inputs[name]?.port ?? name] ?? [];
      const own = dims.findIndex((d) => !isOuter(d.axis));
      return [name, own >= 0 ? own : Math.max(0, shape.length - 1)];
    }),
  );
}

const without = (shape: readonly number[], axis: number): number[] => shape.filter((_, i) => i !== axis);

/** The shapes to try: rows of classes, vectors, then volumes. A size that a tensor of the call fixes takes the place of one. */
function shapesFor(fixed: readonly number[], taken: readonly unknown[]): number[][] {
  const sizes = SIZES.filter((k) => !taken.includes(k));
  const [n, c, d] = sizes as unknown as readonly [number, number, number];
  const own = [...new Set(fixed)].filter((k) => k > 1);
  const free = sizes.filter((k) => !own.includes(k));
  const [f, g] = free as [number, number];
  const [k, l] = own;
  const rows =
    k === undefined
      ? [[n, c]]
      : l === undefined
        ? [
            [f, k],
            [k, f],
          ]
        : [
            [k, l],
            [l, k],
          ];
  const vectors = k === undefined ? [[n]] : [[k]];
  const volumes =
    k === undefined
      ? [[n, c, d]]
      : l === undefined
        ? [
            [f, k, g],
            [f, g, k],
          ]
        : [[k, l, f]];
  return [...rows, ...vectors, ...volumes];
}

/** All ways to write a call that its record accepts. */
export function formsOf(call: LossCall, given: readonly string[] = []): Form[] {
  const required = Object.entries(call.contract.inputs).flatMap(([n, i]) =>
    i.optional && !given.includes(n) ? [] : [n],
  );
  const fixed = tensorOptions(call);
  const sizes = Object.values(fixed).flatMap((t) => t.shape);
  const forms: Form[] = [];
  const seen = new Set<string>();
  for (const shape of shapesFor(sizes, Object.values(call.options)))
    for (const types of typesOn(call, required, shape)) {
      const all = { ...types, ...fixed };
      const key = JSON.stringify(types);
      if (seen.has(key) || !planTypes(call, all)) continue;
      seen.add(key);
      const integers = required.filter((n) => types[n]?.dtype === "int64");
      if (!integers.every((n) => takesLabels(call, all, n))) continue;
      const classAxis = classAxes(call, all);
      const floating = required.find((n) => !integers.includes(n) && (types[n]?.shape.length ?? 0) === shape.length);
      const classes = shape[floating === undefined ? 0 : (classAxis[floating] as number)] ?? 1;
      forms.push({ types: all, labels: integers, classAxis, classes });
    }
  return forms;
}

/** Types for the arguments of a call on a shape: class indices for one of them, all alike, or the last a row less. */
function* typesOn(call: LossCall, required: readonly string[], shape: readonly number[]): Generator<Types> {
  const like = (s: readonly number[]): TensorType => ({ dtype: "float32", shape: s });
  const all = Object.fromEntries(required.map((n) => [n, like(shape)]));
  const open = openTypes(call, shape);
  if (shape.length > 1)
    for (const label of required)
      for (const axis of shape.length > 2 ? [1, shape.length - 1] : [1])
        for (const more of open) yield { ...all, [label]: { dtype: "int64", shape: without(shape, axis) }, ...more };
  for (const more of open) yield { ...all, ...more };
  const last = required[required.length - 1];
  if (shape.length > 1 && required.length > 2 && last !== undefined)
    for (const more of open) yield { ...all, [last]: like(shape.slice(0, -1)), ...more };
}

/** Types for the options that the text leaves open. */
function openTypes(call: LossCall, shape: readonly number[]): Types[] {
  const optionals = call.open;
  if (optionals.length === 0) return [{}];
  const choices = [
    ...(shape.length > 1 ? [[shape[1] as number]] : []),
    shape,
    [...shape.slice(0, -1), 1],
    [shape[shape.length - 1] as number],
  ];
  return optionals.reduce<Types[]>(
    (list, name) =>
      list.flatMap((t) => choices.map((s) => ({ ...t, [name]: { dtype: "float32", shape: s } }) as Types)),
    [{}],
  );
}
