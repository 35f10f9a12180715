/** `isoloss parity A B …`: where systems agree and where not. */
import { readFile, writeFile } from "node:fs/promises";
import { type Backend, LossError, UnsupportedError } from "@isoloss/core";
import type { OnnxRuntime, TensorFlow } from "@isoloss/parity";
import { type Command, InvalidArgumentError, Option } from "commander";
import { backendNames, openEngine } from "./backends.ts";
import { AGREE, badUsage, DIFFER, guarded, progress } from "./parity-common.ts";
import { tableText } from "./parity-table.ts";

interface ParityFlags {
  readonly backend: readonly string[];
  readonly python: readonly string[];
  readonly patience: number;
  readonly input?: string;
  readonly samples: number;
  readonly relative: number;
  readonly absolute: number;
  readonly json?: true;
  readonly all?: true;
  readonly profiles: readonly string[];
  readonly format: "text" | "markdown" | "json" | "html";
  readonly out?: string;
}

async function optional<T>(specifier: string, what: string): Promise<T> {
  try {
    return (await import(specifier)) as T;
  } catch (e) {
    if ((e as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw e;
    throw new UnsupportedError(`${what} needs the package ${specifier}: npm install ${specifier}`);
  }
}

/** `parity --all`: every loss of some releases. */
async function runEverything(flags: ParityFlags): Promise<number> {
  const { allHeading, allHtml, allJson, allMarkdown, allRows, runAll, summaryOf } = await import("@isoloss/parity");
  const bar = progress("comparing");
  const report = await runAll({
    profiles: flags.profiles,
    backends: await openBackends(flags.backend),
    pythons: flags.python,
    patience: flags.patience,
    samples: flags.samples,
    tolerance: { relative: flags.relative, absolute: flags.absolute },
    date: new Date().toISOString().slice(0, 10),
    onProgress: bar.report,
  }).finally(bar.stop);
  const formats = {
    text: () => `${tableText(allHeading, allRows(report))}\n${summaryOf(report)}`,
    markdown: () => allMarkdown(report),
    json: () => JSON.stringify(allJson(report), null, 2),
    html: () => allHtml(report),
  };
  const text = formats[flags.json ? "json" : flags.format]();
  if (flags.out === undefined) console.log(text);
  else {
    await writeFile(flags.out, text.endsWith("\n") ? text : `${text}\n`);
    console.log(summaryOf(report));
  }
  return report.rows.every((row) => row.pairs.every((p) => p.agree)) ? AGREE : DIFFER;
}

async function openBackends(names: readonly string[]): Promise<Backend[]> {
  const backends: Backend[] = [];
  for (const name of names) backends.push((await openEngine(name)).backend);
  return backends;
}

async function run(texts: readonly string[], flags: ParityFlags): Promise<number> {
  if (flags.all) return runEverything(flags);
  if (texts.length === 0) throw new LossError("missing", "name two systems, or use --all");
  const { parityHeading, parityJson, parityRows, runParity, smallestLines } = await import("@isoloss/parity");
  const backends = await openBackends(flags.backend);
  const requests = flags.input === undefined ? undefined : (await readFile(flags.input, "utf8")).split("\n");
  const bar = progress("comparing");
  const result = await runParity(texts, {
    backends,
    pythons: flags.python,
    patience: flags.patience,
    tensorflow: () => optional<TensorFlow>("@tensorflow/tfjs", "tfjs"),
    onnxRuntime: () => optional<OnnxRuntime>("onnxruntime-web", "an .onnx file"),
    ...(requests && { requests }),
    samples: flags.samples,
    tolerance: { relative: flags.relative, absolute: flags.absolute },
    onProgress: bar.report,
  }).finally(bar.stop);
  if (flags.json) console.log(JSON.stringify(parityJson(result), null, 2));
  else
    console.log(
      [
        `${result.systems[0]}, ${result.inputs} inputs`,
        tableText(parityHeading, parityRows(result)),
        ...smallestLines(result),
      ].join("\n"),
    );
  return result.pairs.every((p) => p.agree) ? AGREE : DIFFER;
}

const collect = (value: string, list: readonly string[]): readonly string[] => [...list, value];
function number(value: string): number {
  const x = Number(value);
  if (value.trim() === "" || !(x >= 0)) throw new InvalidArgumentError("a number of 0 or more is needed");
  return x;
}
const backendOption = (): Option =>
  new Option("--backend <name...>", "the backends that the systems of this project run on")
    .choices(backendNames)
    .default(["cpu"]);

export function addParity(command: Command): void {
  command
    .command("parity")
    .exitOverride(badUsage)
    .description("compare systems: values, gradients, and the smallest input on which they differ")
    .argument(
      "[system...]",
      'systems, each in quotes: "keras@3.15 losses.Huber()", "tfjs losses.huberLoss()", model.onnx',
    )
    .addOption(backendOption())
    .option(
      "--python <path>",
      "a Python with PyTorch or Keras; joins for every system of its release (repeatable)",
      collect,
      [],
    )
    .option("--patience <seconds>", "how long a Python may take for an answer", number, 120)
    .option("--input <file>", "eval requests whose inputs are used, one a line, in place of generated ones")
    .option("--samples <n>", "how many inputs to generate", number, 200)
    .option("--relative <x>", "relative difference that still agrees", number, 1e-5)
    .option("--absolute <x>", "absolute difference that still agrees", number, 1e-6)
    .option("--all", "compare every loss of some releases, on the backends and in the environments of --python")
    .option("--profiles <name...>", "the releases of --all", ["torch@1.7", "torch@2", "tf@2.3", "keras@3"])
    .addOption(
      new Option("--format <name>", "how --all reports").choices(["text", "markdown", "json", "html"]).default("text"),
    )
    .option("--out <file>", "where --all writes its report")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExits with 0 where all agree, 1 where they differ, 2 for bad input.")
    .action((texts: string[], flags: ParityFlags) => guarded(() => run(texts, flags)));
}
