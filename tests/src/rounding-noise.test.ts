import { expect, it } from "vitest";
import { createNoise } from "./rounding-noise.ts";

const tensor = (dtype: string, data: readonly (number | string)[]) => ({ dtype, shape: [data.length], data });
const cosine = (dtype: string, y_true: readonly number[], y_pred: readonly number[]) => ({
  id: "a",
  loss: "cosine_similarity",
  inputs: { y_true: tensor(dtype, y_true), y_pred: tensor(dtype, y_pred) },
});
const noiseOf = createNoise("keras@3.15");
const largest = async (request: Parameters<typeof noiseOf>[0]): Promise<number> =>
  Math.max(...((await noiseOf(request))?.value.deviation ?? [Number.NaN]));

it("rounding noise › is nothing where nothing is rounded or added", async () => {
  expect(await largest({ ...cosine("float16", [1], [0.25]), loss: "mean_squared_error" })).toBe(0);
});
it("rounding noise › is a few units in the last place of what does not cancel", async () => {
  const noise = await largest(cosine("float16", [0.3, 1.7, 0.9], [0.4, 1.5, 1.1]));
  expect(noise).toBeGreaterThan(0);
  expect(noise).toBeLessThan(16 * 2 ** -11);
});
it("rounding noise › is that of the terms, not of the sum, where they cancel", async () => {
  const noise = await largest(cosine("float16", [0.3, 1.7, 0.9], [3.1, -1, 0.855]));
  expect(noise).toBeGreaterThan(2 ** -11);
});
it("rounding noise › is the same in every run, and grows with the type", async () => {
  const request = cosine("float32", [0.3, 1.7, 0.9], [3.1, -1, 0.855]);
  expect(await noiseOf(request)).toEqual(await createNoise("keras@3.15")(request));
  expect(await largest(request)).toBeLessThan(1e-5);
});
it("rounding noise › holds the overflow of a partial sum, which the order decides", async () => {
  const request = { ...cosine("float32", [0, 0, 0, 0], [3e38, -3e38, 3e38, -3e38]), loss: "mean_absolute_error" };
  const runs = (await noiseOf(request))?.value.runs.map((run) => run[0]);
  expect(runs).toContain(Infinity);
  expect(runs).not.toContain(-Infinity);
});
