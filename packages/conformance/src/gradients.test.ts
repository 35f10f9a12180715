import { type TypedArray, topological } from "@isoloss/core";
import { createReferenceBackend } from "@isoloss/core/reference";
import { describe, expect, it } from "vitest";
import { feedsOf, groupsOf, run } from "./cases.ts";
import { definitions, lossCases } from "./losses.ts";

const reference = createReferenceBackend();

/** d(Σ upstream·value)⁄dx by central differences, of the error h² ≈ 1e−10 and rounding 1e−16⁄h ≈ 1e−11. */
const H = 1e-5;

describe("the cases", () => {
  it("cover every loss of core and nothing else", () => {
    expect(Object.keys(lossCases).sort()).toEqual(Object.keys(definitions).sort());
  });
});

describe("the reference's gradients are the central differences of its values", () => {
  for (const [name, { notDerivative = {} }] of Object.entries(lossCases))
    for (const group of groupsOf(name).filter((g) => g.dtype === "float64"))
      it(group.name, () => {
        const built = group.build();
        const p = built.program;
        const kernel = reference.compile(p);
        for (const r of [run(5, 2, 3, "ordinary"), run(4, 1, 6, "ordinary")]) {
          const feeds = feedsOf(group, built, r);
          const extents = p.axes.map((a) => r.sizes[a] as number);
          const call = (data: readonly TypedArray[]) =>
            kernel.run(data, extents, p.parameters).map((o) => o as Float64Array);
          const [, ...gradients] = call(feeds);
          const seedAt = p.inputs.findIndex((port) => port.name === "upstream");
          const seed = feeds[seedAt] as Float64Array;
          const weighted = (data: readonly TypedArray[]): number =>
            (call(data)[0] as Float64Array).reduce((s, v, i) => s + v * (seed[i] as number), 0);
          for (const [g, port] of built.gradients.entries()) {
            if (notDerivative[port]) continue;
            const at = p.inputs.findIndex((own) => own.name === port);
            const gradient = gradients[g] as Float64Array;
            if (at < 0) {
              expect(gradient.every((v) => v === 0)).toBe(true); // the value does not depend on it
              continue;
            }
            const moved = (i: number, by: number): number =>
              weighted(
                feeds.map((f, k) =>
                  k === at ? Float64Array.from(f as Float64Array, (v, j) => (i === j ? v + by : v)) : f,
                ),
              );
            gradient.forEach((v, i) => {
              const difference = (moved(i, H) - moved(i, -H)) / (2 * H);
              expect(Math.abs(v - difference), `${port}[${i}]: ${v}, by differences ${difference}`).toBeLessThan(
                1e-7 * Math.max(1, Math.abs(difference)),
              );
            });
          }
        }
        expect(topological(p.outputs).length).toBeGreaterThan(2);
      });
});
