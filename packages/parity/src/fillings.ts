/** What the tensors of a target's call may be, in terms of a source's: expressions, nearest first. */
import { isLossError, type TensorType } from "@isoloss/core";
import { roleOf } from "./contestants/contestant.ts";
import type { Form } from "./forms.ts";
import type { Source } from "./probes.ts";
import type { LossCall } from "./system.ts";
import { complexityOf, sourcesOf, type TensorExpression, type Types, typeOf } from "./tensor-expression.ts";

const source = (name: string): TensorExpression => ({ kind: "source", name });

/** Numbers of the source's options: what an option over there may be. */
export const ownNumbers = (call: LossCall): number[] => [
  ...new Set(Object.values(call.options).filter((v): v is number => typeof v === "number" && Number.isFinite(v))),
];
/** The same and their reciprocals: what a factor may be. */
export const numbersOf = (call: LossCall): number[] => [
  ...new Set(ownNumbers(call).flatMap((v) => [v, ...(v > 0 && v !== 1 ? [1 / v] : [])])),
];
const fractions = (call: LossCall): number[] => [
  ...new Set(Object.values(call.options).filter((v): v is number => typeof v === "number" && v > 0 && v < 1)),
];

function unary(call: LossCall, form: Form, name: string): TensorExpression[] {
  const of = source(name);
  const type = form.types[name];
  if (!type) return [];
  if (form.labels.includes(name))
    return [of, ...[1, -1].map((axis): TensorExpression => ({ kind: "one-hot", of, classes: form.classes, axis }))];
  const moves: TensorExpression[] =
    type.shape.length > 2
      ? [
          { kind: "moved", of, from: 1, to: -1 },
          { kind: "moved", of, from: -1, to: 1 },
        ]
      : [];
  const smoothed = fractions(call).flatMap((s): TensorExpression[] => [
    { kind: "affine", of, factor: 1 - s, offset: s / 2 },
    { kind: "smoothed", of, by: s, axis: form.classAxis[name] ?? -1 },
  ]);
  const plain: TensorExpression[] = [
    of,
    { kind: "exp", of },
    { kind: "log", of },
    { kind: "log1p", of },
    { kind: "affine", of, factor: 2, offset: -1 },
    { kind: "affine", of, factor: 0.5, offset: 0.5 },
    { kind: "affine", of, factor: -1, offset: 0 },
    { kind: "new-axis", of },
    { kind: "first", of },
    { kind: "argmax", of, axis: form.classAxis[name] ?? -1 },
    ...smoothed,
  ];
  return [...plain, ...moves];
}

function combined(call: LossCall, form: Form, names: readonly string[]): TensorExpression[] {
  const weights = names.filter((n) => form.types[n]?.shape.length === 1 && !call.contract.inputs[n]);
  const others = names.filter((n) => !weights.includes(n));
  const taken = weights.flatMap((w) =>
    others.flatMap((t): TensorExpression[] =>
      form.labels.includes(t)
        ? [{ kind: "take", from: source(w), at: source(t) }]
        : [{ kind: "dot", weight: source(w), of: source(t), axis: form.classAxis[t] ?? -1 }],
    ),
  );
  const floats = others.filter((n) => !form.labels.includes(n) && call.contract.inputs[n]);
  const products = floats.flatMap((a, i) =>
    floats.slice(i + 1).map((b): TensorExpression => ({ kind: "product", left: source(a), right: source(b) })),
  );
  const differences = floats.flatMap((a) =>
    floats.flatMap((b): TensorExpression[] =>
      a !== b && roleOf(a) !== "target" && roleOf(b) !== "target" && floats.length > 2
        ? [{ kind: "difference", left: source(a), right: source(b) }]
        : [],
    ),
  );
  const filled = floats
    .slice(0, 1)
    .flatMap((n) => [1, -1, 0].map((value): TensorExpression => ({ kind: "filled", like: source(n), value })));
  return [...taken, ...products, ...differences, ...filled];
}

const fits = (e: TensorExpression, types: Types, takes: { labels: boolean; floats: boolean }): boolean => {
  const type = typeOf(e, types);
  return type !== undefined && (type.dtype === "int64" ? takes.labels : takes.floats);
};

/** Tensors beside the required inputs: weights. */
export const extrasOf = ({ call, form }: Source): string[] =>
  Object.keys(form.types).filter((n) => !call.contract.inputs[n] || call.contract.inputs[n]?.optional);

/** Every way to fill the target's tensors from the source's, of one complexity or less. */
export function* fillings(
  source: Source,
  target: { readonly call: LossCall },
  limit: number,
): Generator<Record<string, TensorExpression>> {
  const { call, form } = source;
  const names = Object.keys(form.types);
  const singles = names.flatMap((n) => unary(call, form, n));
  const pairs = combined(call, form, names);
  const required = Object.entries(target.call.contract.inputs).flatMap(([n, i]) => (i.optional ? [] : [n]));
  const extras = extrasOf(source);
  const spare = extras.length
    ? [
        ...Object.entries(target.call.contract.inputs).flatMap(([n, i]) =>
          i.optional && n !== "mask" && (i.only ?? target.call.as) === target.call.as ? [n] : [],
        ),
        ...Object.entries(target.call.contract.options).flatMap(([n, p]) =>
          p?.default === null && /weight/.test(n) && (p.only ?? target.call.as) === target.call.as ? [n] : [],
        ),
      ]
    : [];
  const every = [...singles, ...pairs];
  const go = function* (
    i: number,
    so: Record<string, TensorExpression>,
    left: number,
  ): Generator<Record<string, TensorExpression>> {
    const name = required[i];
    if (name === undefined) {
      yield so;
      for (const s of spare)
        for (const e of every) if (complexityOf(e) <= left && weighs(e) && readsAny(e, extras)) yield { ...so, [s]: e };
      return;
    }
    const takes = taken(target.call, name);
    for (const e of every)
      if (complexityOf(e) <= left && fits(e, form.types, takes) && !Object.values(so).some((x) => sameRoot(x, e)))
        yield* go(i + 1, { ...so, [name]: e }, left - complexityOf(e));
  };
  yield* go(0, {}, limit);
}
/** What a weight may be: itself, the weight of each label, or one number a row. */
const weighs = (e: TensorExpression): boolean => ["source", "take", "dot", "first", "new-axis"].includes(e.kind);
const readsAny = (e: TensorExpression, names: readonly string[]): boolean =>
  sourcesOf(e).some((name) => names.includes(name));
/** Two arguments are seldom made of the same tensor alone. */
const sameRoot = (a: TensorExpression, b: TensorExpression): boolean => {
  const root = (e: TensorExpression): string | undefined =>
    e.kind === "source"
      ? e.name
      : e.kind === "filled" || "left" in e || e.kind === "take"
        ? undefined
        : root("of" in e ? e.of : e);
  const r = root(a);
  return r !== undefined && r === root(b);
};

/** Whether an argument of the target may hold class indices, and whether it may hold numbers. */
function taken(call: LossCall, name: string): { labels: boolean; floats: boolean } {
  const kind = (type: TensorType): string | undefined => {
    const others: TensorType = { dtype: "float32", shape: [5, 3] };
    const inputs = Object.fromEntries(
      Object.entries(call.contract.inputs).flatMap(([n, i]) =>
        i.optional ? [] : [[n, n === name ? type : others] as const],
      ),
    );
    try {
      const { loss } = call.contract.define({ inputs, options: call.options, gradients: [], as: call.as });
      return (loss.inputs as Record<string, { kind: string }>)[call.contract.inputs[name]?.port ?? name]?.kind;
    } catch (e) {
      if (isLossError(e)) return undefined;
      throw e;
    }
  };
  return {
    labels: kind({ dtype: "int64", shape: [5] }) === "labels",
    floats: kind({ dtype: "float32", shape: [5, 3] }) !== "labels",
  };
}
