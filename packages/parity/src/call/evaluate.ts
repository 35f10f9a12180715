/** Computes the expressions around a call and in its arguments, on plain numbers: what a translation prints can be run. */
import { forEachIndex, type Values } from "../tensor-expression.ts";
import { CallError, type Expression, type Index, pathOf } from "./syntax.ts";

/** A tensor, a number, or a shape. */
export type Computed = Values | number | readonly number[];

const isShape = (x: Computed): x is readonly number[] => Array.isArray(x);
const isNumber = (x: Computed): x is number => typeof x === "number";
const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const offset = (shape: readonly number[], at: readonly number[]): number =>
  at.reduce((o, i, k) => o * (shape[k] as number) + i, 0);

/** A tensor made element by element. */
export function build(shape: readonly number[], dtype: Values["dtype"], f: (at: number[]) => number): Values {
  const data: number[] = [];
  forEachIndex(shape, (at) => data.push(f(at)));
  return { dtype, shape, data };
}

function elementwise(a: Computed, b: Computed, f: (x: number, y: number) => number): Computed {
  if (isShape(a) || isShape(b)) throw new TypeError("a shape is no number: index it");
  if (isNumber(a) && isNumber(b)) return f(a, b);
  const shape = broadcastShape(isNumber(a) ? [] : a.shape, isNumber(b) ? [] : b.shape);
  const pick = (x: Values | number, at: readonly number[]): number => {
    if (isNumber(x)) return x;
    const own = at.slice(at.length - x.shape.length).map((i, k) => (x.shape[k] === 1 ? 0 : i));
    return x.data[offset(x.shape, own)] as number;
  };
  return build(shape, (isNumber(a) ? (b as Values) : a).dtype, (at) => f(pick(a, at), pick(b, at)));
}
function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw new TypeError(`shapes [${a}] and [${b}] do not broadcast`);
    return x === 1 ? y : x;
  });
}
const map = (x: Computed, f: (v: number) => number): Computed => elementwise(x, 0, (v) => f(v));
const tensor = (x: Computed | undefined): Values => {
  if (x === undefined || isShape(x)) throw new TypeError("a tensor is missing");
  return isNumber(x) ? { dtype: "float32", shape: [], data: [x] } : x;
};
const axisIn = (axis: number, rank: number): number => (axis < 0 ? rank + axis : axis);

function reduceAxis(x: Values, axis: number, f: (row: number[]) => number, dtype = x.dtype): Values {
  const a = axisIn(axis, x.shape.length);
  const shape = x.shape.filter((_, i) => i !== a);
  return build(shape, dtype, (at) =>
    f(
      Array.from(
        { length: x.shape[a] as number },
        (_, c) => x.data[offset(x.shape, [...at.slice(0, a), c, ...at.slice(a)])] as number,
      ),
    ),
  );
}
function moveaxis(x: Values, from: number, to: number): Values {
  const rank = x.shape.length;
  const order = x.shape.map((_, i) => i);
  const [axis] = order.splice(axisIn(from, rank), 1) as [number];
  order.splice(axisIn(to, rank), 0, axis);
  const shape = order.map((i) => x.shape[i] as number);
  return build(shape, x.dtype, (at) => {
    const own: number[] = [];
    order.forEach((i, k) => {
      own[i] = at[k] as number;
    });
    return x.data[offset(x.shape, own)] as number;
  });
}

/** The functions of tensors that a call's arguments may use, by the last part of their name. */
export const functions: Readonly<Record<string, (...args: Computed[]) => Computed>> = {
  exp: (x) => map(x as Computed, Math.exp),
  log: (x) => map(x as Computed, Math.log),
  log1p: (x) => map(x as Computed, Math.log1p),
  multiply: (a, b) => elementwise(a as Computed, b as Computed, (x, y) => x * y),
  divide: (a, b) => elementwise(a as Computed, b as Computed, (x, y) => x / y),
  add: (a, b) => elementwise(a as Computed, b as Computed, (x, y) => x + y),
  subtract: (a, b) => elementwise(a as Computed, b as Computed, (x, y) => x - y),
  full_like: (x, v) => ({ ...tensor(x), dtype: "float32", data: tensor(x).data.map(() => v as number) }),
  one_hot: (x, n) => {
    const t = tensor(x);
    return build([...t.shape, n as number], "float32", (at) =>
      t.data[offset(t.shape, at.slice(0, -1))] === at[at.length - 1] ? 1 : 0,
    );
  },
  argmax: (x, axis) => reduceAxis(tensor(x), (axis as number) ?? -1, (row) => row.indexOf(Math.max(...row)), "int64"),
  sum: (x, axis) => reduceAxis(tensor(x), (axis as number) ?? -1, (row) => row.reduce((a, b) => a + b, 0)),
  take: (x, at) => ({
    ...tensor(at),
    dtype: tensor(x).dtype,
    data: tensor(at).data.map((i) => tensor(x).data[i] as number),
  }),
  moveaxis: (x, from, to) => moveaxis(tensor(x), from as number, to as number),
  expand_dims: (x) => ({ ...tensor(x), shape: [...tensor(x).shape, 1] }),
  select: (x) => reduceAxis(tensor(x), -1, (row) => row[0] as number),
  float: (x) => tensor(x),
};
const aliases: Readonly<Record<string, string>> = { movedim: "moveaxis", gather: "take", reduce_sum: "sum" };
/** The function that a dotted path ends in. */
export const functionAt = (path: string): keyof typeof functions | undefined => {
  const last = path.slice(path.lastIndexOf(".") + 1);
  const name = aliases[last] ?? last;
  return Object.hasOwn(functions, name) ? name : undefined;
};

/** Computes an expression. `known` gives a value to nodes that are not to be looked into: the loss call itself. */
export function evaluate(
  e: Expression,
  tensors: Readonly<Record<string, Values>>,
  text: string,
  known: (e: Expression) => Computed | undefined = () => undefined,
): Computed {
  const go = (x: Expression): Computed => evaluate(x, tensors, text, known);
  const given = known(e);
  if (given !== undefined) return given;
  const fail = (message: string): never => {
    throw new CallError(text, e.at, message);
  };
  switch (e.kind) {
    case "literal":
      return literal(e.value) ?? fail("this is no number and no tensor");
    case "name":
      return tensors[e.name] ?? fail(`there is no tensor '${e.name}'; there are ${Object.keys(tensors).join(", ")}`);
    case "negate":
      return map(go(e.of), (x) => -x);
    case "binary": {
      const operations = { "+": "add", "-": "subtract", "*": "multiply", "/": "divide" } as const;
      return (functions[operations[e.op]] as (x: Computed, y: Computed) => Computed)(go(e.left), go(e.right));
    }
    case "attribute":
      return e.name === "shape" ? [...tensor(go(e.of)).shape] : fail(`a tensor has no '${e.name}' here`);
    case "index":
      return (
        indexed(go(e.of), e.index, go) ??
        fail("this index is not understood: [..., None], [..., 0], [labels], shape[-1]")
      );
    case "call": {
      const path = pathOf(e.callee);
      const method = e.callee.kind === "attribute" && path === undefined ? e.callee : undefined;
      const name = functionAt(path ?? method?.name ?? "");
      if (name === undefined) return fail(`'${path ?? "this"}' is no function of tensors`);
      const args = e.args.map((a) => go(a.value));
      return (functions[name] as (...a: Computed[]) => Computed)(...(method ? [go(method.of)] : []), ...args);
    }
  }
}

/** A number, or nested lists of them as a tensor. */
function literal(value: unknown): Computed | undefined {
  if (typeof value === "number") return value;
  if (!Array.isArray(value)) return undefined;
  const shape: number[] = [];
  for (let level: unknown = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  const data = value.flat(Number.POSITIVE_INFINITY) as number[];
  return data.every((x) => typeof x === "number") && data.length === size(shape)
    ? { dtype: "float32", shape, data }
    : undefined;
}

function indexed(x: Computed, index: readonly Index[], go: (e: Expression) => Computed): Computed | undefined {
  const [first, second] = index;
  if (isShape(x)) return index.length === 1 && typeof first === "object" ? x.at(go(first) as number) : undefined;
  if (index.length === 2 && first === "...") {
    if (second === "None") return functions["expand_dims"]?.(x);
    return typeof second === "object" && go(second) === 0 ? functions["select"]?.(x) : undefined;
  }
  return index.length === 1 && typeof first === "object" ? functions["take"]?.(x, go(first)) : undefined;
}
