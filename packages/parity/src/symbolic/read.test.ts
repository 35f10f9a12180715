/** Terms mean what their graphs compute: every loss of both frameworks, in every form, on samples. */
import { describe, expect, it } from "vitest";
import { createReferenceEvaluator } from "../evaluate.ts";
import { frameworks } from "../frameworks.ts";
import { probesOf, type Source } from "../probes.ts";
import { sourcesOfSystem } from "../sources.ts";
import { lossCall, systemOf } from "../system.ts";
import { createCalculus } from "./calculus.ts";
import { evaluateTerm } from "./evaluate-term.ts";
import { nothing } from "./facts.ts";
import { factsOf, readCall } from "./model.ts";
import { printCondition } from "./print-term.ts";
import { proveEqual } from "./prove.ts";
import { indexOf } from "./read.ts";
import { minus, number, ofAtom, one, plus, scale, type Term, times } from "./term.ts";

const evaluator = createReferenceEvaluator();

function termOf(source: Source, domains: Parameters<typeof readCall>[2]["domains"]): Term | undefined {
  const sources = { types: source.form.types, classAxis: source.form.classAxis, domains };
  const own = Object.fromEntries(Object.keys(source.form.types).map((n) => [n, { kind: "source", name: n } as const]));
  return readCall(source.call, own, sources, factsOf(sources))?.terms[0];
}

describe.each(frameworks.flatMap((f) => f.namesOf(f.newest).map((name) => ({ newest: f.newest, name }))))(
  "$newest $name as a term",
  ({ newest, name }) => {
    it("has the value of its graph", () => {
      const call = lossCall(newest, name, {});
      let compared = 0;
      for (const source of sourcesOfSystem(systemOf(call)))
        for (const { assignment, samples } of probesOf(source, evaluator).slice(0, 8)) {
          const term = termOf(source, assignment);
          if (!term || samples[0]?.value.shape.length) continue; // a value with axes has free indices
          for (const { bases, value } of samples) {
            const x = evaluateTerm(term, bases);
            // where bounds are large (1e14), the multiplied-out polynomial cancels numerically, though not in algebra
            const largest = Math.max(1, ...term.monomials.map((m) => Math.abs(m.coefficient)));
            if (Number.isFinite(x)) {
              expect(Math.abs(x - (value.data[0] as number))).toBeLessThan(
                1e-3 * Math.max(0.01, Math.abs(x)) + 1e-14 * largest,
              );
              compared++;
            }
          }
        }
      if (call.as === "class") expect(compared).toBeGreaterThan(0);
    });
  },
);

describe("the normal form", () => {
  const c = createCalculus(nothing);
  const x = c.element("x", [indexOf("i5")]);
  const y = c.element("y", [indexOf("i5")]);
  it("knows exponentials, logarithms and softplus", () => {
    expect(c.exp(plus(x, y)).key).toBe(times(c.exp(x), c.exp(y)).key);
    expect(c.log(plus(one, c.exp(x))).key).toBe(plus(x, c.log(plus(one, c.exp(scale(x, -1))))).key);
    expect(c.exp(c.log(x)).key).toBe(x.key);
    expect(c.log(times(c.exp(x), c.exp(y))).key).toBe(plus(x, y).key);
    expect(c.log(times(x, y)).key).not.toBe(plus(c.log(x), c.log(y)).key); // x and y may be negative
  });
  it("draws out of sums what does not vary, and lets a one-hot row pick", () => {
    const n = indexOf("i5");
    const k = c.element("k", []);
    expect(c.sum(times(k, x), "i5").key).toBe(times(k, c.sum(x, "i5")).key);
    expect(c.sum(one, "i5").key).toBe(ofAtom({ kind: "extent", variable: "i5" }).key);
    expect(c.sum(times(c.isZero(minus(n, k)), x), "i5").key).toBe(c.element("x", [k]).key);
  });
  it("splits by cases where it must, and does not prove what is false", () => {
    const abs = (t: Term): Term => minus(t, times(scale(t, 2), c.below(t)));
    expect(proveEqual(times(abs(x), abs(x)), times(x, x), nothing)).toBe("normal-form");
    expect(proveEqual(abs(times(x, y)), times(abs(x), abs(y)), nothing)).toBe("piecewise");
    expect(proveEqual(abs(plus(x, y)), plus(abs(x), abs(y)), nothing)).toBeUndefined();
    const positive = { ...nothing, ranges: new Map([["x", [0, Infinity]] as const, ["y", [0, Infinity]] as const]) };
    expect(proveEqual(abs(plus(x, y)), plus(abs(x), abs(y)), positive)).toBe("piecewise");
  });
  it("prints conditions as they are written", () => {
    expect(printCondition(minus(x, number(1e-7)), 6)).toBe("x >= 1e-7");
  });
});
