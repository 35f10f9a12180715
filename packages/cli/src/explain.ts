/** `isoloss explain A B`: which rules of two systems differ, and how much of the difference each is. */
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { AGREE, badUsage, guarded } from "./parity-common.ts";

interface ExplainFlags {
  readonly input?: string;
  readonly json?: true;
}

async function run(first: string, other: string, flags: ExplainFlags): Promise<number> {
  const { explain, explanationJson, explanationText, readSystem, tensorsOfRequests } = await import("@isoloss/parity");
  const inputs =
    flags.input === undefined ? undefined : tensorsOfRequests((await readFile(flags.input, "utf8")).split("\n"));
  const explanation = explain(readSystem(first), readSystem(other), inputs);
  console.log(flags.json ? JSON.stringify(explanationJson(explanation), null, 2) : explanationText(explanation));
  return AGREE;
}

export function addExplain(command: Command): void {
  command
    .command("explain")
    .exitOverride(badUsage)
    .description("which rules of two systems differ, in words and numbers, with the field or the node that says so")
    .argument("<first>", 'a system in quotes, as "nn.BCELoss()"')
    .argument("<other>", 'another, as "keras@3 losses.BinaryCrossentropy()"')
    .option("--input <file>", "eval requests whose inputs are used, one a line, in place of generated ones")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExits with 0, or 2 for bad input.")
    .action((first: string, other: string, flags: ExplainFlags) => guarded(() => run(first, other, flags)));
}
