/** A few graphs as losses make them, written with core's primitives: this package knows no loss. */
import {
  type Axis,
  add,
  constant,
  count,
  customGradient,
  div,
  eq,
  exp,
  expand,
  grad,
  input,
  isOuter,
  log1p,
  logSoftmax,
  lt,
  mul,
  type Node,
  ne,
  neg,
  type Program,
  pick,
  program,
  sqrt,
  square,
  sub,
  sum,
  total,
  where,
} from "@isoloss/core";

type Float = "float32" | "float64";
const withGradient = (loss: Node, by: Node, wrt: readonly Node[], axes: readonly Axis[]): Program => {
  const value = div(total(loss), by);
  return program([value, ...grad(value, wrt, constant(1, loss.dtype))], axes);
};

/** mean((x − y)²) */
export function squaredError(dtype: Float = "float32"): Program {
  const [x, y] = ["x", "y"].map((name) => input(name, ["0"], dtype)) as [Node, Node];
  return withGradient(square(sub(x, y)), count(["0"], dtype), [x], ["0"]);
}
/** mean((1 − y)·x − min(x, 0) + log(1 + e^−|x|)), gradient sigmoid(x) − y */
export function logistic(dtype: Float = "float32"): Program {
  const [x, y] = ["x", "y"].map((name) => input(name, ["0"], dtype)) as [Node, Node];
  const isNegative = lt(x, 0);
  const e = exp(where(isNegative, x, neg(x)));
  const loss = add(sub(mul(sub(1, y), x), where(isNegative, x, 0)), log1p(e));
  const withSlope = customGradient(loss, [x], (g) => [mul(g, sub(div(1, add(exp(neg(x)), 1)), y))]);
  return withGradient(withSlope, count(["0"], dtype), [x], ["0"]);
}
/** Softmax cross-entropy against labels, −100 ignored, over the axes of the logits. */
export function softmax(axes: readonly Axis[], dtype: Float = "float32", hasWeight = false): Program {
  const rows = axes.filter(isOuter);
  const x = input("x", axes, dtype);
  const label = input("label", rows, "int32");
  const weight = input("weight", ["C"], dtype);
  const keep = ne(label, -100);
  const safe = where(keep, label, 0);
  const kept = where(keep, hasWeight ? pick(weight, "C", safe) : constant(1, dtype), 0);
  const loss = neg(where(keep, mul(kept, pick(logSoftmax(x, "C"), "C", safe)), 0));
  return withGradient(loss, total(kept), hasWeight ? [x, weight] : [x], axes);
}
/** 1 − cosine along C where the target is 1, its positive part elsewhere. */
export function cosine(dtype: Float = "float32"): Program {
  const [a, b] = ["a", "b"].map((name) => input(name, ["0", "C"], dtype)) as [Node, Node];
  const target = input("target", ["0"], dtype);
  const cos = div(sum(mul(a, b), "C"), sqrt(mul(add(sum(square(a), "C"), 1e-12), add(sum(square(b), "C"), 1e-12))));
  const loss = where(eq(target, 1), sub(1, cos), where(lt(cos, 0), 0, cos));
  return withGradient(expand(loss, ["0"]), count(["0"], dtype), [a, b], ["0", "C"]);
}
