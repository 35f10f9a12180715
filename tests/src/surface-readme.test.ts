/** The README's code: shown as it is, and doing what it says. */
import { expect, it, vi } from "vitest";
import { embedded } from "./surface-embedded.ts";

it("README.md › shows its examples as they are", () => {
  const blocks = embedded("README.md");
  expect(blocks.map((b) => b.file)).toEqual(["tests/src/surface-readme.ts", "tests/src/surface-migration.ts"]);
  expect(blocks.map((b) => b.shown)).toEqual(blocks.map((b) => b.source));
});

/** What a module prints. */
async function printedBy(load: () => Promise<unknown>): Promise<unknown[][]> {
  const printed: unknown[][] = [];
  const log = vi.spyOn(console, "log").mockImplementation((...line) => void printed.push(line));
  await load();
  log.mockRestore();
  return printed;
}

it("README.md › the code computes PyTorch's and Keras's numbers", async () => {
  const printed = await printedBy(() => import("./surface-readme.ts"));
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

it("README.md › calls moved from one framework to the other agree", async () => {
  const printed = await printedBy(() => import("./surface-migration.ts"));
  const nll = expect.closeTo(Math.log(1 + Math.exp(-1) + Math.exp(-2)), 6);
  expect(printed).toEqual([
    [nll, nll],
    [12, 12],
  ]);
});
