/** What WebGPU promises and what it does not: the conformance of ONNX Runtime's provider, in a browser and in Node. */

import { graphCase, type Skip, testBackend } from "@isoloss/conformance";
import { type Backend, type TypedArray, toNumbers, topological } from "@isoloss/core";
import { interpret } from "@isoloss/core/reference";
import { describe, expect, it } from "vitest";

const cancels = "the sum cancels: what is left is rounding, which depends on the order of the additions";
/** WGSL: "implementations may assume that NaNs and infinities are not present", and may flush subnormal numbers to 0. */
const notOnGpus = "the data has NaN, infinities or subnormal numbers, which WGSL does not promise to keep";

/** Every case, and random graphs of which all numbers are ordinary. */
export function testOnGpu(gpu: Backend<"async">, more: readonly Skip[] = []): void {
  testBackend(gpu, {
    tolerance: { float32: { relative: 1e-4, absolute: 1e-5 } },
    graphs: 0,
    skip: [
      ...more,
      { reason: notOnGpus, cases: /› (awkward|ignored)$/ },
      {
        reason: cancels,
        cases: /with optional ports › .* mean by weights, undivided › (17×3 C=2 › ordinary|5×2 C=4 › tied)$/,
      },
      {
        reason: "WGSL's log is right to 2⁻²¹ near 1, and the loss of a single class is nothing but log(1 − 10⁻⁷)",
        cases: /^categoricalCrossEntropy {} .* 1×1 C=1 › ordinary$/,
      },
    ],
  });

  describe("random graphs on onnx:webgpu", () => {
    // WGSL allows exp an error of 3 + 2·|x| ulp, and a graph may amplify it.
    it("agree with the reference where all numbers on the way are ordinary", async () => {
      let compared = 0;
      const failures: string[] = [];
      for (let seed = 0; seed < 400; seed++) {
        const { program: p, extents, feeds } = graphCase(seed, "float32");
        const nodes = topological(p.outputs);
        const numbers = p.inputs.map((port, i) => toNumbers(feeds[i] as TypedArray, port.dtype));
        const values = interpret({ ...p, outputs: nodes }, numbers, extents);
        const isOrdinary = (x: number): boolean => x === 0 || (Math.abs(x) > 1e-30 && Math.abs(x) < 1e30);
        if (!values.every((v) => v.every(isOrdinary))) continue;
        const kernel = await gpu.compile(p).catch((e: Error) => e);
        if (kernel instanceof Error) {
          failures.push(`seed ${seed}: ${kernel.message}\n${p.key}`);
          continue;
        }
        const got = await kernel.run(feeds, extents, p.parameters);
        kernel.dispose();
        compared++;
        const scale = values.reduce((m, v) => v.reduce((n, x) => Math.max(n, Math.abs(x)), m), 1);
        for (const [i, o] of p.outputs.entries()) {
          const want = values[nodes.indexOf(o)] as Float64Array;
          const have = toNumbers(got[i] as TypedArray, o.dtype);
          const at = want.findIndex((x, k) => !(Math.abs(x - (have[k] as number)) <= 1e-3 * scale));
          if (at >= 0) failures.push(`seed ${seed}, output ${i}[${at}]: ${have[at]}, not ${want[at]}`);
        }
      }
      expect(failures).toEqual([]);
      expect(compared).toBeGreaterThan(20);
    }, 300_000);
  });
}
