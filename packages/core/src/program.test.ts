import { describe, expect, it } from "vitest";
import {
  add,
  cast,
  clip,
  constant,
  count,
  div,
  eq,
  exp,
  expand,
  extent,
  grad,
  input,
  iota,
  logSoftmax,
  max,
  mul,
  type Node,
  neg,
  pick,
  print,
  program,
  softplus,
  square,
  sub,
  sum,
  total,
  where,
} from "./index.ts";
import { interpret } from "./reference.ts";

const x = input("x", ["0"], "float64");
/** `feeds` in the alphabetical order of the inputs' names. */
const run = (outputs: readonly Node[], feeds: readonly number[][], extents: readonly number[]): number[][] => {
  const p = program(outputs);
  const names = p.inputs.map((i) => i.name).sort();
  const inOrder = p.inputs.map((i) => feeds[names.indexOf(i.name)] as number[]);
  return interpret(p, inOrder, extents).map((a) => Array.from(a));
};

describe("program", () => {
  it("shares equal subexpressions and lists each input once", () => {
    const p = program([add(exp(x), exp(x)), exp(x)]);
    expect(p.inputs).toEqual([{ name: "x", dtype: "float64", axes: ["0"] }]);
    expect(print(p.outputs)).toBe(
      "%0 = float64[0] input x()\n%1 = float64[0] exp(%0)\n%2 = float64[0] add(%1, %1)\nreturn %2, %1",
    );
  });
  it("keeps the values of slots out of the key, and structural constants in it", () => {
    const at = (v: number) => program([mul(x, v)]);
    expect(at(0.1).key).toBe(at(0.3).key);
    expect(at(0.1).parameters).toEqual(Float64Array.of(0.1));
    expect(at(2).key).not.toBe(at(0.1).key);
    expect(at(-0).key).not.toBe(at(0).key);
  });
  it("folds constants in float64 and rounds them once to the node's dtype", () => {
    const e = constant(1e-7, "float32");
    expect(program([sub(1, e)]).parameters).toEqual(Float64Array.of(Math.fround(1 - Math.fround(1e-7))));
  });
  it("lists every node's axes in one order", () => {
    const logits = input("logits", ["1", "C", "0"], "float32");
    const target = input("target", ["1", "0"], "int32");
    const p = program([where(eq(target, iota("C")), logits, 0)]);
    expect(p.axes).toEqual(["1", "C", "0"]);
    expect(p.outputs[0]?.axes).toEqual(["1", "C", "0"]);
  });
  it("knows the size of an axis that only `extent` asks for", () => {
    const p = program([mul(x, extent("C", "float64"))]);
    expect(p.axes).toEqual(["0", "C"]);
    expect(interpret(p, [[1, 2]], [2, 7])).toEqual([Float64Array.of(7, 14)]);
  });
  it("refuses inputs that disagree about the order of axes", () => {
    expect(() => program([add(input("a", ["0", "1"], "float32"), input("b", ["1", "0"], "float32"))])).toThrow(/order/);
  });
});

describe("simplify", () => {
  const text = (n: Node): string => print(program([n]).outputs);
  it("removes neutral operands but not additions of zero, which turn −0 into 0", () => {
    expect(text(mul(x, 1))).toBe(text(x));
    expect(text(div(x, 1))).toBe(text(x));
    expect(text(sub(x, 0))).toBe(text(x));
    expect(text(add(x, 0))).not.toBe(text(x));
    expect(text(neg(neg(x)))).toBe(text(x));
  });
  it("decides a constant condition and keeps the axes", () => {
    const y = input("y", ["1", "0"], "float64");
    expect(program([where(constant(1, "bool"), x, y)]).outputs[0]?.axes).toEqual(["1", "0"]);
  });
  it("drops an expansion that its user makes anyway", () => {
    const y = input("y", ["1", "0"], "float64");
    expect(text(add(expand(x, ["1"]), y))).not.toContain("expand");
    expect(text(sum(expand(x, ["1"]), "1"))).toContain("expand");
  });
});

describe("grad", () => {
  it("sums the gradient over what was broadcast", () => {
    const a = input("a", ["1", "0"], "float64");
    const [gx, ga] = grad(total(mul(a, x)), [x, a], constant(1, "float64"));
    const [dx, da] = run(
      [gx as Node, ga as Node],
      [
        [1, 2, 3, 4],
        [10, 20],
      ],
      [2, 2],
    );
    expect([dx, da]).toEqual([
      [4, 6],
      [10, 20, 10, 20],
    ]);
  });
  it("adds what stands under one condition first", () => {
    const c = eq(iota("0"), 1);
    const y = add(where(c, x, 0), where(c, 0, x));
    const [g] = grad(total(y), [x], constant(1, "float64"));
    expect(print([g as Node]).match(/where/g)?.length).toBe(1);
    expect(run([g as Node], [[]], [3])[0]).toEqual([1, 1, 1]);
  });
  it("gives softplus the slope ½ at 0", () => {
    const [g] = grad(total(softplus(x)), [x], constant(1, "float64"));
    expect(run([g as Node], [[0, -800, 800]], [3])[0]).toEqual([0.5, 0, 1]);
  });
  it("shares the gradient of a maximum between ties", () => {
    const [g] = grad(max(input("x", ["C"], "float64"), "C"), [], constant(1, "float64"));
    expect(g).toBeUndefined();
    const v = input("v", ["C"], "float64");
    const [gv] = grad(max(v, "C"), [v], constant(1, "float64"));
    expect(run([gv as Node], [[2, 5, 5]], [3])[0]).toEqual([0, 0.5, 0.5]);
  });
  it("gives the gradient the dtype of what it differentiates", () => {
    const h = input("h", ["0"], "float16");
    const [g] = grad(total(square(cast(h, "float32"))), [h], constant(1, "float32"));
    expect(g?.dtype).toBe("float16");
  });
  it("passes clip's gradient on the bounds and not of NaN", () => {
    const [g] = grad(total(clip(x, 0, 1)), [x], constant(1, "float64"));
    expect(run([g as Node], [[-1, 0, 0.5, 1, 2, Number.NaN]], [6])[0]).toEqual([0, 1, 1, 1, 0, 0]);
  });
  it("agrees with central differences through softmax, pick and division", () => {
    const z = input("logits", ["0", "C"], "float64");
    const t = input("t", ["0"], "int32");
    const loss = div(total(neg(pick(logSoftmax(z, "C"), "C", t))), count(["0"], "float64"));
    const at = [0.1, -0.3, 0.7, 1.5, 0.2, -2];
    const value = (v: number[]): number => run([loss], [v, [2, 0]], [2, 3])[0]?.[0] as number;
    const [g] = grad(loss, [z], constant(1, "float64"));
    const exact = run([g as Node], [at, [2, 0]], [2, 3])[0] as number[];
    at.forEach((_, i) => {
      const step = (h: number) => value(at.map((v, k) => (k === i ? v + h : v)));
      expect(exact[i]).toBeCloseTo((step(1e-5) - step(-1e-5)) / 2e-5, 9);
    });
  });
});

describe("reference › sums", () => {
  const f = Math.fround;
  it("adds a total in groups of sixteen: a tree in float32, lanes in float64", () => {
    const v = input("v", ["0"], "float32");
    const data = Array.from({ length: 40 }, (_, i) => f(Math.sin(i) * 10 ** (i % 7)));
    const at = (i: number): number => data[i] ?? 0;
    const lanes = [0, 1, 2, 3].map((j) =>
      [0, 16, 32].reduce((s, k) => s + f(f(at(k + j) + at(k + 4 + j)) + f(at(k + 8 + j) + at(k + 12 + j))), 0),
    ) as [number, number, number, number];
    expect(run([total(v)], [data], [40])[0]).toEqual([f(lanes[0] + lanes[2] + (lanes[1] + lanes[3]))]);
  });
  it("adds a short or strided class axis in order, rounding each time", () => {
    const v = input("v", ["C", "0"], "float32");
    expect(run([sum(v, "C")], [[1e8, 1, 1, 1, -1e8, 0].map(f)], [3, 2])[0]).toEqual([f(f(1e8 + 1) - 1e8), 2]);
  });
  it("adds a partial outer sum in float64", () => {
    const v = input("v", ["0", "C"], "float32");
    expect(run([sum(v, "0")], [[1e8, 1, -1e8]], [3, 1])[0]).toEqual([1]);
  });
  it("sums nothing to zero, and finds −∞ as the largest of nothing", () => {
    const v = input("v", ["0"], "float32");
    expect(run([total(v), max(v, "0"), extent("0", "float32")], [[]], [0])).toEqual([[0], [-Infinity], [0]]);
  });
});
