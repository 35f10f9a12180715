/** The isoloss command: ask for a loss and its gradients in the words of PyTorch or Keras. */
import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { backendNames } from "./backends.ts";
import { createEvaluator } from "./evaluator.ts";
import { addExplain } from "./explain.ts";
import { addExport } from "./export.ts";
import { addParity } from "./parity.ts";
import { serve } from "./serve.ts";
import { addTranslate } from "./translate.ts";

export { type Answer, answerText } from "./answer.ts";
export { backendNames } from "./backends.ts";
export { createEvaluator, type Evaluator, type EvaluatorOptions } from "./evaluator.ts";
export { type ExportSettings, exportRequest } from "./export.ts";
export { type EvalRequest, readRequest, readTensor } from "./request.ts";
export { serve } from "./serve.ts";

interface EvalFlags {
  readonly backend: string;
  readonly profile?: string;
  readonly warnings?: true;
}

/** `isoloss eval`: one request a line on standard input, one answer a line on standard output. */
async function evaluate(flags: EvalFlags): Promise<void> {
  const evaluator = createEvaluator({
    ...flags,
    onError: (error, { id }) => console.error(`request ${JSON.stringify(id)}:`, error),
  });
  process.stdout.on("error", (e: NodeJS.ErrnoException) => {
    if (e.code === "EPIPE") process.exit(); // whoever read the answers has gone
    console.error(`cannot write the answers: ${e.message}`);
    process.exit(1);
  });
  if (!(await serve(process.stdin, process.stdout, evaluator))) process.exitCode = 1;
}

/** Builds the command with its options and subcommands; `bin/isoloss.js` hands it the arguments. */
export function createCommand(): Command {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    readonly version: string;
  };
  const command = new Command("isoloss")
    .description("The same loss in every framework and on every backend.")
    .version(version);
  command
    .command("eval")
    .description("answer requests, one JSON object a line on standard input, one answer a line on standard output")
    .addOption(
      new Option("--backend <name>", "runs the requests that name no backend").choices(backendNames).default("cpu"),
    )
    .option("--profile <name>", "the framework and release of requests that name none, as torch@2.13")
    .option("--warnings", "add the framework's warnings to the answers")
    .addHelpText(
      "after",
      '\nA request is {"id", "profile", "loss", "options", "inputs", "grad"}; the README of this package has an example.' +
        "\nExits with 0 where every line was a request, whatever was answered, and with 1 otherwise.",
    )
    .action(evaluate);
  addExplain(command);
  addExport(command);
  addParity(command);
  addTranslate(command);
  return command;
}
