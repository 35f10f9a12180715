/** The parity workbench's commands as their users call them: the documented examples, exit codes, and bad input. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { grammar } from "@isoloss/parity";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createCommand } from "./index.ts";

const readme = readFileSync(new URL("../../parity/README.md", import.meta.url), "utf8");
const model = fileURLToPath(new URL("../../parity/fixtures/model.json", import.meta.url));

/** Runs a command line in this process. */
async function run(line: string): Promise<{ out: string; exit: number }> {
  const out: string[] = [];
  const write = (text: unknown) => void out.push(String(text));
  vi.spyOn(console, "log").mockImplementation(write);
  vi.spyOn(console, "error").mockImplementation(write);
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? (m[2] as string));
  const given = words.slice(1).map((w) => (w === "model.json" ? model : w));
  await createCommand().parseAsync(given, { from: "user" });
  const exit = Number(process.exitCode ?? 0);
  process.exitCode = 0;
  return { out: out.join("\n"), exit };
}
afterEach(() => vi.restoreAllMocks());

const examples = [...readme.matchAll(/```sh\n(isoloss .*)\n```\n\n```text\n([\s\S]*?)```/g)].map((m) => ({
  line: m[1] as string,
  expected: (m[2] as string).trimEnd(),
}));

describe("the examples of the parity package's documentation", () => {
  it("are one of each command, and one of a fault", () => {
    expect(examples.map((e) => e.line.split(" ")[1])).toEqual([
      ...["translate", "translate", "translate", "translate", "translate"],
      ...["parity", "explain"],
    ]);
  });
  it.each(examples)("$line", { timeout: 120_000 }, async ({ line, expected }) => {
    expect((await run(line)).out.trimEnd()).toBe(expected);
  });
  it("shows the grammar as it is", () => {
    expect(readme).toContain(grammar.trim());
  });
});

describe("exit codes", () => {
  it.each([
    ['isoloss parity "nn.MSELoss()" "losses.MeanSquaredError()" --samples 20', 0],
    ["isoloss parity \"nn.MSELoss(reduction='sum')\" \"losses.MeanSquaredError(reduction='sum')\" --samples 20", 1],
    ['isoloss translate "torch@1.7 nn.MSELoss()" --to torch@2', 0],
    ['isoloss translate "nn.BCELoss()" --to tf@2.3', 1],
  ])("%s exits with %i", { timeout: 120_000 }, async (line, exit) => {
    expect((await run(line)).exit).toBe(exit);
  });
});

describe("bad input gets one clear line, a place, and exit 2", () => {
  it.each([
    ['isoloss translate "nn.MSELoss(" --to keras@3', /does not parse at column 12/],
    ['isoloss translate "torch@1.7 nn.CrossEntropyLoss(label_smoothing=0.1)" --to keras@3', /label_smoothing.*1\.10/],
    ['isoloss translate "keras@2.0 losses.Huber()" --to torch@2', /unknown profile 'keras@2\.0'/],
    ['isoloss parity "nn.MSELoss()"', /two systems are needed/],
    ['isoloss parity "nn.MSELoss()" --python /nowhere/python', /\/nowhere\/python: no Python could be started/],
    ['isoloss parity "tfjs losses.nothing()" "nn.MSELoss()"', /no loss 'nothing'/],
    ['isoloss explain "nn.MSELoss()" "losses.SparseCategoricalCrossentropy()"', /no input is taken by both/],
    [
      'isoloss parity "nn.MSELoss()" "losses.MeanSquaredError()" --input /nowhere.jsonl',
      /cannot read \/nowhere\.jsonl/,
    ],
  ])("%s", { timeout: 120_000 }, async (line, message) => {
    const { out, exit } = await run(line);
    expect(out).toMatch(message);
    expect(out).not.toMatch(/\n {4}at /);
    expect(exit).toBe(2);
  });
});
