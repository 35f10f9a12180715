/** What a tensor of a call may hold: any number, probabilities, one-hot rows … Each is a parametrisation, for terms and for samples alike. */
import type { Random } from "./random.ts";
import type { Interval } from "./symbolic/facts.ts";
import type { Algebra, Values } from "./tensor-expression.ts";
import { forEachIndex, numbers } from "./tensor-expression.ts";

/** One domain. Its elements are functions of a free tensor, the base, which has any values that `sample` gives. */
export interface Domain {
  readonly name: string;
  /** What holds of the tensor, as a condition. */
  text(tensor: string): string;
  /** The base's shape. `axis`: the class axis. */
  base(shape: readonly number[], axis: number): readonly number[];
  sample(random: Random, shape: readonly number[], axis: number): number;
  value<V>(
    at: readonly V[],
    of: { shape: readonly number[]; axis: number },
    on: Algebra<V>,
    base: (at: readonly V[]) => V,
  ): V;
  /** Whether a tensor lies in the domain. */
  holds(values: Values, axis: number): boolean;
  /** How much it demands: 0 is nothing. */
  readonly rank: number;
  /** The closed range of the base. */
  readonly range?: Interval;
}

const same = (shape: readonly number[]): readonly number[] => shape;
const withoutAxis = <T>(list: readonly T[], axis: number): T[] => list.filter((_, i) => i !== axis);
const withAxis = <V>(at: readonly V[], axis: number, x: V): V[] => at.map((v, i) => (i === axis ? x : v));

const every = (f: (x: number) => boolean) => (v: Values) => v.data.every(f);
const close = (a: number, b: number): boolean => Math.abs(a - b) < 1e-5;
/** Whether every row along the axis satisfies f. */
const rowsAlong = (f: (row: readonly number[]) => boolean) => (v: Values, axis: number) => {
  const rows = new Map<string, number[]>();
  let i = 0;
  forEachIndex(v.shape, (at) => {
    const key = String(withoutAxis(at, axis));
    const row = rows.get(key) ?? [];
    row.push(v.data[i++] as number);
    rows.set(key, row);
  });
  return [...rows.values()].every(f);
};
const total = (row: readonly number[]): number => row.reduce((a, b) => a + b, 0);

const real: Domain = {
  name: "real",
  holds: () => true,
  rank: 0,
  text: (t) => `${t} holds any real numbers`,
  base: same,
  sample: (r) => 1.5 * r.normal(),
  value: (at, _of, _on, base) => base(at),
};
const unit: Domain = {
  ...real,
  name: "unit",
  holds: every((x) => x >= 0 && x <= 1),
  rank: 1,
  text: (t) => `0 <= ${t} <= 1`,
  sample: (r) => 0.03 + 0.94 * r.uniform(),
  range: [0, 1],
};
const sumOfExp = <V>(
  at: readonly V[],
  { shape, axis }: { shape: readonly number[]; axis: number },
  on: Algebra<V>,
  base: (at: readonly V[]) => V,
): V => on.sum(shape[axis] as number, (c) => on.exp(base(withAxis(at, axis, c))));
const simplex: Domain = {
  ...real,
  name: "simplex",
  holds: rowsAlong((row) => row.every((x) => x > 0) && close(total(row), 1)),
  rank: 2,
  text: (t) => `${t} holds probabilities: each class row is positive and sums to 1`,
  sample: (r) => r.normal(),
  value: (at, of, on, base) => on.divide(on.exp(base(at)), sumOfExp(at, of, on, base)),
};
const logSimplex: Domain = {
  ...real,
  name: "log-simplex",
  holds: rowsAlong((row) => close(total(row.map(Math.exp)), 1)),
  rank: 2,
  text: (t) => `${t} holds log-probabilities: exp(${t}) sums to 1 over the classes`,
  sample: (r) => r.normal(),
  value: (at, of, on, base) => on.add(base(at), on.multiply(on.number(-1), on.log(sumOfExp(at, of, on, base)))),
};
const oneHot: Domain = {
  name: "one-hot",
  holds: rowsAlong((row) => row.every((x) => x === 0 || x === 1) && total(row) === 1),
  rank: 4,
  text: (t) => `${t} is one-hot`,
  base: (shape, axis) => withoutAxis(shape, axis),
  sample: (r, shape, axis) => r.below(shape[axis] as number),
  value: (at, { axis }, on, base) => on.equal(at[axis] as (typeof at)[number], base(withoutAxis(at, axis))),
};
const binary: Domain = {
  ...real,
  name: "binary",
  holds: every((x) => x === 0 || x === 1),
  rank: 3,
  text: (t) => `${t} holds 0 and 1`,
  sample: (r) => r.below(2),
  value: (at, _of, on, base) => on.equal(base(at), on.number(1)),
};
const sign: Domain = {
  ...binary,
  name: "sign",
  holds: every((x) => x === 1 || x === -1),
  rank: 3,
  text: (t) => `${t} holds -1 and 1`,
  value: (at, _of, on, base) => on.add(on.multiply(on.number(2), on.equal(base(at), on.number(1))), on.number(-1)),
};
const rows: Domain = {
  ...real,
  name: "rows",
  holds: (v) => rowsAlong((row) => row.every((x) => x === row[0]))(v, v.shape.length - 1),
  rank: 3,
  text: (t) => `${t} is the same along its last axis`,
  base: (shape) => shape.slice(0, -1),
  sample: (r) => 0.1 + r.uniform(),
  value: (at, _of, _on, base) => base(at.slice(0, -1)),
};
const positive: Domain = {
  ...real,
  name: "positive",
  holds: every((x) => x > 0),
  rank: 1,
  text: (t) => `${t} > 0`,
  sample: (r) => 0.1 + r.uniform(),
};
/** The domain of one number. */
export const constantly = (x: number): Domain => ({
  ...real,
  name: `constant ${x}`,
  holds: every((v) => v === x),
  rank: 5,
  text: (t) => `${t} is ${x} everywhere`,
  base: () => [],
  sample: () => x,
  value: (_at, _of, on) => on.number(x),
});
/** Class indices below a size. */
export const classIndices = (classes: number): Domain => ({
  ...real,
  name: "labels",
  text: (t) => `${t} holds class indices`,
  sample: (r) => r.below(classes),
});

export const domains = { real, unit, simplex, logSimplex, oneHot, binary, sign, rows, positive };

/** A sample of a domain, with the base that it comes from. */
export function sampleDomain(
  domain: Domain,
  type: { shape: readonly number[]; dtype: Values["dtype"] },
  axis: number,
  random: Random,
): { values: Values; base: Values } {
  const shape = domain.base(type.shape, axis);
  const data: number[] = [];
  forEachIndex(shape, () => data.push(domain.sample(random, type.shape, axis)));
  const base: Values = { dtype: "float64", shape, data };
  const values: number[] = [];
  forEachIndex(type.shape, (at) =>
    values.push(domain.value(at, { shape: type.shape, axis }, numbers, (i) => elementAt(base, i))),
  );
  return { values: { dtype: type.dtype, shape: type.shape, data: values }, base };
}

export const elementAt = (t: Values, at: readonly number[]): number =>
  t.data[at.reduce((offset, i, k) => offset * (t.shape[k] as number) + i, 0)] as number;
