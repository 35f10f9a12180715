/** `isoloss parity` with what is no system of this project: an .onnx file, and TensorFlow.js' own losses. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEntry } from "@isoloss/adapter-torch-style";
import { exportCall } from "@isoloss/backend-onnx";
import { readOptions } from "@isoloss/core";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { createCommand } from "./index.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "parity-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

interface Json {
  readonly pairs: readonly {
    readonly agree: boolean;
    readonly parts: readonly { readonly what: string; readonly disagreements: number }[];
    readonly smallest?: { readonly on: string };
  }[];
}
async function parity(...args: readonly string[]): Promise<{ json: Json; exit: number }> {
  const out: string[] = [];
  vi.spyOn(console, "log").mockImplementation((text) => void out.push(String(text)));
  vi.spyOn(console, "warn").mockImplementation(() => {}); // TensorFlow.js greets
  await createCommand().parseAsync(["parity", ...args, "--json"], { from: "user" });
  const exit = Number(process.exitCode ?? 0);
  process.exitCode = 0;
  return { json: JSON.parse(out.join("\n")) as Json, exit };
}

it("an exported call agrees with its system, gradient included", { timeout: 60_000 }, async () => {
  const { contract, as } = findEntry("torch@2.13", "MSELoss");
  const type = { dtype: "float32", shape: [5, 3] } as const;
  const options = readOptions(contract, {}, as);
  const model = exportCall({ contract, as, options, inputs: { input: type, target: type } }, { gradients: ["input"] });
  const path = join(folder, "mse.onnx");
  writeFileSync(path, model);
  const { json, exit } = await parity("nn.MSELoss()", path, "--samples", "20");
  expect(exit).toBe(0);
  expect(json.pairs[0]?.parts.map((p) => p.what)).toEqual(["value", "gradient of input"]);
  const other = await parity("nn.L1Loss()", path, "--samples", "20");
  expect(other.exit).toBe(1);
  expect(other.json.pairs[0]?.smallest?.on).toBe("value");
});

it("TensorFlow.js' absolute difference has the value of MAE and another gradient at 0", {
  timeout: 60_000,
}, async () => {
  const { json, exit } = await parity("losses.MeanAbsoluteError()", "tfjs losses.absoluteDifference()");
  expect(exit).toBe(1);
  const parts = json.pairs[0]?.parts ?? [];
  expect(parts.find((p) => p.what === "value")?.disagreements).toBe(0);
  expect(json.pairs[0]?.smallest?.on).toBe("gradient of y_pred");
});
