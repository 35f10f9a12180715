/** Loss × provider in Node: where it runs and how far it is from the reference. Writes its part of PLACEMENT.md when asked to. */
import { readFileSync, writeFileSync } from "node:fs";
import { createOnnxBackend } from "@isoloss/backend-onnx";
import * as ort from "onnxruntime-node";
import { expect, it } from "vitest";
import { lossNames } from "../src/loss-errors.ts";
import { columns, errorsOn, rowsOf, withColumn } from "../src/placement-table.ts";
import { missing } from "./missing.ts";

const FILE = new URL("../../../packages/backend-onnx/PLACEMENT.md", import.meta.url);
const providers = [
  ["onnx:node", columns.node, "cpu", 1e-6],
  ["onnx:webgpu, and wholly on the GPU", columns.native, "webgpu", 5e-5],
] as const;

// webgpu.test.ts says why there may be no GPU, and fails where there must be one.
it.each(missing ? providers.slice(0, 1) : providers)(
  "every loss is near the reference on %s",
  async (_, column, provider, tolerance) => {
    const backend = createOnnxBackend({ ort, executionProviders: [provider] });
    const errors = await errorsOn(backend);
    await backend.dispose();
    for (const [name, error] of errors) expect.soft(error, name).toBeLessThan(tolerance);
    if (process.env["VITE_WRITE_TABLE"]) writeFileSync(FILE, withColumn(readFileSync(FILE, "utf8"), column, errors));
  },
  300_000,
);

it("the table has a row for every loss", () => {
  expect(rowsOf(readFileSync(FILE, "utf8"))).toEqual(lossNames);
});
