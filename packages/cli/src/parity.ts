/** `isoloss parity A B …`: where systems agree and where not. */
import { readFile } from "node:fs/promises";
import { type Backend, UnsupportedError } from "@isoloss/core";
import type { OnnxRuntime, TensorFlow } from "@isoloss/parity";
import { type Command, InvalidArgumentError, Option } from "commander";
import { backendNames, openEngine } from "./backends.ts";
import { AGREE, DIFFER, guarded, progress } from "./parity-common.ts";
import { tableText } from "./parity-table.ts";

interface ParityFlags {
  readonly backend: readonly string[];
  readonly python: readonly string[];
  readonly input?: string;
  readonly samples: number;
  readonly relative: number;
  readonly absolute: number;
  readonly json?: true;
}

async function optional<T>(specifier: string, what: string): Promise<T> {
  try {
    return (await import(specifier)) as T;
  } catch (e) {
    if ((e as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw e;
    throw new UnsupportedError(`${what} needs the package ${specifier}: npm install ${specifier}`);
  }
}

async function run(texts: readonly string[], flags: ParityFlags): Promise<number> {
  const { parityHeading, parityJson, parityRows, runParity, smallestLines } = await import("@isoloss/parity");
  const backends: Backend[] = [];
  for (const name of flags.backend) backends.push((await openEngine(name)).backend);
  const requests = flags.input === undefined ? undefined : (await readFile(flags.input, "utf8")).split("\n");
  const bar = progress("comparing");
  const result = await runParity(texts, {
    backends,
    pythons: flags.python,
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
    .description("compare systems: values, gradients, and the smallest input on which they differ")
    .argument(
      "<system...>",
      'systems, each in quotes: "keras@3.15 losses.Huber()", "tfjs losses.huberLoss()", model.onnx',
    )
    .addOption(backendOption())
    .option(
      "--python <path>",
      "a Python with PyTorch or Keras; joins for every system of its release (repeatable)",
      collect,
      [],
    )
    .option("--input <file>", "eval requests whose inputs are used, one a line, in place of generated ones")
    .option("--samples <n>", "how many inputs to generate", number, 200)
    .option("--relative <x>", "relative difference that still agrees", number, 1e-5)
    .option("--absolute <x>", "absolute difference that still agrees", number, 1e-6)
    .option("--json", "print JSON")
    .addHelpText("after", "\nExits with 0 where all agree, 1 where they differ, 2 for bad input.")
    .action((texts: string[], flags: ParityFlags) => guarded(() => run(texts, flags)));
}
