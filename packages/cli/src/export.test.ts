/** Files of the command give what `isoloss eval` answers. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tensor } from "@isoloss/core";
import * as ort from "onnxruntime-web";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createCommand, createEvaluator, readRequest, readTensor } from "./index.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "isoloss-export-"));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => {
  process.exitCode = 0;
});

/** Runs the command; gives its exit code and what it said. */
async function command(...args: readonly string[]): Promise<{ code: unknown; said: string }> {
  const lines: string[] = [];
  const spy = vi.spyOn(console, "error").mockImplementation((line: string) => void lines.push(line));
  await createCommand().parseAsync(["export", ...args], { from: "user" });
  spy.mockRestore();
  return { code: process.exitCode, said: lines.join("\n") };
}
const path = (name: string): string => join(folder, name);

type Json = { readonly dtype: string; readonly shape: readonly number[]; readonly data: readonly number[] };
type Inputs = Readonly<Record<string, Json>>;
const float = (shape: readonly number[], seed = 1): Json => {
  const n = shape.reduce((a, b) => a * b, 1);
  return { dtype: "float32", shape, data: Array.from({ length: n }, (_, i) => Math.fround(Math.sin(seed * (i + 1)))) };
};
const labels = (data: readonly number[]): Json => ({ dtype: "int64", shape: [data.length], data });

async function runFile(name: string, inputs: Inputs): Promise<Readonly<Record<string, ort.Tensor>>> {
  const session = await ort.InferenceSession.create(await readFile(path(name)), { logSeverityLevel: 3 });
  expect([...session.inputNames].sort()).toEqual(Object.keys(inputs).sort());
  const feeds = Object.entries(inputs).map(([key, json]) => {
    const { dtype, shape, data } = readTensor(json, key);
    const whole = dtype === "int64" ? BigInt64Array.from(data as Int32Array, BigInt) : data;
    return [key, new ort.Tensor(dtype as "float32", whole as Float32Array, shape)] as const;
  });
  const results = await session.run(Object.fromEntries(feeds));
  await session.release();
  return results;
}

interface Asked {
  readonly loss: string;
  readonly profile: string;
  readonly options?: object;
  readonly grad?: readonly string[];
  readonly inputs: Inputs;
}
/** Runs the file, and holds its outputs against the answer of `isoloss eval`. */
async function expectAsEval(name: string, asked: Asked): Promise<void> {
  const got = await runFile(name, asked.inputs);
  const answer = await createEvaluator({ backend: "reference" }).answer(readRequest({ id: "a", ...asked }));
  if ("error" in answer) throw new Error(answer.error.message);
  const wanted: Record<string, Tensor> = { loss: answer.value };
  for (const [key, tensor] of Object.entries(answer.grads)) wanted[`grad_${key}`] = tensor;
  expect(Object.keys(got).sort()).toEqual(Object.keys(wanted).sort());
  for (const [key, { dtype, shape, data }] of Object.entries(wanted)) {
    const have = got[key] as ort.Tensor;
    expect([have.type, have.dims]).toEqual([dtype, shape]);
    const numbers = Array.from(data as Float32Array);
    for (const [i, x] of numbers.entries()) expect(have.data[i], `${key}[${i}]`).toBeCloseTo(x, 5);
  }
}

describe("isoloss export", () => {
  const CE = ["CrossEntropyLoss", "--profile", "torch@2.13"];

  it("writes class indices where the loss reads them, tensors among the options inside, any size", async () => {
    const options = { weight: { dtype: "float32", shape: [4], data: [1, 0.5, 2, 0.25] }, label_smoothing: 0.1 };
    const done = await command(...CE, "--options", JSON.stringify(options), "--grad", "input", "-o", path("ce.onnx"));
    expect(done).toEqual({ code: 0, said: "" });
    for (const target of [
      [0, 3, 1],
      [2, -100, 0, 3, 3],
    ])
      await expectAsEval("ce.onnx", {
        loss: "CrossEntropyLoss",
        profile: "torch@2.13",
        options,
        grad: ["input"],
        inputs: { input: float([target.length, 4], 3), target: labels(target) },
      });
  });

  it("writes losses of floats, functions, and Keras, at the operator set that is asked for", async () => {
    const cases = [
      { loss: "mse_loss", profile: "torch@2.13", names: ["input", "target"], options: { reduction: "none" } },
      { loss: "Huber", profile: "keras@3", names: ["y_true", "y_pred"], options: { delta: 0.5 } },
    ];
    for (const [i, { loss, profile, names, options }] of cases.entries()) {
      const grad = [names[1 - i] as string, names[i] as string].slice(i);
      const flags = ["--profile", profile, "--options", JSON.stringify(options), "--grad", grad.join(", ")];
      expect(await command(loss, ...flags, "--opset", "21", "-o", path("f.onnx"))).toEqual({ code: 0, said: "" });
      const inputs = Object.fromEntries(names.map((name, k) => [name, float([5, 3], k + 2)]));
      await expectAsEval("f.onnx", { loss, profile, options, grad, inputs });
    }
  });

  it("makes a file like a request: its ranks, sizes of 1, optional inputs, options and gradients", async () => {
    const asked: Asked = {
      loss: "MeanSquaredError",
      profile: "keras@3.15",
      options: { reduction: "sum" },
      grad: ["y_pred"],
      inputs: { y_true: float([2, 3, 4], 2), y_pred: float([2, 3, 4], 3), sample_weight: float([2, 1], 4) },
    };
    await writeFile(path("like.json"), JSON.stringify({ id: "like", ...asked }));
    const done = await command("MeanSquaredError", "--like", path("like.json"), "-o", path("like.onnx"));
    expect(done).toEqual({ code: 0, said: "" });
    await expectAsEval("like.onnx", asked);
    const larger = { y_true: float([5, 2, 3], 2), y_pred: float([5, 2, 3], 3), sample_weight: float([5, 1], 4) };
    await expectAsEval("like.onnx", { ...asked, inputs: larger });
  });

  it("writes partial sums that add over shards", async () => {
    const options = JSON.stringify({ weight: { dtype: "float32", shape: [3], data: [1, 0.5, 2] } });
    await command(...CE, "--options", options, "--mode", "partial", "-o", path("partial.onnx"));
    const got = await runFile("partial.onnx", { input: float([3, 3]), target: labels([0, 2, 1]) });
    expect(Object.keys(got)).toEqual(["sum_loss", "sum_mass", "count"]);
    expect([got["sum_mass"]?.data[0], got["count"]?.data[0]]).toEqual([3.5, 3]);
  });

  it("writes ONNX's own loss operator where that is the same", async () => {
    const done = await command(...CE, "--grad", "input", "--fused", "-o", path("fused.onnx"));
    expect(done).toEqual({ code: 0, said: "" });
    expect((await readFile(path("fused.onnx"))).includes("SoftmaxCrossEntropyLoss")).toBe(true);
    const inputs = { input: float([4, 3], 3), target: labels([0, 2, -100, 1]) };
    await expectAsEval("fused.onnx", { loss: "CrossEntropyLoss", profile: "torch@2.13", grad: ["input"], inputs });
  });

  it.each<[string, RegExp, ...string[]]>([
    ["a loss that is not known", /CrossEntropyLos/, "CrossEntropyLos", "--profile", "torch@2.13"],
    ["a profile that is not known", /torch@9/, "MSELoss", "--profile", "torch@9"],
    ["no profile", /--profile/, "MSELoss"],
    ["options that are no JSON", /--options is no JSON/, ...CE, "--options", "{reduction"],
    ["options that are no object", /--options must be/, ...CE, "--options", "[1]"],
    ["an option that is not known", /reductoin/, ...CE, "--options", '{"reductoin":"sum"}'],
    ["an operator set that is too old", /opset 12/, ...CE, "--opset", "12"],
    ["a gradient of nothing", /weight.*input, target/, ...CE, "--grad", "weight"],
    ["a gradient of class indices", /floating point/, ...CE, "--grad", "target"],
    ["a fused form of something else", /no fused form/, ...CE, "--options", '{"label_smoothing":0.1}', "--fused"],
    ["a partial result with gradients", /partial/, ...CE, "--mode", "partial", "--grad", "input"],
    ["a file that is not there", /cannot read .*nothing\.json/, ...CE, "--like", "nothing.json"],
  ])("refuses %s in one line", async (_, message, ...args) => {
    const { code, said } = await command(...args, "-o", path("none.onnx"));
    expect(said).toMatch(message);
    expect(said).not.toContain("\n");
    expect(code).toBe(2);
    await expect(readFile(path("none.onnx"))).rejects.toThrow();
  });

  it("refuses a request for another loss, and a folder that is not there", async () => {
    await writeFile(path("other.json"), JSON.stringify({ id: "a", loss: "MSELoss", inputs: {} }));
    expect(await command(...CE, "--like", path("other.json"), "-o", path("none.onnx"))).toEqual({
      code: 2,
      said: expect.stringMatching(/asks for MSELoss/),
    });
    expect((await command(...CE, "-o", path("no/where.onnx"))).said).toMatch(/^cannot write .*where\.onnx: ENOENT$/);
  });
});
