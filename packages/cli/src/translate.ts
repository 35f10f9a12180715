/** `isoloss translate CALL --to PROFILE`: the equal call in another framework or release. */
import { readFile } from "node:fs/promises";
import { LossError } from "@isoloss/core";
import type { System } from "@isoloss/parity";
import { type Command, InvalidArgumentError } from "commander";
import { AGREE, badUsage, DIFFER, guarded, progress } from "./parity-common.ts";

interface TranslateFlags {
  readonly to: string;
  readonly config?: string;
  readonly from?: string;
  readonly json?: true;
  readonly form: number;
}

/** The systems to translate: the call on the command line, or the losses of a saved configuration. */
async function systemsOf(words: readonly string[], flags: TranslateFlags): Promise<System[]> {
  const { readConfiguration, readSystem, systemOf } = await import("@isoloss/parity");
  if (flags.config === undefined) {
    if (words.length === 0) throw new LossError("missing", "name a call, or a file with --config");
    return [readSystem(words.join(" "), flags.from)];
  }
  const losses = readConfiguration(await readFile(flags.config, "utf8"), flags.from);
  for (const { at, warnings } of losses) for (const w of warnings) console.error(`warning: ${at ? `${at}: ` : ""}${w}`);
  if (losses.length === 0) throw new LossError("missing", `${flags.config} holds no loss`);
  return losses.map((l) => systemOf(l.call));
}

async function run(words: readonly string[], flags: TranslateFlags): Promise<number> {
  const { translate, translationJson, translationText } = await import("@isoloss/parity");
  const systems = await systemsOf(words, flags);
  const bar = progress("searching");
  const translations = systems.map((s) => translate(s, { to: flags.to, form: flags.form - 1, onProgress: bar.report }));
  bar.stop();
  if (flags.json) {
    const all = translations.map(translationJson);
    console.log(JSON.stringify(flags.config === undefined ? all[0] : all, null, 2));
  } else console.log(translations.map(translationText).join("\n\n"));
  return translations.some((t) => t.verdict === "different") ? DIFFER : AGREE;
}

function formNumber(value: string): number {
  const n = Number(value);
  if (!Number.isInteger(n) || n < 1) throw new InvalidArgumentError("a whole number from 1 is needed");
  return n;
}

export function addTranslate(command: Command): void {
  command
    .command("translate")
    .exitOverride(badUsage)
    .description("the equal call in another framework or release, with a proof, its conditions, or a counter-example")
    .argument("[call...]", "a system, as \"torch@2.13 nn.MSELoss(reduction='sum')\"")
    .requiredOption("--to <profile>", "the framework and release to translate to, as keras@3 or torch@1.7")
    .option("--config <file>", "translate the losses of a saved configuration: Keras JSON, or a constructor's call")
    .option("--from <profile>", "the release of a call or a file that does not name it")
    .option("--form <number>", "which of the call's shapes, where it has several; 1 is the most usual", formNumber, 1)
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExits with 0 where the calls are equal (with or without conditions), 1 where they differ, 2 for bad input.",
    )
    .action((words: string[], flags: TranslateFlags) => guarded(() => run(words, flags)));
}
