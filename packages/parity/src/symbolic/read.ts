/** Reads the graph of a planned call as a term over the real numbers. */
import { type Axis, type DType, type Node, type Plan, topological } from "@isoloss/core";
import type { Calculus } from "./calculus.ts";
import { minus, number, ofAtom, one, plus, scale, type Term, times } from "./term.ts";

/** A dimension of the call: an index variable by its size. Sizes of one comparison are distinct primes, so a size names its dimension. */
export const variableOf = (extent: number): string => `i${extent}`;
export const indexOf = (variable: string): Term => ofAtom({ kind: "index", variable });

/** A leaf of the graph: the element of an argument at one index of every dimension of its shape. */
export type Leaf = (name: string, at: readonly Term[]) => Term;

export interface Reading {
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  readonly leaf: Leaf;
  readonly calculus: Calculus;
  /** Numbers that the call's options hold: they are no sizes. */
  readonly numbers: ReadonlySet<number>;
}

/** The number that was written, not the float32 nearest to it: the shortest decimal that rounds to it. */
export function written(x: number, dtype: DType): number {
  if (dtype !== "float32" || !Number.isFinite(x)) return x;
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(x.toPrecision(digits));
    if (Math.fround(short) === x) return short;
  }
  return x;
}

/** Which dimensions each axis of a plan stands for. */
function variablesOf(nodes: readonly Node[], plan: Plan, shapes: Reading["shapes"]): Map<Axis, readonly string[]> {
  const out = new Map<Axis, readonly string[]>();
  for (const n of nodes) {
    if (n.op !== "input") continue;
    const dims = (shapes.get(n.attribute) as readonly number[]).filter((d) => d !== 1);
    for (const axis of n.axes) {
      const own: string[] = [];
      for (let rest = plan.extents.get(axis) as number; rest > 1; ) {
        const d = dims.shift() as number;
        own.push(variableOf(d));
        rest /= d;
      }
      out.set(axis, own);
    }
  }
  return out;
}

/** One output of a plan for each of its nodes. */
export function readPlan(plan: Plan, { shapes, leaf, calculus, numbers }: Reading): Term[] {
  const nodes = topological(plan.outputs);
  const variables = variablesOf(nodes, plan, shapes);
  const terms = new Map<Node, Term>();
  const on = (axes: readonly Axis[]): string[] => axes.flatMap((a) => variables.get(a) ?? []);
  for (const n of nodes)
    terms.set(
      n,
      termOf(
        n,
        n.args.map((a) => terms.get(a) as Term),
      ),
    );
  return plan.outputs.map((o) => terms.get(o) as Term);

  /** A record may hand a size of the call to its definition as a number. */
  function isSize(x: number): boolean {
    return x > 2 && !numbers.has(x) && [...shapes.values()].some((shape) => shape.includes(x));
  }
  function input(name: string): Term {
    const shape = shapes.get(name) as readonly number[];
    return leaf(
      name,
      shape.map((d) => (d === 1 ? number(0) : indexOf(variableOf(d)))),
    );
  }
  function termOf(n: Node, args: readonly Term[]): Term {
    const [a, b, c] = args as [Term, Term, Term];
    switch (n.op) {
      case "input":
        return input(n.attribute);
      case "constant":
        return isSize(n.attribute)
          ? ofAtom({ kind: "extent", variable: variableOf(n.attribute) })
          : number(written(n.attribute, n.dtype));
      case "parameter":
        throw new TypeError("a planned graph has constants, not parameters");
      case "extent":
        return times(one, ...on([n.attribute]).map((variable) => ofAtom({ kind: "extent", variable })));
      case "iota":
        return indexOf(on([n.attribute])[0] as string);
      case "sum":
        return on(n.attribute).reduce(calculus.sum, a);
      case "max":
        return on(n.attribute).reduce(calculus.max, a);
      case "accumulate":
        return on((n.args[0] as Node).axes).reduce(calculus.sum, times(a, b));
      case "pick": {
        const [v] = on([n.attribute]);
        return v === undefined ? a : calculus.rebuild(a, new Map([[v, b]]));
      }
      case "cast":
        return n.dtype === "bool" || isWhole(n.args[0] as Node) || !isInteger(n.dtype) ? a : calculus.trunc(a);
      case "expand":
      case "custom":
        return a;
      case "neg":
        return scale(a, -1);
      case "abs":
        return minus(a, times(scale(a, 2), calculus.below(a)));
      case "sign":
        return minus(one, plus(calculus.isZero(a), scale(calculus.below(a), 2)));
      case "exp":
        return calculus.exp(a);
      case "log":
        return calculus.log(a);
      case "log1p":
        return calculus.log(plus(one, a));
      case "sqrt":
        return calculus.power(a, 0.5);
      case "trunc":
        return isWhole(n.args[0] as Node) ? a : calculus.trunc(a);
      case "not":
        return minus(one, a);
      case "add":
        return plus(a, b);
      case "sub":
        return minus(a, b);
      case "mul":
        return times(a, b);
      case "div":
        return times(a, calculus.power(b, -1));
      case "lt":
        return calculus.below(minus(a, b));
      case "le":
        return plus(calculus.below(minus(a, b)), calculus.isZero(minus(a, b)));
      case "eq":
        return calculus.isZero(minus(a, b));
      case "and":
        return times(a, b);
      case "or":
        return minus(plus(a, b), times(a, b));
      case "where":
        return plus(c, times(a, minus(b, c)));
    }
  }
}

const isInteger = (d: DType): boolean => /int/.test(d);
const isWhole = (n: Node): boolean => isInteger(n.dtype) || n.dtype === "bool";
