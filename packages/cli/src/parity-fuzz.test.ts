/** The workbench's commands with arguments of all kinds: whatever they are, a line or two, and an exit code that a CI can use. */
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createCommand } from "./index.ts";

class Exit extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}
const out: string[] = [];
beforeEach(() => {
  const write = (text: unknown) => void out.push(String(text));
  vi.spyOn(console, "log").mockImplementation(write);
  vi.spyOn(console, "error").mockImplementation(write);
  const take = (text: unknown) => out.push(String(text)) > 0;
  vi.spyOn(process.stdout, "write").mockImplementation(take);
  vi.spyOn(process.stderr, "write").mockImplementation(take);
  vi.spyOn(process, "exit").mockImplementation((code) => {
    throw new Exit(Number(code ?? 0));
  });
});
afterEach(() => vi.restoreAllMocks());

async function run(args: readonly string[]): Promise<{ text: string; exit: number }> {
  out.length = 0;
  let exit: number;
  try {
    await createCommand().parseAsync([...args], { from: "user" });
    exit = Number(process.exitCode ?? 0);
  } catch (e) {
    if (!(e instanceof Exit)) throw e;
    exit = e.code;
  }
  process.exitCode = 0;
  return { text: out.join("\n"), exit };
}

const calls = [
  "nn.MSELoss(",
  "nn.MSELoss(reduction=)",
  "nn.Nothing()",
  "losses.Huber(delta='x')",
  "torch@9 nn.MSELoss()",
  "keras@3 nn.MSELoss()",
  "nn.CTCLoss()",
  "tfjs losses.nothing()",
  "nowhere.onnx",
  "",
  "-",
  "1 + 1",
];
const flags = [
  "--json",
  "--backend gpu",
  "--python /nowhere",
  "--samples -1",
  "--samples many",
  "--relative x",
  "--patience",
  "--input /nowhere.jsonl",
  "--input",
  "--config /nowhere.json",
  "--to keras@3",
  "--to keras@99",
  "--to",
  "--form 0",
  "--form 99",
  "--from tf@2.3",
  "--format pdf",
  "--profiles",
  "--nonsense",
  "-x",
];
const line = fc
  .tuple(
    fc.constantFrom("parity", "explain", "translate"),
    fc.array(fc.oneof(fc.constantFrom(...calls), fc.string({ maxLength: 12 })), { maxLength: 3 }),
    fc.array(fc.constantFrom(...flags), { maxLength: 3 }),
  )
  .map(([command, texts, options]) => [command, ...texts, ...options.flatMap((f) => f.split(" "))]);

describe("bad command lines", () => {
  it("exit with 2 after a few lines, and never show a stack", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(line, async (args) => {
        const { text, exit } = await run(args);
        expect([args, text.match(/\n {4}at .*/)?.[0]]).toEqual([args, undefined]);
        expect([args, exit, text]).toEqual([args, 2, expect.stringMatching(/\S/)]);
        expect(text.split("\n").length).toBeLessThan(8);
      }),
      { numRuns: 300, seed: 7 },
    );
  });
  it("say what is wrong: an option, its value, or what is missing", async () => {
    const said = async (...args: string[]) => (await run(args)).text.trim();
    expect(await said("translate", "nn.MSELoss()")).toMatch(/^error: required option '--to <profile>' not specified$/);
    expect(await said("parity", "nn.MSELoss()", "--nonsense")).toMatch(/^error: unknown option '--nonsense'$/);
    expect(await said("parity", "a", "--samples", "many")).toMatch(/a number of 0 or more is needed/);
    expect(await said("explain", "nn.MSELoss()")).toMatch(/^error: missing required argument 'other'$/);
  });
  it("help is no failure", async () => {
    expect((await run(["parity", "--help"])).exit).toBe(0);
  });
});
