/** `isoloss export LOSS`: a loss and its gradients as an .onnx file, in the framework's words. */
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { LossError } from "@isoloss/core";
import { type Command, InvalidArgumentError, Option } from "commander";
import { findEntry, readCall } from "./evaluator.ts";
import { AGREE, badUsage, guarded } from "./parity-common.ts";
import { type EvalRequest, readRequest } from "./request.ts";

interface ExportFlags {
  readonly profile?: string;
  readonly options?: string;
  readonly grad?: readonly string[];
  readonly mode: "reduced" | "partial";
  readonly opset?: number;
  readonly fused?: true;
  readonly like?: string;
  readonly out: string;
}
type Fields = Readonly<Record<string, unknown>>;

/** Reads JSON of an object. `what` names it in the refusal. */
function parseObject(text: string, what: string): Fields {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (e) {
    throw new LossError("request", `${what} is no JSON: ${(e as Error).message.replaceAll(/\s+/g, " ")}`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new LossError("request", `${what} must be a JSON object`);
  return json as Fields;
}

/** The request that the file is made for: that of --like, over which the other flags are laid. */
async function readLike(loss: string, flags: ExportFlags): Promise<EvalRequest> {
  const { like } = flags;
  const given = like === undefined ? {} : parseObject(await readFile(like, "utf8"), like);
  const request = readRequest({ id: loss, loss, ...given });
  if (request.loss !== loss) throw new LossError("request", `${like} asks for ${request.loss}, not for ${loss}`);
  if (request.upstream !== undefined)
    throw new LossError("request", `${like}: a file has no gradient that flows in; leave 'upstream' out`);
  const options =
    flags.options === undefined
      ? {}
      : readRequest({ id: loss, loss, options: parseObject(flags.options, "--options") }).options;
  return {
    ...request,
    profile: flags.profile ?? request.profile,
    options: { ...request.options, ...options },
    grad: flags.grad ?? (flags.mode === "partial" ? [] : request.grad),
  };
}

export interface ExportSettings {
  readonly mode?: "reduced" | "partial";
  readonly opset?: number;
  readonly fused?: boolean;
}

/**
 * The bytes of an .onnx file for an eval request: its tensors say for which dtypes, ranks, sizes of 1 and optional inputs
 * the file is; without inputs it is for the usual ones.
 */
export async function exportRequest(request: EvalRequest, settings: ExportSettings = {}): Promise<Uint8Array> {
  const { exportCall, usualCall } = await import("@isoloss/backend-onnx");
  const { loss, profile, grad } = request;
  if (profile === undefined) throw new LossError("request", "name the framework and release with --profile");
  const entry = await findEntry(profile, loss);
  const { contract, as } = entry;
  const { inputs, options } = readCall(request, entry);
  const call = Object.keys(inputs).length === 0 ? usualCall(entry, options, loss) : { contract, as, options, inputs };
  for (const name of grad)
    if (!Object.hasOwn(call.inputs, name)) {
      const names = Object.keys(call.inputs).join(", ");
      throw new LossError("missing", `gradient of '${name}', which is no input of the file: it has ${names}`);
    }
  return exportCall(call, {
    ...settings,
    gradients: grad,
    metadata: { "isoloss.loss": loss, "isoloss.profile": profile, "isoloss.version": version() },
    description: `${loss} of ${profile}`,
  });
}

const version = (): string =>
  (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { readonly version: string })
    .version;

async function run(loss: string, flags: ExportFlags): Promise<number> {
  const { mode, opset, fused = false } = flags;
  const file = await exportRequest(await readLike(loss, flags), { mode, ...(opset !== undefined && { opset }), fused });
  try {
    await writeFile(flags.out, file);
  } catch (e) {
    throw new LossError("request", `cannot write ${flags.out}: ${(e as NodeJS.ErrnoException).code}`);
  }
  return AGREE;
}

function opsetNumber(value: string): number {
  const n = Number(value);
  if (!Number.isInteger(n)) throw new InvalidArgumentError("a whole number is needed");
  return n;
}
const nameList = (value: string): string[] => [
  ...new Set(
    value
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
  ),
];

export function addExport(command: Command): void {
  command
    .command("export")
    .exitOverride(badUsage)
    .description("a loss and its gradients as a self-contained .onnx file, with the framework's names")
    .argument("<loss>", "the public name of a class or a function, as CrossEntropyLoss")
    .option("--profile <name>", "the framework and release, as torch@2.13")
    .option("--options <json>", "its keyword arguments, as an eval request has them; tensors become initializers")
    .option("--grad <names>", "inputs whose gradients the file gives, as grad_<input>; separated by commas", nameList)
    .addOption(
      new Option("--mode <mode>", "the loss, or sum_loss, sum_mass and count, which add over shards")
        .choices(["reduced", "partial"])
        .default("reduced"),
    )
    .option("--opset <number>", "the operator set, 13 to 21; 17 unless given", opsetNumber)
    .option(
      "--fused",
      "the loss by ONNX's own loss operator; refused where that is not the same (gradients are as without)",
    )
    .option("--like <file>", "an eval request: its dtypes, ranks, sizes of 1 and inputs are those of the file")
    .requiredOption("-o, --out <file>", "where the file is written")
    .addHelpText(
      "after",
      "\nWithout --like: two-dimensional float32 inputs of equal shape, or class indices. Options and grad of the request" +
        "\nhold unless they are given here. Exits with 0, or 2 for bad input.",
    )
    .action((loss: string, flags: ExportFlags) => guarded(() => run(loss, flags)));
}
