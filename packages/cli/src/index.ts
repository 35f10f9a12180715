/** The isoloss command: ask for a loss and its gradients in the words of PyTorch or Keras. */
import { readFileSync } from "node:fs";
import { Command } from "commander";

/** Builds the command with its options and subcommands; `bin/isoloss.js` hands it the arguments. */
export function createCommand(): Command {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    readonly version: string;
  };
  return new Command("isoloss").description("The same loss in every framework and on every backend.").version(version);
}
