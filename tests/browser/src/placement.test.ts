/** Loss × provider in a page: where it runs and how far it is from the reference. Writes its part of PLACEMENT.md when asked to. */
import { createOnnxBackend } from "@isoloss/backend-onnx";
import * as wasm from "onnxruntime-web/wasm";
import * as gpu from "onnxruntime-web/webgpu";
import { expect, it } from "vitest";
import { commands } from "vitest/browser";
import { columns, errorsOn, withColumn } from "./placement-table.ts";

/** What vite hands over of the environment. */
const environment = (import.meta as unknown as { readonly env?: Readonly<Record<string, string>> }).env;
const FILE = "../../packages/backend-onnx/PLACEMENT.md";

it.each([
  ["near the reference on WebAssembly", columns.wasm, { ort: wasm, executionProviders: ["wasm"] }, 1e-6],
  ["near the reference, and wholly on the GPU", columns.browser, { ort: gpu, executionProviders: ["webgpu"] }, 5e-5],
] as const)(
  "every loss is %s",
  async (_, column, runtime, tolerance) => {
    const backend = createOnnxBackend(runtime);
    const errors = await errorsOn(backend);
    await backend.dispose();
    for (const [name, error] of errors) expect.soft(error, name).toBeLessThan(tolerance);
    expect(errors.size).toBeGreaterThan(10);
    if (environment?.["VITE_WRITE_TABLE"])
      await commands.writeFile(FILE, withColumn(await commands.readFile(FILE), column, errors));
  },
  300_000,
);
