/** What the contract of a kernel promises besides its numbers. */
import type { AnyLoss, Backend, Eventually, FloatDType, Mode, Outputs, TypedArray } from "@isoloss/core";
import { expect, it } from "vitest";
import { feedsOf, floatTypes, groupsOf, type LossGroup, type Run, run } from "./cases.ts";
import type { Tolerance } from "./compare.ts";
import { asArrays, compareOutputs, launch, reference } from "./execute.ts";
import { definitions } from "./losses.ts";
import { type Layout, layoutsOf, lossProgram, type Tail, tails } from "./programs.ts";

/** Tests it with a few programs. */
export function testKernels(backend: Backend, tolerance: Tolerance): void {
  const dtype = floatTypes.find((d) => backend.dtypes.has(d)) as FloatDType;
  const groupOf = (name: string, tail: string): LossGroup =>
    groupsOf(name).find((g) => g.dtype === dtype && g.name.endsWith(tail)) as LossGroup;
  const prepare = async (group: LossGroup) => {
    const built = group.build();
    const p = built.program;
    const kernel = await backend.compile(p);
    const call = (r: Run) => {
      const feeds = feedsOf(group, built, r);
      const extents = p.axes.map((a) => r.sizes[a] as number);
      return { feeds, extents, wanted: asArrays(reference.compile(p).run(feeds, extents, p.parameters)) };
    };
    return { p, kernel, call };
  };

  it("a kernel writes to the arrays that it is given, and returns them", async () => {
    const { p, kernel, call } = await prepare(groupOf("squaredError", "none"));
    const { feeds, extents, wanted } = call(run(17, 1, 1, "ordinary"));
    const own = wanted.map((w) => w.slice().fill(0 as never) as TypedArray);
    const given = own.map((o, i) => (i === 0 ? undefined : o));
    const got = asArrays(await (kernel.run(feeds, extents, p.parameters, given) as Eventually<Mode, Outputs>));
    got.slice(1).forEach((o, i) => {
      expect(o).toBe(own[i + 1]);
    });
    expect(compareOutputs(p, got, wanted, tolerance)).toBeUndefined();
    kernel.dispose();
  });

  it("results stay what they are when the kernel runs again", async () => {
    const { p, kernel, call } = await prepare(groupOf("squaredError", "none"));
    const [first, second] = [call(run(17, 1, 1, "ordinary")), call(run(17, 1, 2, "ordinary"))];
    const before = await launch(kernel, first.feeds, first.extents, p);
    const after = await launch(kernel, second.feeds, second.extents, p);
    expect(compareOutputs(p, before, first.wanted, tolerance)).toBeUndefined();
    expect(compareOutputs(p, after, second.wanted, tolerance)).toBeUndefined();
    kernel.dispose();
  });

  it("calls that are not waited for do not disturb each other", async () => {
    const { p, kernel, call } = await prepare(groupOf("crossEntropy", "mean"));
    const calls = [call(run(33, 1, 5, "ordinary")), call(run(5, 1, 3, "ordinary")), call(run(17, 1, 2, "ordinary"))];
    const got = await Promise.all(calls.map((c) => launch(kernel, c.feeds, c.extents, p)));
    for (const [i, c] of calls.entries()) expect(compareOutputs(p, got[i] ?? [], c.wanted, tolerance)).toBeUndefined();
    kernel.dispose();
  });

  it("parameters are data: one kernel serves every smoothing", async () => {
    const loss = definitions["crossEntropy"] as AnyLoss;
    const [layout] = layoutsOf(loss) as [Layout];
    const [tail] = tails as [Tail];
    const build = (labelSmoothing: number) => lossProgram(loss, { labelSmoothing }, false, layout, tail, dtype);
    const [one, other] = [build(0.1), build(0.3)];
    expect(other.program.key).toBe(one.program.key);
    const group = { ...groupOf("crossEntropy", "mean"), options: {} };
    const r = run(5, 1, 3, "ordinary");
    const feeds = feedsOf(group, other, r);
    const extents = other.program.axes.map((a) => r.sizes[a] as number);
    const kernel = await backend.compile(one.program);
    const wanted = asArrays(reference.compile(other.program).run(feeds, extents, other.program.parameters));
    const got = await launch(kernel, feeds, extents, other.program);
    expect(compareOutputs(other.program, got, wanted, tolerance)).toBeUndefined();
    kernel.dispose();
  });
}
