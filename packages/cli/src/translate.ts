/** `isoloss translate CALL --to PROFILE`: the equal call in another framework or release. */
import type { Command } from "commander";
import { AGREE, DIFFER, guarded, progress } from "./parity-common.ts";

interface TranslateFlags {
  readonly to: string;
  readonly json?: true;
  readonly form: string;
}

async function run(words: readonly string[], flags: TranslateFlags): Promise<number> {
  const { readSystem, translate, translationJson, translationText } = await import("@isoloss/parity");
  const system = readSystem(words.join(" "));
  const bar = progress("searching");
  const translation = translate(system, { to: flags.to, form: Number(flags.form) - 1, onProgress: bar.report });
  bar.stop();
  console.log(flags.json ? JSON.stringify(translationJson(translation), null, 2) : translationText(translation));
  return translation.verdict === "different" ? DIFFER : AGREE;
}

export function addTranslate(command: Command): void {
  command
    .command("translate")
    .description("the equal call in another framework or release, with a proof, its conditions, or a counter-example")
    .argument("<call...>", "a system, as \"torch@2.13 nn.MSELoss(reduction='sum')\"")
    .requiredOption("--to <profile>", "the framework and release to translate to, as keras@3 or torch@1.7")
    .option(
      "--form <number>",
      "which of the call's shapes to translate, where it has several; 1 is the most usual",
      "1",
    )
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExits with 0 where the calls are equal (with or without conditions), 1 where they differ, 2 for bad input.",
    )
    .action((words: string[], flags: TranslateFlags) => guarded(() => run(words, flags)));
}
