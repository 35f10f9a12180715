/** A living framework in its own process, asked over its standard input and output. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { RecordedAnswer, RecordedRequest } from "./replay-fixtures.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The environment of a profile as oracle/releases.py names it, and its program. */
function programOf(profile: string): { readonly env: string; readonly program: readonly string[] } {
  if (profile === "keras@2.21") return { env: "keras-3.15", program: ["keras_eval.py", "tf_keras"] };
  const [framework] = profile.split("@");
  return { env: profile.replace("@", "-"), program: [framework === "torch" ? "torch_eval.py" : "keras_eval.py"] };
}

export interface Oracle {
  /** The framework's answer; `dropped` where its process ends instead, and another is started. */
  ask(request: RecordedRequest): Promise<RecordedAnswer>;
  close(): void;
}

/**
 * Starts the framework of a profile. `python`: its interpreter; else that of $ORACLE_ENVS, as oracle/README.md builds it.
 * `variables`: of its environment, besides ours.
 */
export function startOracle(
  profile: string,
  python?: string,
  variables: Readonly<Record<string, string>> = {},
): Oracle {
  const { env, program } = programOf(profile);
  const environments = process.env["ORACLE_ENVS"] ?? `${root}../oracle-envs`;
  const interpreter = python ?? `${environments}/${env}/bin/python`;
  if (!existsSync(interpreter))
    throw new Error(`no ${interpreter}: give --python, or build it as oracle/README.md says`);
  const [file, ...args] = program as [string, ...string[]];
  type Waiting = { readonly request: RecordedRequest; readonly resolve: (a: RecordedAnswer) => void };
  const waiting: Waiting[] = [];
  let child: ChildProcessByStdio<Writable, Readable, null>;
  let hasAnswered = false;
  const send = ({ request }: Waiting): unknown => child.stdin.write(`${JSON.stringify(request)}\n`);
  const start = (): void => {
    hasAnswered = false;
    child = spawn(interpreter, [`${root}oracle/${file}`, ...args], {
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...process.env, ...variables },
    });
    child.stdin.on("error", () => {}); // it has ended, as "exit" says
    createInterface({ input: child.stdout }).on("line", (line) => {
      hasAnswered = true;
      waiting.shift()?.resolve(JSON.parse(line));
    });
    child.on("close", (code, signal) => {
      const killer = waiting[0];
      if (!killer) return;
      if (!hasAnswered) throw new Error(`the framework's process ended with ${signal ?? code}, and answered nothing`);
      console.error(`the framework's process ended with ${signal ?? code} on ${JSON.stringify(killer.request)}`);
      waiting.shift();
      killer.resolve({ id: killer.request.id, dropped: true });
      start();
      waiting.forEach(send);
    });
  };
  start();
  return {
    ask: (request) =>
      new Promise((resolve) => {
        waiting.push({ request, resolve });
        send(waiting.at(-1) as Waiting);
      }),
    close: () => child.stdin.end(),
  };
}
