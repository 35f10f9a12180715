/** Real frameworks as contestants: by a stand-in that answers what PyTorch answered, and by a real one where ISOLOSS_PYTHON names it. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createCpuBackend } from "@isoloss/backend-cpu";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { standardTolerance } from "../parity.ts";
import { runParity } from "../run-parity.ts";

const standIn = fileURLToPath(new URL("../../fixtures/stand-in-python.mjs", import.meta.url));
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "stand-in-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** An executable that behaves in one way. */
function python(way: string): string {
  const path = join(folder, way);
  writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" "${standIn}" ${way} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}
const tensor = (shape: number[], data: number[]) => ({ dtype: "float32", shape, data });
/** The inputs that were recorded, the last of which PyTorch refuses. */
const requests = [
  { input: tensor([3], [0.25, 0.5, 1]), target: tensor([3], [0, 1, 1]) },
  { input: tensor([2, 2], [0.125, 0, 0.75, 0.0625]), target: tensor([2, 2], [1, 1, 0, 0.5]) },
  { input: tensor([2], [1.5, 0.5]), target: tensor([2], [1, 0]) },
].map((inputs) => JSON.stringify({ inputs }));

const parity = (
  path: string,
  call = "torch@2.13 nn.BCELoss()",
  { lines = requests, patience = 60 }: { lines?: readonly string[] | null; patience?: number } = {},
) =>
  runParity([call], {
    backends: [createCpuBackend({ engine: "js" })],
    pythons: [path],
    patience,
    tensorflow: () => Promise.reject(new Error("not used")),
    onnxRuntime: () => Promise.reject(new Error("not used")),
    ...(lines && { requests: lines }),
    samples: 20,
    tolerance: standardTolerance,
  });

describe.skipIf(process.platform === "win32")("a framework in a Python environment", () => {
  it("is compared in values, gradients, unreduced values and refusals", async () => {
    const { pairs, titles, systems } = await parity(python("answers"));
    expect(titles).toEqual(["PyTorch 2.13.0+cpu"]);
    expect(systems[1]).toBe("torch@2.13 nn.BCELoss() (PyTorch 2.13.0+cpu)");
    expect(pairs[0]?.parts.map((p) => [p.what, p.compared, p.disagreements])).toEqual([
      ["value", 2, 0],
      ["gradient of input", 2, 0],
      ["unreduced", 2, 0],
    ]);
    expect(pairs[0]?.agree).toBe(true);
  });
  it.each([
    ["no-framework", /no-framework: neither PyTorch nor Keras is installed there$/],
    ["no-python", /no-python: what runs there is no Python \(/],
    ["dies", /^PyTorch 2\.13\.0\+cpu \(.*dies\) ended: MemoryError: out of memory$/],
    ["garbage", /^PyTorch 2\.13\.0\+cpu answered what is no JSON: \{"id": "1"/],
    ["no-tensor", /^PyTorch 2\.13\.0\+cpu's value: a tensor is/],
    ["says-nothing", /^PyTorch 2\.13\.0\+cpu \(.*says-nothing\) gave no answer in 2 s$/],
  ])("that fails is refused in one line: %s", { timeout: 20_000 }, async (way, message) => {
    const error = await parity(python(way), undefined, way === "says-nothing" ? { patience: 2 } : {}).then(
      () => undefined,
      (e: unknown) => e as Error,
    );
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain("\n");
    expect((error as { code?: string } | undefined)?.code).toBe("request");
  });
  it("that is another release than the system's is said", async () => {
    await expect(parity(python("answers"), "torch@1.7 nn.BCELoss()")).rejects.toThrow(
      /^--python has PyTorch 2\.13\.0\+cpu; none is a release that a system names \(torch@1\.7\)$/,
    );
  });
  it("that is not there is said", async () => {
    await expect(parity(join(folder, "nowhere"))).rejects.toThrow(/nowhere: no Python could be started there/);
  });
});

const real = process.env["ISOLOSS_PYTHON"];
it.skipIf(real === undefined)(
  "the framework that ISOLOSS_PYTHON names agrees with this project",
  {
    timeout: 180_000,
  },
  async () => {
    const { frameworksIn } = await import("./python.ts");
    const [{ profile } = { profile: "" }] = await frameworksIn(real as string);
    const call = profile.startsWith("torch") ? "nn.MSELoss()" : "losses.MeanSquaredError()";
    const { pairs } = await parity(real as string, `${profile} ${call}`, { lines: null });
    expect(pairs.map((p) => p.agree)).toEqual([true]);
  },
);
