/** The README's thirty seconds of code: shown as it is, and doing what it says. */
import { expect, it, vi } from "vitest";
import { embedded } from "./surface-embedded.ts";

it("README.md › shows tests/src/surface-readme.ts as it is", () => {
  const blocks = embedded("README.md");
  expect(blocks.map((b) => b.file)).toEqual(["tests/src/surface-readme.ts"]);
  expect(blocks[0]?.shown).toBe(blocks[0]?.source);
});

it("README.md › the code computes PyTorch's and Keras's numbers", async () => {
  const printed: unknown[][] = [];
  const log = vi.spyOn(console, "log").mockImplementation((...line) => void printed.push(line));
  await import("./surface-readme.ts");
  log.mockRestore();
  const [e, e2] = [Math.E, Math.E ** 2];
  const nll = -Math.log(e2 / (e2 + e + 1));
  const smoothed = 0.9 * nll + 0.1 * (nll + 1); // the other classes lie 1 and 2 below: on average 1
  const p = [e2, e, 1].map((x) => x / (e2 + e + 1)) as [number, number, number];
  const row = [p[0] - 0.9 - 0.1 / 3, p[1] - 0.1 / 3, p[2] - 0.1 / 3].map((x) => expect.closeTo(x / 2, 6));
  expect(printed[0]).toEqual([expect.closeTo(smoothed, 6), [row, [...row].reverse()]]);
  const [value, input] = printed[1] as [number, Float32Array];
  expect([value, [...input]]).toEqual([expect.closeTo(smoothed, 6), [...row, ...[...row].reverse()]]);
  expect(printed[2]).toEqual([expect.closeTo(nll, 6), expect.closeTo(nll / 2, 6)]);
});
