/** `testBackend`: every case of this package against the reference. */
import { type Backend, type FloatDType, isLossError, type Node, type TypedArray } from "@isoloss/core";
import { interpret } from "@isoloss/core/reference";
import { describe, expect, it } from "vitest";
import { feedsOf, floatTypes, groupsOf, type LossGroup, type Run } from "./cases.ts";
import { boundOf, numbersOf, type Tolerance } from "./compare.ts";
import { asArrays, compareOutputs, launch, reference } from "./execute.ts";
import { type GraphCase, graphCase, widened } from "./graphs.ts";
import { testKernels } from "./kernels.ts";
import { lossCases } from "./losses.ts";
import { type Skip, skipping } from "./skip.ts";

export interface ConformanceOptions {
  readonly tolerance: Tolerance;
  readonly skip?: readonly Skip[];
  /** How many random graphs; 300 unless given. */
  readonly graphs?: number;
}

export async function checkLoss(backend: Backend, group: LossGroup, chosen: readonly Run[], tolerance: Tolerance) {
  const built = group.build();
  const p = built.program;
  const failures: string[] = [];
  const kernel = await backend.compile(p);
  const expected = reference.compile(p);
  for (const r of chosen) {
    const feeds = feedsOf(group, built, r);
    const extents = p.axes.map((a) => r.sizes[a] as number);
    const wanted = asArrays(expected.run(feeds, extents, p.parameters));
    const got = await launch(kernel, feeds, extents, p);
    const off = compareOutputs(p, got, wanted, tolerance);
    if (off) failures.push(`${group.name} › ${r.name}: ${["value", ...built.gradients]} ${off}`);
  }
  kernel.dispose();
  return failures;
}

/** An element that rounding alone moves by much of the tolerance says nothing about a backend that rounds elsewhere. */
function unstableElements(
  { program: p, extents, feeds }: GraphCase,
  wanted: readonly TypedArray[],
  tolerance: Tolerance,
) {
  const numbers = p.inputs.map((port, i) => numbersOf(feeds[i] as TypedArray, port.dtype));
  const wide = interpret(widened(p), numbers, extents);
  return (output: number, element: number): boolean => {
    const { dtype } = p.outputs[output] as Node;
    const here = numbersOf(
      (wanted[output] as TypedArray).subarray(element, element + 1) as TypedArray,
      dtype,
    )[0] as number;
    const there = wide[output]?.[element] as number;
    if (Object.is(here, there)) return false;
    return !(Math.abs(here - there) <= 0.25 * boundOf(tolerance, dtype, false).relative * Math.abs(here));
  };
}

export async function checkGraph(backend: Backend, seed: number, float: FloatDType, tolerance: Tolerance) {
  const c = graphCase(seed, float, declared(backend));
  const { program: p, extents, feeds } = c;
  const before = feeds.map((f) => f.slice());
  const kernel = await backend.compile(p);
  const wanted = asArrays(reference.compile(p).run(feeds, extents, p.parameters));
  const got = await launch(kernel, feeds, extents, p);
  kernel.dispose();
  expect(feeds, "feeds are never written").toEqual(before);
  const off = compareOutputs(p, got, wanted, tolerance, unstableElements(c, wanted, tolerance));
  return off && `seed ${seed} ${float}, sizes ${p.axes.map((a, i) => `${a}:${extents[i]}`)}: ${off}\n${p.key}`;
}

function testLosses(backend: Backend, tolerance: Tolerance, keeps: (name: string) => boolean): void {
  for (const name of Object.keys(lossCases))
    describe(name, () => {
      for (const group of groupsOf(name)) {
        if (!backend.dtypes.has(group.dtype)) continue;
        const chosen = group.runs.filter((r) => keeps(`${group.name} › ${r.name}`));
        if (chosen.length)
          it(group.name, async () => {
            expect(await checkLoss(backend, group, chosen, tolerance)).toEqual([]);
          });
      }
    });
}

const declared = (backend: Backend): FloatDType[] => floatTypes.filter((d) => backend.dtypes.has(d));

const GRAPHS_A_TEST = 25;
function testGraphs(backend: Backend, tolerance: Tolerance, count: number, keeps: (name: string) => boolean): void {
  const types = declared(backend);
  const seeds = Array.from({ length: count }, (_, i) => i).filter((i) => keeps(`random graphs › seed ${i}`));
  for (let first = 0; first < count; first += GRAPHS_A_TEST) {
    const mine = seeds.filter((s) => s >= first && s < first + GRAPHS_A_TEST);
    if (mine.length)
      it(`random graphs › seeds ${first} to ${first + GRAPHS_A_TEST - 1}`, async () => {
        const failures: string[] = [];
        for (const seed of mine) {
          const off = await checkGraph(backend, seed, types[seed % types.length] as FloatDType, tolerance);
          if (off) failures.push(off);
        }
        expect(failures.join("\n\n")).toBe("");
      });
  }
}

/** A backend says what it cannot do; it never does it in another type. */
function testRefusals(backend: Backend): void {
  for (const dtype of floatTypes.filter((d) => !backend.dtypes.has(d)))
    it(`refuses ${dtype}, which it does not declare`, async () => {
      const [group] = groupsOf("squaredError").filter((g) => g.dtype === dtype) as [LossGroup];
      const compile = async (): Promise<unknown> => backend.compile(group.build().program);
      const error = await compile().catch((e: unknown) => e);
      expect(isLossError(error) && error.code).toBe("unsupported");
    });
}

/**
 * Tests a backend: every loss of core with its options, layouts, reductions, dtypes, awkward sizes and values, value and every
 * gradient; random graphs; refusals. Call it at the top of a test file. A skip without a reason, or that matches no case,
 * fails.
 */
export function testBackend(backend: Backend, { tolerance, skip = [], graphs = 300 }: ConformanceOptions): void {
  describe(`conformance of ${backend.name}`, () => {
    const { keeps, faults } = skipping(skip);
    testLosses(backend, tolerance, keeps);
    testGraphs(backend, tolerance, graphs, keeps);
    testRefusals(backend);
    testKernels(backend, tolerance);
    it("every skip has a reason and matches a case", () => {
      expect(faults()).toEqual([]);
    });
  });
}
