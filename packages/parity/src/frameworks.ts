/** The frameworks that a system can name: their adapters, their namespaces, and how a profile is found. */

import * as keras from "@isoloss/adapter-keras-style";
import * as torch from "@isoloss/adapter-torch-style";
import { didYouMean, isLossError, LossError, type ResolvedEntry } from "@isoloss/core";
import { findFurther, furtherNames, furtherPath } from "./further/entries.ts";

/** A framework in whose words a call can be written. */
export interface Framework {
  readonly name: "torch" | "keras";
  /** What stands before the `@` of its profiles. */
  readonly families: readonly string[];
  /** The profile that is meant without one. */
  readonly newest: string;
  /** Dotted paths under which a call finds its losses; the first of `classes` and `functions` is printed. */
  readonly classes: readonly string[];
  readonly functions: readonly string[];
  /** Every release, oldest first. */
  readonly profiles: readonly string[];
  /** The record of a public loss: of the handbook, or a further one that the workbench knows. */
  findEntry(profile: string, name: string): ResolvedEntry;
  /** The handbook's names in a release. */
  namesOf(profile: string): readonly string[];
  /** The further losses of a release. */
  furtherOf(profile: string): readonly string[];
}

type FindEntry = Framework["findEntry"];
/** The handbook's entry; of a name that it lacks the further loss. */
const orFurther =
  (framework: Framework["name"], handbook: FindEntry): FindEntry =>
  (profile, name) => {
    try {
      return handbook(profile, name);
    } catch (e) {
      if (!isLossError(e) || e.code !== "unknown-loss") throw e;
      const found = findFurther(framework, profile, name, (like) => handbook(profile, like).contract);
      if (found) return found;
      throw e;
    }
  };

const has = (findEntry: FindEntry, profile: string, name: string): boolean => {
  try {
    findEntry(profile, name);
    return true;
  } catch (e) {
    if (isLossError(e)) return false;
    throw e;
  }
};

export const frameworks: readonly Framework[] = [
  {
    name: "torch",
    families: ["torch"],
    newest: "torch@2",
    classes: ["nn", "torch.nn"],
    functions: ["F", "nn.functional", "torch.nn.functional", "torchvision.ops"],
    profiles: torch.profiles,
    findEntry: orFurther("torch", torch.findEntry),
    namesOf: (profile) => Object.keys(torch).filter((name) => has(torch.findEntry, profile, name)),
    furtherOf: (profile) => furtherNames("torch", profile),
  },
  {
    name: "keras",
    families: ["keras", "tf"],
    newest: "keras@3",
    classes: ["losses", "keras.losses", "tf.keras.losses", "tf_keras.losses"],
    functions: ["losses", "keras.losses", "tf.keras.losses", "tf_keras.losses"],
    profiles: keras.profiles,
    findEntry: orFurther("keras", keras.findEntry),
    namesOf: keras.namesOf,
    furtherOf: (profile) => furtherNames("keras", profile),
  },
];

const byFamily = (family: string): Framework | undefined => frameworks.find((f) => f.families.includes(family));

/** The framework of a profile, and the release that an abbreviation means. Refuses what is not known. */
export function frameworkOf(profile: string): { framework: Framework; profile: string } {
  const framework = byFamily(profile.split("@")[0] as string);
  const known = frameworks.flatMap((f) => f.profiles);
  const exact = known.includes(profile) ? profile : known.filter((p) => p.startsWith(`${profile}.`)).pop();
  if (!framework || exact === undefined)
    throw new LossError("request", `unknown profile '${profile}'.${didYouMean(profile, known)}`);
  return { framework, profile: exact };
}

/** The framework whose namespace a dotted path starts with, and the name behind it. */
export function splitPath(path: string): { framework: Framework | undefined; name: string } {
  const dot = path.lastIndexOf(".");
  if (dot < 0) return { framework: undefined, name: path };
  const namespace = path.slice(0, dot);
  const framework = frameworks.find((f) => f.classes.includes(namespace) || f.functions.includes(namespace));
  return { framework, name: framework ? path.slice(dot + 1) : path };
}

/** `losses.Huber`, `F.mse_loss`: how a framework's call is written. */
export const pathIn = (framework: Framework, name: string, as: "class" | "function"): string =>
  `${furtherPath(name) ?? (as === "class" ? framework.classes : framework.functions)[0]}.${name}`;
