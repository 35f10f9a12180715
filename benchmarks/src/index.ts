/** `pnpm bench`: times this project beside its peers and prints a table. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import type { Cold } from "./cold.ts";
import { type Contender, isMissing } from "./contender.ts";
import { isolossContenders } from "./contenders/isoloss.ts";
import { ortContender } from "./contenders/onnx.ts";
import { scalarContender } from "./contenders/scalar.ts";
import { tfjsContender } from "./contenders/tfjs.ts";
import { torchContender, tunedAllocator } from "./contenders/torch.ts";
import { type Measurement, measure } from "./measure.ts";
import { markdown, type Run } from "./report.ts";
import { type Measured, workloads } from "./workload.ts";

const command = new Command("bench")
  .description("Times the losses of this project beside their peers, values checked first.")
  .option("--python <path>", "a Python with PyTorch", process.env["ISOLOSS_TORCH_PYTHON"])
  .option("--only <text>", "workloads whose name contains this")
  .option("--contenders <pattern>", "contenders whose name matches this regular expression")
  .option("--rounds <n>", "rounds", "15")
  .option("--sets <n>", "different inputs a workload", "3")
  .option("--budget <ms>", "milliseconds a contender may spend on a workload", "4000")
  .option("--measure <what>", "value, both or all", "all")
  .option("--processes <n>", "processes in which first calls are timed", "9")
  .option("--json <file>", "write the measurements")
  .option("--markdown <file>", "write the table")
  .parse();
const options = command.opts<Record<string, string | undefined>>();

const require = createRequire(import.meta.url);
/** The version in the package's manifest: the first one above its entry that bears its name. */
const versionOf = (name: string): string => {
  try {
    for (let at = dirname(require.resolve(name)); at !== dirname(at); at = dirname(at)) {
      const file = join(at, "package.json");
      if (!existsSync(file)) continue;
      const manifest = JSON.parse(readFileSync(file, "utf8")) as { name?: string; version: string };
      if (manifest.name === name) return manifest.version;
    }
  } catch {
    // not installed
  }
  return "unknown";
};
/** What the first losses of a process cost, in processes of their own. */
const coldRuns = (processes: number): Cold[] =>
  Array.from({ length: processes }, () => {
    const script = fileURLToPath(new URL("cold.js", import.meta.url));
    return JSON.parse(execFileSync(process.execPath, [script], { encoding: "utf8" })) as Cold;
  });

const candidates = [
  await torchContender("PyTorch eager, tuned allocator,", options["python"], { env: tunedAllocator }),
  await torchContender("PyTorch eager", options["python"]),
  await torchContender("PyTorch torch.compile", options["python"], { compile: true, env: tunedAllocator }),
  ...isolossContenders(),
  await ortContender("onnxruntime-web", "onnxruntime-web", "wasm"),
  await ortContender("onnxruntime-node", "onnxruntime-node", "cpu"),
  await tfjsContender("wasm"),
  await tfjsContender("cpu"),
  scalarContender,
];
const wanted = new RegExp(options["contenders"] ?? "");
const missing = candidates.filter(isMissing);
const contenders = candidates.filter((c): c is Contender => !isMissing(c));
const entering = contenders.filter((c) => wanted.test(c.name));
for (const { name, reason } of missing) console.error(`missing: ${name}: ${reason}`);

const [load] = loadavg() as [number];
const cold = coldRuns(Number(options["processes"])); // before the peers' processes have anything to do
const kinds: readonly Measured[] = options["measure"] === "all" ? ["both", "value"] : [options["measure"] as Measured];
const measurements: Measurement[] = [];
for (const measured of kinds)
  for (const workload of workloads.filter((w) => w.name.includes(options["only"] ?? ""))) {
    console.error(`${workload.name} (${measured}) …`);
    const settings = {
      rounds: Number(options["rounds"]),
      sets: Number(options["sets"]),
      budget: Number(options["budget"]),
    };
    measurements.push(await measure(workload, entering, measured, settings));
  }
for (const c of contenders) await c.dispose();

const run: Run = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus()[0]?.model ?? "unknown CPU"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}, load ${load.toFixed(1)} before the run`,
  versions: {
    Node: process.version,
    "onnxruntime-web": versionOf("onnxruntime-web"),
    tfjs: versionOf("@tensorflow/tfjs"),
  },
  missing,
  measurements,
  cold,
};
if (options["json"]) writeFileSync(options["json"], `${JSON.stringify(run, null, 1)}\n`);
if (options["markdown"]) writeFileSync(options["markdown"], markdown(run));
if (!options["json"] && !options["markdown"]) console.log(markdown(run));
