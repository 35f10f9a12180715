/**
 * The compiler's view of a program: values over the axes that they really depend on (no `expand`), shared, and rewritten by
 * named rules that keep every bit (all NaNs being equal).
 */

import { type Axis, type DType, isFloat, isOuter, type Node, type Op, type Program, topological } from "@isoloss/core";
import type { Type } from "./number-layout.ts";
import { type Make, rewrites } from "./rewrite.ts";

/** The axis of a domain that has no other: one row. */
export const ONE: Axis = "one";

/**
 * `total` and `partial` are sums (or a maximum) over outer axes, of all rows or leaving some axes; `sum`, `max` and `min` run
 * along the class axis (`min` is no primitive: it passes over NaN, and only bounds what a fast body may take for granted).
 */
export type ValueOp = Exclude<Op, "expand"> | Reduction | "total" | "total-max" | "partial";
export type Reduction = "sum" | "max" | "min";

export interface Value {
  readonly id: number;
  readonly op: ValueOp;
  readonly args: readonly Value[];
  /** What the value depends on. */
  readonly axes: readonly Axis[];
  readonly dtype: DType;
  /** As the node's; `total` and `partial`: the outer axes that are summed over and left, `sum` and `max`: nothing. */
  readonly attribute: unknown;
}
/** What `total` and `partial` run over: the rows are `domain`, and `over` is summed. */
export interface OuterSum {
  readonly domain: readonly Axis[];
  readonly over: readonly Axis[];
  readonly left: readonly Axis[];
}

export const isUniform = (v: Value): boolean => v.axes.length === 0;
export const isReduction = (v: Value): boolean => v.op === "sum" || v.op === "max" || v.op === "min";
/** Values that one sweep hands to the next. */
export const crosses = (v: Value): boolean => v.op === "total" || v.op === "total-max" || v.op === "partial";
export const isConstant = (v: Value | undefined, x?: number): boolean =>
  v?.op === "constant" && (x === undefined || Object.is(v.attribute, x));

/** The values of a graph, each once. */
export class Values {
  readonly #known = new Map<string, Value>();
  readonly #order: readonly Axis[];
  /** The axis along which classes lie, if the program has one. */
  readonly classAxis: Axis | undefined;
  constructor(program: Program) {
    this.#order = program.axes;
    this.classAxis = program.axes.find((a) => !isOuter(a));
  }

  /** A value as it stands, without rewriting. */
  readonly plain = (
    op: ValueOp,
    args: readonly Value[],
    dtype: DType,
    attribute?: unknown,
    axes: readonly Axis[] = this.union(args),
  ): Value => {
    const text = op === "total" || op === "partial" || op === "total-max" ? JSON.stringify(attribute) : attribute;
    const key = `${op}:${dtype}[${axes}](${args.map((a) => a.id)})${Object.is(text, -0) ? "-0" : String(text ?? "")}`;
    const old = this.#known.get(key);
    if (old) return old;
    const value: Value = { id: this.#known.size, op, args, axes, dtype, attribute };
    this.#known.set(key, value);
    return value;
  };
  /** A value, by the rules of `rewrite.ts`. */
  readonly make: Make = (op, args, dtype, attribute) => {
    for (const rule of rewrites) {
      const better = rule({ op, args, dtype, attribute }, this);
      if (better) return better;
    }
    return this.plain(op, args, dtype, attribute);
  };
  constant(x: number, dtype: DType): Value {
    return this.plain("constant", [], dtype, x);
  }
  union(args: readonly Value[]): readonly Axis[] {
    const has = new Set(args.flatMap((a) => a.axes));
    if (has.size === 0) return [];
    const axes = this.#order.filter((a) => has.has(a));
    return has.has(ONE) ? [...axes, ONE] : axes;
  }

  /** The values of a program's outputs. */
  build(outputs: readonly Node[]): Value[] {
    const done = new Map<Node, Value>();
    for (const n of topological(outputs))
      done.set(
        n,
        this.#adopt(
          n,
          n.args.map((a) => done.get(a) as Value),
        ),
      );
    return outputs.map((o) => done.get(o) as Value);
  }
  #adopt(n: Node, args: readonly Value[]): Value {
    switch (n.op) {
      case "input":
      case "iota":
        return this.plain(n.op, [], n.dtype, n.attribute, n.axes);
      case "expand":
      case "custom":
        return args[0] as Value;
      case "sum":
      case "max":
        return this.#reduction(n.op, n, args[0] as Value);
      default:
        return this.make(n.op, args, n.dtype, n.attribute);
    }
  }
  /** Which kind of reduction a node is depends on the axes that it declares, expanded ones included. */
  #reduction(op: "sum" | "max", n: Node, x: Value): Value {
    const over = n.attribute as readonly Axis[];
    const declared = (n.args[0] as Node).axes;
    if (over.every(isOuter)) {
      const sums: OuterSum = { domain: declared.filter(isOuter), over, left: n.axes };
      if (n.axes.length === 0) return this.plain(op === "sum" ? "total" : "total-max", [x], n.dtype, sums, []);
      return this.plain("partial", [x], op === "sum" ? n.dtype : "bool", sums, n.axes); // a partial maximum is refused
    }
    const last = declared.at(-1) === over[0];
    const outer = x.axes.filter((a) => a !== over[0]);
    if (outer.length > 0) return this.make(op, [x], n.dtype, last);
    // Of class values only: one row, handed on as a total.
    return this.handOn(this.plain(op, [x], n.dtype, last, [ONE]), op === "sum" ? "total" : "total-max");
  }
  /** The value of one row as a value without axes: the total of that row. (A sum would turn −0 into 0.) */
  handOn(row: Value, as: "total" | "total-max"): Value {
    const one: OuterSum = { domain: [ONE], over: [ONE], left: [] };
    return this.plain(as, [row], row.dtype, one, []);
  }
}

/** The type of the lanes: float64 if anything but inputs and results computes in it. */
export function laneType(program: Program): Type {
  const outputs = new Set(program.outputs);
  const computed = topological(program.outputs).filter(
    (n) => n.axes.length > 0 && isFloat(n.dtype) && n.op !== "input" && !(n.op === "cast" && outputs.has(n)),
  );
  return computed.some((n) => n.dtype === "float64") ? "float64" : "float32";
}
