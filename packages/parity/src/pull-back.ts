/** The gradient of an expression's sources, given that of its value: forward derivatives of each element. */
import {
  type Algebra,
  elementOf,
  forEachIndex,
  numbers,
  type TensorExpression,
  typeOf,
  type Values,
} from "./tensor-expression.ts";

type Tensors = Readonly<Record<string, Values>>;

/** A number, and its derivative by each element of a source, where that is not 0. */
interface Dual {
  readonly x: number;
  readonly by: ReadonlyMap<string, ReadonlyMap<number, number>>;
}
const none: Dual["by"] = new Map();
const constant = (x: number): Dual => ({ x, by: none });

/** The derivative of f where f's derivatives by its operands are given. */
function chained(x: number, operands: readonly (readonly [Dual, number])[]): Dual {
  const by = new Map<string, Map<number, number>>();
  for (const [operand, slope] of operands)
    for (const [name, elements] of operand.by) {
      const own = by.get(name) ?? new Map<number, number>();
      for (const [i, d] of elements) own.set(i, (own.get(i) ?? 0) + slope * d);
      by.set(name, own);
    }
  return { x, by };
}

/** The arithmetic of numbers with their derivatives. An index is no function of anything. */
const duals: Algebra<Dual> = {
  number: constant,
  extent: constant,
  add: (a, b) =>
    chained(a.x + b.x, [
      [a, 1],
      [b, 1],
    ]),
  multiply: (a, b) =>
    chained(a.x * b.x, [
      [a, b.x],
      [b, a.x],
    ]),
  divide: (a, b) =>
    chained(a.x / b.x, [
      [a, 1 / b.x],
      [b, -a.x / b.x ** 2],
    ]),
  exp: (a) => chained(Math.exp(a.x), [[a, Math.exp(a.x)]]),
  log: (a) => chained(Math.log(a.x), [[a, 1 / a.x]]),
  equal: (a, b) => constant(numbers.equal(a.x, b.x)),
  sum: (n, f) => Array.from({ length: n }, (_, i) => f(constant(i))).reduce(duals.add, constant(0)),
  argmax: (n, f) => constant(numbers.argmax(n, (i) => f(constant(i)).x)),
};

/** What an expression passes back to each of its sources; labels get nothing. */
export function pullBack(e: TensorExpression, tensors: Tensors, gradient: Values): Record<string, number[]> {
  const out: Record<string, number[]> = {};
  const type = typeOf(e, tensors);
  if (!type) return out;
  const access = (name: string, at: readonly Dual[]): Dual => {
    const t = tensors[name] as Values;
    const offset = at.reduce((o, i, k) => o * (t.shape[k] as number) + i.x, 0);
    const x = t.data[offset] as number;
    return /float/.test(t.dtype) ? { x, by: new Map([[name, new Map([[offset, 1]])]]) } : constant(x);
  };
  let i = 0;
  forEachIndex(type.shape, (at) => {
    const g = gradient.data[i++] as number;
    for (const [name, elements] of elementOf(e, at.map(constant), tensors, duals, access).by) {
      out[name] ??= Array<number>((tensors[name] as Values).data.length).fill(0);
      for (const [k, d] of elements) (out[name] as number[])[k] = ((out[name] as number[])[k] as number) + d * g;
    }
  });
  return out;
}
