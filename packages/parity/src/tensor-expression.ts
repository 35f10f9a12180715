/** Expressions over the tensors of a call: what one framework's argument is in terms of another's. One meaning, for terms and for numbers. */
import type { TensorType } from "@isoloss/core";

/** The arithmetic in which an element is computed: of terms, or of numbers. */
export interface Algebra<V> {
  number(x: number): V;
  extent(size: number): V;
  add(a: V, b: V): V;
  multiply(a: V, b: V): V;
  divide(a: V, b: V): V;
  exp(a: V): V;
  log(a: V): V;
  /** 1 where a = b, else 0. */
  equal(a: V, b: V): V;
  /** Σ over an index of that size. */
  sum(size: number, f: (index: V) => V): V;
  /** The index of the largest of that many elements. */
  argmax(size: number, f: (index: V) => V): V;
}

/** An element of a named tensor. */
export type Access<V> = (tensor: string, at: readonly V[]) => V;

export type TensorExpression =
  | { readonly kind: "source"; readonly name: string }
  | { readonly kind: "filled"; readonly like: TensorExpression; readonly value: number }
  | { readonly kind: "exp" | "log" | "log1p"; readonly of: TensorExpression }
  | { readonly kind: "affine"; readonly of: TensorExpression; readonly factor: number; readonly offset: number }
  /** x·(1 − s) + s ⁄ C, C being the size of the class axis of `of`, which is its second or last. */
  | { readonly kind: "smoothed"; readonly of: TensorExpression; readonly by: number; readonly axis: number }
  | { readonly kind: "product" | "difference"; readonly left: TensorExpression; readonly right: TensorExpression }
  | { readonly kind: "one-hot"; readonly of: TensorExpression; readonly classes: number; readonly axis: number }
  | { readonly kind: "argmax"; readonly of: TensorExpression; readonly axis: number }
  | { readonly kind: "take"; readonly from: TensorExpression; readonly at: TensorExpression }
  /** Σ over the class axis of weight[c]·x[…, c, …]. */
  | { readonly kind: "dot"; readonly weight: TensorExpression; readonly of: TensorExpression; readonly axis: number }
  | { readonly kind: "moved"; readonly of: TensorExpression; readonly from: number; readonly to: number }
  | { readonly kind: "new-axis"; readonly of: TensorExpression }
  | { readonly kind: "first"; readonly of: TensorExpression };

export type Types = Readonly<Record<string, TensorType>>;

const moved = <T>(list: readonly T[], from: number, to: number): T[] => {
  const out = [...list];
  const [x] = out.splice(from, 1) as [T];
  out.splice(to < 0 ? list.length + to : to, 0, x);
  return out;
};
const without = <T>(list: readonly T[], axis: number): T[] => list.filter((_, i) => i !== axis);
const inserted = <T>(list: readonly T[], axis: number, x: T): T[] => {
  const out = [...list];
  out.splice(axis, 0, x);
  return out;
};
/** An axis counted from the end, as one from the front. */
const axisOf = (axis: number, rank: number): number => (axis < 0 ? rank + axis : axis);
const isFloating = (t: TensorType): boolean => /float/.test(t.dtype);

/** The type that an expression has, or undefined: it does not apply. */
export function typeOf(e: TensorExpression, types: Types): TensorType | undefined {
  if (e.kind === "source") return types[e.name];
  const of = typeOf(e.kind === "filled" ? e.like : "left" in e ? e.left : e.kind === "take" ? e.at : e.of, types);
  if (!of) return undefined;
  const { shape } = of;
  const rank = shape.length;
  switch (e.kind) {
    case "filled":
      return { dtype: "float32", shape };
    case "exp":
    case "log":
    case "log1p":
    case "affine":
      return isFloating(of) ? of : undefined;
    case "smoothed":
      return isFloating(of) && rank > 1 ? of : undefined;
    case "product":
    case "difference": {
      const right = typeOf(e.right, types);
      return right && isFloating(of) && isFloating(right) && String(right.shape) === String(shape) ? of : undefined;
    }
    case "one-hot":
      return isFloating(of) || rank === 0
        ? undefined
        : { dtype: "float32", shape: inserted(shape, axisOf(e.axis, rank + 1), e.classes) };
    case "argmax":
      return isFloating(of) && rank > 1 ? { dtype: "int64", shape: without(shape, axisOf(e.axis, rank)) } : undefined;
    case "take": {
      const from = typeOf(e.from, types);
      return from?.shape.length === 1 && !isFloating(of) ? { dtype: from.dtype, shape } : undefined;
    }
    case "dot": {
      const weight = typeOf(e.weight, types);
      const axis = axisOf(e.axis, rank);
      return weight?.shape.length === 1 && rank > 1 && weight.shape[0] === shape[axis] && isFloating(of)
        ? { dtype: of.dtype, shape: without(shape, axis) }
        : undefined;
    }
    case "moved":
      return rank > 2 ? { ...of, shape: moved(shape, axisOf(e.from, rank), e.to) } : undefined;
    case "new-axis":
      return { ...of, shape: [...shape, 1] };
    case "first":
      return rank > 1 ? { ...of, shape: shape.slice(0, -1) } : undefined;
  }
}

/** One element of an expression. `at` has an index for every dimension of its type. */
export function elementOf<V>(
  e: TensorExpression,
  at: readonly V[],
  types: Types,
  on: Algebra<V>,
  access: Access<V>,
): V {
  const go = (x: TensorExpression, i: readonly V[]): V => elementOf(x, i, types, on, access);
  const shape = (x: TensorExpression): readonly number[] => (typeOf(x, types) as TensorType).shape;
  switch (e.kind) {
    case "source":
      return access(e.name, at);
    case "filled":
      return on.number(e.value);
    case "exp":
      return on.exp(go(e.of, at));
    case "log":
      return on.log(go(e.of, at));
    case "log1p":
      return on.log(on.add(go(e.of, at), on.number(1)));
    case "affine":
      return on.add(on.multiply(go(e.of, at), on.number(e.factor)), on.number(e.offset));
    case "smoothed": {
      const classes = shape(e.of)[axisOf(e.axis, at.length)] as number;
      const share = on.divide(on.number(e.by), on.extent(classes));
      return on.add(on.multiply(go(e.of, at), on.number(1 - e.by)), share);
    }
    case "product":
      return on.multiply(go(e.left, at), go(e.right, at));
    case "difference":
      return on.add(go(e.left, at), on.multiply(on.number(-1), go(e.right, at)));
    case "one-hot": {
      const axis = axisOf(e.axis, at.length);
      return on.equal(at[axis] as V, go(e.of, without(at, axis)));
    }
    case "argmax": {
      const axis = axisOf(e.axis, at.length + 1);
      return on.argmax(shape(e.of)[axis] as number, (c) => go(e.of, inserted(at, axis, c)));
    }
    case "take":
      return go(e.from, [go(e.at, at)]);
    case "dot": {
      const axis = axisOf(e.axis, at.length + 1);
      return on.sum(shape(e.of)[axis] as number, (c) =>
        on.multiply(go(e.weight, [c]), go(e.of, inserted(at, axis, c))),
      );
    }
    case "moved": {
      const rank = at.length;
      const from = axisOf(e.from, rank);
      return go(e.of, moved(at, axisOf(e.to, rank), from));
    }
    case "new-axis":
      return go(e.of, at.slice(0, -1));
    case "first":
      return go(e.of, [...at, on.number(0)]);
  }
}

/** The tensors that an expression reads. */
export function sourcesOf(e: TensorExpression): string[] {
  switch (e.kind) {
    case "source":
      return [e.name];
    case "filled":
      return sourcesOf(e.like);
    case "product":
    case "difference":
      return [...sourcesOf(e.left), ...sourcesOf(e.right)];
    case "take":
      return [...sourcesOf(e.from), ...sourcesOf(e.at)];
    case "dot":
      return [...sourcesOf(e.weight), ...sourcesOf(e.of)];
    default:
      return sourcesOf(e.of);
  }
}

/** How far an expression is from the plain tensor: the search tries the nearest first. */
export function complexityOf(e: TensorExpression): number {
  switch (e.kind) {
    case "source":
      return 0;
    case "moved":
      return 1 + complexityOf(e.of);
    case "product":
    case "difference":
    case "take":
    case "dot":
      return 2;
    case "filled":
      return 1;
    default:
      return 2 + complexityOf(e.of);
  }
}

/** The arithmetic of numbers. */
export const numbers: Algebra<number> = {
  number: (x) => x,
  extent: (n) => n,
  add: (a, b) => a + b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  exp: Math.exp,
  log: Math.log,
  equal: (a, b) => (a === b ? 1 : 0),
  sum: (n, f) => Array.from({ length: n }, (_, i) => f(i)).reduce((a, b) => a + b, 0),
  argmax: (n, f) => {
    const all = Array.from({ length: n }, (_, i) => f(i));
    return all.indexOf(Math.max(...all));
  },
};

/** Calls f with every index of a shape, row-major. */
export function forEachIndex(shape: readonly number[], f: (at: number[]) => void): void {
  const go = (at: number[]): void => {
    if (at.length === shape.length) f(at);
    else for (let i = 0; i < (shape[at.length] as number); i++) go([...at, i]);
  };
  go([]);
}

/** A tensor as plain numbers. */
export interface Values extends TensorType {
  readonly data: readonly number[];
}

/** The tensor that an expression is, of given tensors; undefined: it does not apply to their types. */
export function evaluateExpression(e: TensorExpression, tensors: Readonly<Record<string, Values>>): Values | undefined {
  if (e.kind === "source") return tensors[e.name];
  const memo = evaluated.get(tensors) ?? new Map<TensorExpression, Values | undefined>();
  evaluated.set(tensors, memo);
  if (!memo.has(e)) memo.set(e, evaluatedOnce(e, tensors));
  return memo.get(e);
}
const evaluated = new WeakMap<object, Map<TensorExpression, Values | undefined>>();

function evaluatedOnce(e: TensorExpression, tensors: Readonly<Record<string, Values>>): Values | undefined {
  const type = typeOf(e, tensors);
  if (!type) return undefined;
  const access: Access<number> = (name, at) => {
    const t = tensors[name] as Values;
    return t.data[at.reduce((offset, i, k) => offset * (t.shape[k] as number) + i, 0)] as number;
  };
  const data: number[] = [];
  forEachIndex(type.shape, (at) => data.push(elementOf(e, at, tensors, numbers, access)));
  if (data.includes(undefined as unknown as number)) return undefined; // an index beyond what is indexed
  return { dtype: type.dtype, shape: type.shape, data };
}
