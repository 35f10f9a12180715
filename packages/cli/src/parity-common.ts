/** What the subcommands of the parity workbench share: one clear line for bad input, progress, and exit codes. */
import { isLossError } from "@isoloss/core";
import { SingleBar } from "cli-progress";
import type { CommanderError } from "commander";

/** Exit codes: the systems agree, they do not, and the question was bad. */
export const AGREE = 0;
export const DIFFER = 1;
export const BAD = 2;

/** Ends a command whose options cannot be read, which commander has said, as bad input; help is no failure. */
export function badUsage(e: CommanderError): never {
  process.exit(e.exitCode === 0 ? 0 : BAD);
}

interface PointedError extends Error {
  readonly text: string;
  readonly at: { readonly start: number; readonly end: number };
}
const isPointed = (e: unknown): e is PointedError => e instanceof Error && e.name === "CallError";

/** Runs an action; bad input is told in a line that points at its place, and exits with BAD. */
export async function guarded(action: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await action();
  } catch (e) {
    if (isPointed(e)) {
      const { pointAt } = await import("@isoloss/parity");
      console.error(pointAt(e as Parameters<typeof pointAt>[0]));
    } else if (isLossError(e)) console.error(e.message);
    else if (isFileError(e)) console.error(`cannot read ${e.path}: ${e.code}`);
    else throw e;
    process.exitCode = BAD;
  }
}
const isFileError = (e: unknown): e is NodeJS.ErrnoException =>
  e instanceof Error && typeof (e as NodeJS.ErrnoException).path === "string";

export interface Progress {
  report(done: number, total: number): void;
  stop(): void;
}
/** A progress bar on standard error where that is a terminal; nothing elsewhere. */
export function progress(what: string): Progress {
  if (!process.stderr.isTTY) return { report() {}, stop() {} };
  const bar = new SingleBar({ format: `${what} {bar} {value}/{total}`, clearOnComplete: true, stream: process.stderr });
  let started = false;
  return {
    report(done, total) {
      if (started) bar.update(done);
      else bar.start(total, done);
      started = true;
    },
    stop: () => started && bar.stop(),
  };
}
