/** A real framework in a Python environment as what answers calls: a living process that speaks the `eval` protocol. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { LossError } from "@isoloss/core";
import type { Outcome, Tensors } from "../evaluate.ts";
import { lineOf, readTensorJson, requestOf } from "../requests.ts";
import type { LossCall } from "../system.ts";

/** The packages that matter, as an environment has them. */
type Versions = Readonly<Record<"torch" | "keras" | "tf_keras" | "tensorflow", string | undefined>>;

const VERSIONS = `
import json
try:
    from importlib.metadata import version
except ImportError:
    from importlib_metadata import version
def of(*names):
    for name in names:
        try:
            return version(name)
        except Exception:
            pass
print(json.dumps({"torch": of("torch"), "keras": of("keras"), "tf_keras": of("tf_keras", "tf-keras"), "tensorflow": of("tensorflow", "tensorflow-cpu")}))`;

/** Where the Python programs lie: beside this package, or in the repository. */
function programPath(name: string): string {
  for (const folder of ["../../python/", "../../../../oracle/"]) {
    const path = fileURLToPath(new URL(folder + name, import.meta.url));
    if (existsSync(path)) return path;
  }
  throw new LossError("request", `${name} is missing beside the package`);
}

/** A framework that an environment has: the profile that it is, and how its process is started. */
export interface PythonFramework {
  readonly profile: string;
  /** Name and full version, as "PyTorch 2.13.0". */
  readonly title: string;
  readonly program: string;
  readonly args: readonly string[];
}
const minor = (version: string): string => version.split(".").slice(0, 2).join(".");

/** The frameworks of an environment. Refuses a path that is no Python, and one without any framework. */
export async function frameworksIn(python: string): Promise<PythonFramework[]> {
  let versions: Versions;
  try {
    const { stdout } = await promisify(execFile)(python, ["-c", VERSIONS], { timeout: PATIENCE * 1000 });
    versions = JSON.parse(stdout) as Versions;
  } catch (e) {
    const [first] = String((e as Error).message).split("\n");
    const what = e instanceof SyntaxError ? "what runs there is no Python" : "no Python could be started there";
    throw new LossError("request", `--python ${python}: ${what} (${first})`);
  }
  const { torch, keras, tf_keras, tensorflow } = versions;
  const found: PythonFramework[] = [];
  if (torch)
    found.push({ profile: `torch@${minor(torch)}`, title: `PyTorch ${torch}`, program: "torch_eval.py", args: [] });
  if (keras?.startsWith("3."))
    found.push({ profile: `keras@${minor(keras)}`, title: `Keras ${keras}`, program: "keras_eval.py", args: [] });
  else if (tensorflow)
    found.push({
      profile: `tf@${minor(tensorflow)}`,
      title: `TensorFlow ${tensorflow}`,
      program: "keras_eval.py",
      args: [],
    });
  if (tf_keras)
    found.push({
      profile: `keras@${minor(tf_keras)}`,
      title: `tf_keras ${tf_keras}`,
      program: "keras_eval.py",
      args: ["tf_keras"],
    });
  if (found.length === 0)
    throw new LossError("request", `--python ${python}: neither PyTorch nor Keras is installed there`);
  return found;
}

/** A living process of a framework. */
export interface PythonProcess {
  run(call: LossCall, tensors: Tensors, gradients?: readonly string[]): Promise<Outcome>;
  dispose(): void;
}

interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (e: Error) => void;
}

/** How many seconds an answer may take; the first waits for the framework to be imported. */
export const PATIENCE = 120;

/** Starts a framework's process. It ends with `dispose`; when it ends by itself, or says nothing in time, its calls are refused in a line. */
export function startPython(python: string, framework: PythonFramework, patience = PATIENCE): PythonProcess {
  const child: ChildProcess = spawn(python, [programPath(framework.program), ...framework.args], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, CUDA_VISIBLE_DEVICES: "", TF_CPP_MIN_LOG_LEVEL: "3", PYTHONUNBUFFERED: "1" },
  });
  const waiting: Waiting[] = [];
  let complaint = "";
  let ended: LossError | undefined;
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000);
  });
  if (child.stdout)
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("{")) waiting.shift()?.resolve(line);
    });
  const fail = (why: string): void => {
    ended ??= new LossError("request", `${framework.title} (${python}) ${why}`);
    for (const w of waiting.splice(0)) w.reject(ended);
  };
  const lastWords = (): string => complaint.trim().split("\n").pop() || "without a word";
  child.on("close", () => fail(`ended: ${lastWords()}`));
  child.on("error", (e) => fail(`could not be started: ${e.message}`));
  child.stdin?.on("error", () => {}); // the end tells
  return {
    async run(call, tensors, gradients = []) {
      if (ended) throw ended;
      const { profile: _, ...request } = requestOf("1", call, tensors, gradients);
      const late = setTimeout(() => {
        fail(`gave no answer in ${patience} s`);
        child.kill("SIGKILL");
      }, patience * 1000);
      try {
        const line = await new Promise<string>((resolve, reject) => {
          waiting.push({ resolve, reject });
          child.stdin?.write(`${lineOf(request)}\n`);
        });
        return outcomeOf(line, framework.title);
      } finally {
        clearTimeout(late);
      }
    },
    dispose() {
      ended ??= new LossError("request", `${framework.title} was disposed of`);
      child.stdin?.end();
      child.kill();
    },
  };
}

/** One line of the protocol as an outcome. Refuses what is none. */
function outcomeOf(line: string, title: string): Outcome {
  let answer: {
    value?: unknown;
    grads?: Record<string, unknown>;
    error?: { code: LossError["code"]; message: string };
  };
  try {
    answer = JSON.parse(line) as typeof answer;
  } catch {
    throw new LossError("request", `${title} answered what is no JSON: ${line.slice(0, 60)}`);
  }
  if (answer.error) return { refusal: new LossError(answer.error.code, answer.error.message) };
  return {
    value: readTensorJson(answer.value, `${title}'s value`),
    grads: Object.fromEntries(Object.entries(answer.grads ?? {}).map(([n, g]) => [n, readTensorJson(g, n)])),
  };
}
