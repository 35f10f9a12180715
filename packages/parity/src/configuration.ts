/** Saved configurations as calls: Keras' `get_config`, `serialize` and compile JSON, PyTorch's constructor calls. */
import { didYouMean, isLossError, LossError } from "@isoloss/core";
import { printCall } from "./call/print.ts";
import { frameworkOf } from "./frameworks.ts";
import { type LossCall, lossCall, readSystem } from "./system.ts";

/** One loss of a configuration. */
export interface ConfiguredLoss {
  /** Where it stands: the output's name or place, where there are several. */
  readonly at: string;
  readonly call: LossCall;
  readonly warnings: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (x: unknown): x is Fields => typeof x === "object" && x !== null && !Array.isArray(x);

/** What Keras 3 leaves out of a saved loss (keras#23286): files of a release without the fix say nothing of these options. */
const forgotten: Readonly<Record<string, readonly string[]>> = {
  Huber: ["delta"],
  CosineSimilarity: ["axis"],
  SparseCategoricalCrossentropy: ["axis"],
};

/** The profile that a file names by the version that wrote it. Refuses a version that is not known. */
export function profileOfVersion(version: string): string {
  const [major, minor] = version.split(".");
  const wanted =
    Number(major) >= 3 || (major === "2" && Number(minor) >= 16) ? `keras@${major}.${minor}` : `tf@${major}.${minor}`;
  try {
    return frameworkOf(wanted).profile;
  } catch (e) {
    if (isLossError(e))
      throw new LossError("request", `the configuration is of Keras ${version}, which is no known release`);
    throw e;
  }
}

/** The losses of a configuration: JSON of Keras, or a constructor's call. `profile`: of files that do not say which release wrote them. */
export function readConfiguration(text: string, profile?: string): ConfiguredLoss[] {
  if (!/^\s*[{["]/.test(text)) return [{ at: "", call: readSystem(text.trim(), profile).call, warnings: [] }];
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (e) {
    throw new LossError("request", `the configuration is no JSON: ${(e as Error).message}`);
  }
  const version = isFields(json) ? (json["keras_version"] ?? json["version"]) : undefined;
  const release = typeof version === "string" ? profileOfVersion(version) : (profile ?? "keras@3");
  return lossesIn(json, frameworkOf(release).profile, "");
}

/** The losses under a node: a compile configuration, a list, a dictionary by output, or one loss. */
function lossesIn(json: unknown, profile: string, at: string): ConfiguredLoss[] {
  if (json === null || json === undefined) return [];
  if (typeof json === "string") return [lossAt(json, {}, profile, at)];
  if (Array.isArray(json)) return json.flatMap((x, i) => lossesIn(x, profile, at ? `${at}[${i}]` : `[${i}]`));
  if (!isFields(json))
    throw new LossError("request", `${at || "the configuration"} is no loss: ${JSON.stringify(json)}`);
  const inner = json["compile_config"] ?? json["training_config"];
  if (inner !== undefined) return lossesIn(inner, profile, at);
  if ("loss" in json) return lossesIn(json["loss"], profile, at);
  const { class_name: name, config } = json;
  if (name === "function" && typeof config === "string") return [lossAt(config, {}, profile, at)];
  if (typeof name === "string") return [lossAt(name, isFields(config) ? config : {}, profile, at)];
  if (json["module"] === undefined && ("reduction" in json || "name" in json) && typeof json["name"] === "string")
    return [lossAt(classNamed(json["name"], profile), json, profile, at)];
  return Object.entries(json).flatMap(([output, x]) => lossesIn(x, profile, at ? `${at}.${output}` : output));
}

/** The class whose instances have a name by default: `get_config` alone does not say the class. */
function classNamed(name: string, profile: string): string {
  const { framework, profile: exact } = frameworkOf(profile);
  const squeezed = (s: string): string => s.replaceAll("_", "").toLowerCase();
  const names = [...framework.namesOf(exact), ...framework.furtherOf(exact)];
  const found = names.find(
    (n) => [squeezed(n), `${squeezed(n)}loss`].includes(squeezed(name)) && lossCall(exact, n, {}).as === "class",
  );
  if (!found) throw new LossError("unknown-loss", `no loss of ${exact} is called '${name}'.${didYouMean(name, names)}`);
  return found;
}

function lossAt(name: string, config: Fields, profile: string, at: string): ConfiguredLoss {
  const options = Object.fromEntries(
    Object.entries(config).filter(([k, v]) => k !== "fn" && !(k === "name" && typeof v === "string")),
  );
  const call = lossCall(profile, name, options);
  const own = profile.startsWith("keras@3") && call.as === "class" ? (forgotten[name] ?? []) : [];
  const lost = own.filter((option) => call.contract.options[option] && !(option in options));
  const warnings = lost.map(
    (option) =>
      `${name}: Keras 3 files of before July 2026 do not hold '${option}'; ${JSON.stringify(call.options[option])} is assumed, whatever the loss had`,
  );
  return { at, call, warnings };
}

/** A call as Keras 3 saves it: what `keras.losses.serialize` gives, with every option that was set. */
export function configurationOf(call: LossCall): Fields | string {
  if (call.framework.name === "torch") return printCall(call, "python");
  if (call.as === "function")
    return call.profile.startsWith("keras@3")
      ? { module: "builtins", class_name: "function", config: call.name, registered_name: "function" }
      : call.name;
  const config = { ...call.given };
  return call.profile.startsWith("keras@3")
    ? { module: "keras.losses", class_name: call.name, config, registered_name: null }
    : { class_name: call.name, config };
}
