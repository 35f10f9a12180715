/**
 * How far the float32 answer of a graph may lie from its value over the reals, for given inputs: running error analysis.
 * Every node carries its real value (in float64) and a bound on the error of its float32 counterpart.
 */
import {
  type Axis,
  type DType,
  type ElementwiseOp,
  evaluate,
  type Node,
  type Plan,
  type TypedArray,
  toNumbers,
  topological,
} from "@isoloss/core";
import { offsets } from "@isoloss/core/reference";
import { type Tensors, toTensorOf } from "../evaluate.ts";

interface Bounded {
  readonly value: Float64Array;
  readonly error: Float64Array;
}

const roundoff: Readonly<Partial<Record<DType, number>>> = {
  float32: 2 ** -24,
  float64: 2 ** -53,
  float16: 2 ** -11,
  bfloat16: 2 ** -8,
};
/** exp, log and their kin are right within two units in the last place. */
const TRANSCENDENTAL = 4;

/** The bound on an elementwise result, of its operands and theirs. `r` is the real result, u half a unit in the last place of 1. */
function elementError(op: ElementwiseOp, r: number, x: readonly number[], e: readonly number[], u: number): number {
  const [a = 0, b = 0, c = 0] = x;
  const [ea = 0, eb = 0, ec = 0] = e;
  switch (op) {
    case "add":
    case "sub":
      return ea + eb + u * Math.abs(r);
    case "mul":
      return Math.abs(a) * eb + Math.abs(b) * ea + ea * eb + u * Math.abs(r);
    case "div":
      return Math.abs(b) <= eb ? Infinity : (ea + Math.abs(r) * eb) / (Math.abs(b) - eb) + u * Math.abs(r);
    case "exp":
      return Math.abs(r) * (Math.expm1(ea) + TRANSCENDENTAL * u);
    case "log":
      return (Math.abs(a) <= ea ? Infinity : ea / (Math.abs(a) - ea)) + TRANSCENDENTAL * u * Math.abs(r);
    case "log1p":
      return (1 + a <= ea ? Infinity : ea / (1 + a - ea)) + TRANSCENDENTAL * u * Math.abs(r);
    case "sqrt":
      return r - Math.sqrt(Math.max(a - ea, 0)) + u * r;
    case "neg":
    case "abs":
      return ea;
    case "sign":
      return Math.abs(a) <= ea && ea > 0 ? 2 : 0;
    case "trunc":
      return ea === 0 ? 0 : ea + 1;
    case "cast":
      return ea + u * Math.abs(r);
    case "lt":
    case "le":
    case "eq":
      return Math.abs(a - b) <= ea + eb && ea + eb > 0 ? 1 : 0;
    case "not":
    case "and":
    case "or":
      return Math.max(ea, eb);
    case "where":
      return ea > 0 ? Math.max(eb, ec) + Math.abs(b - c) : a !== 0 ? eb : ec;
  }
}

/** The value over the reals and the bound, of the plan's first output. */
export function boundedValue(plan: Plan, tensors: Tensors): Bounded {
  const sizes = plan.extents;
  const size = (axes: readonly Axis[]): number => axes.reduce((n, a) => n * (sizes.get(a) as number), 1);
  const known = new Map<Node, Bounded>();
  const of = (n: Node): Bounded => known.get(n) as Bounded;
  for (const n of topological(plan.outputs.slice(0, 1))) known.set(n, compute(n));
  return of(plan.outputs[0] as Node);

  function compute(n: Node): Bounded {
    const length = size(n.axes);
    const value = new Float64Array(length);
    const error = new Float64Array(length);
    const u = roundoff[n.dtype] ?? 0;
    switch (n.op) {
      case "input": {
        const source = plan.sources.get(n.attribute);
        const tensor = tensors[n.attribute];
        if (!source || !tensor) throw new TypeError(`no tensor ${n.attribute}`);
        value.set(toNumbers(source.convert(toTensorOf(tensor).data) as TypedArray, n.dtype));
        break;
      }
      case "constant":
        value.fill(n.attribute);
        error.fill(u * Math.abs(n.attribute));
        break;
      case "parameter":
        throw new TypeError("a planned graph has constants, not parameters");
      case "extent":
        value.fill(sizes.get(n.attribute) as number);
        break;
      case "iota":
        value.forEach((_, i) => {
          value[i] = i;
        });
        break;
      case "custom":
        return of(n.args[0] as Node);
      case "expand": {
        const x = of(n.args[0] as Node);
        offsets(n.axes, (n.args[0] as Node).axes, sizes).forEach((at, i) => {
          value[i] = x.value[at] as number;
          error[i] = x.error[at] as number;
        });
        break;
      }
      case "sum":
      case "max":
        reduce(n, value, error, u);
        break;
      case "accumulate":
        accumulate(n, value, error, u);
        break;
      case "pick":
        pick(n, value, error);
        break;
      default:
        elementwise(n, n.op, value, error, u);
    }
    return { value, error };
  }

  function reduce(n: Node, value: Float64Array, error: Float64Array, u: number): void {
    const arg = n.args[0] as Node;
    const x = of(arg);
    const count = x.value.length / Math.max(1, value.length);
    if (n.op === "max") value.fill(-Infinity);
    offsets(arg.axes, n.axes, sizes).forEach((to, i) => {
      const v = x.value[i] as number;
      const e = x.error[i] as number;
      if (n.op === "sum") {
        value[to] = (value[to] as number) + v;
        error[to] = (error[to] as number) + e + count * u * Math.abs(v);
      } else {
        value[to] = Math.max(value[to] as number, v);
        error[to] = Math.max(error[to] as number, e);
      }
    });
  }
  function accumulate(n: Node, value: Float64Array, error: Float64Array, u: number): void {
    const [x, keep] = n.args.map(of) as [ReturnType<typeof of>, ReturnType<typeof of>];
    x.value.forEach((v, i) => {
      if (!keep.value[i]) return;
      value[0] = (value[0] as number) + v;
      error[0] = (error[0] as number) + (x.error[i] as number) + x.value.length * u * Math.abs(v);
    });
  }
  function pick(n: Node, value: Float64Array, error: Float64Array): void {
    const [x, index] = n.args as [Node, Node];
    const axis = n.attribute as Axis;
    const k = sizes.get(axis) as number;
    const at = offsets([...n.axes, axis], x.axes, sizes);
    const labels = offsets(n.axes, index.axes, sizes);
    value.forEach((_, i) => {
      const j = at[i * k + (of(index).value[labels[i] as number] as number)] as number;
      value[i] = of(x).value[j] as number;
      error[i] = of(x).error[j] as number;
    });
  }
  function elementwise(n: Node, op: ElementwiseOp, value: Float64Array, error: Float64Array, u: number): void {
    const f = evaluate(op);
    const at = n.args.map((a) => offsets(n.axes, a.axes, sizes));
    value.forEach((_, i) => {
      const x = n.args.map((a, k) => of(a).value[at[k]?.[i] as number] as number);
      const e = n.args.map((a, k) => of(a).error[at[k]?.[i] as number] as number);
      value[i] = f(...x);
      error[i] = elementError(op, value[i] as number, x, e, op === "cast" && n.dtype === n.args[0]?.dtype ? 0 : u);
    });
  }
}
