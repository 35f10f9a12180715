/** The releases, and how a name of one becomes the record that holds there. */
import {
  type Contract,
  didYouMean,
  entryOf,
  holdsIn,
  LossError,
  type ResolvedEntry,
  releases,
  resolveContract,
  versionOf as versionAmong,
} from "@isoloss/core";
import { type Entry, entries } from "./entries/index.ts";
import { names, type PublicName } from "./names.ts";

/** Every release that is known, newest last: `tf.keras` of a TensorFlow, tf_keras, Keras 3. */
export const profiles: readonly string[] = [...releases("tf", 2, 3, 15), "keras@2.21", ...releases("keras", 3, 0, 15)];

/** The version of a profile, as "3.15". Refuses a profile that is not known. */
export const versionOf = (profile: string): string => versionAmong(profile, profiles);
const has = (version: string, name: string): boolean => holdsIn(names[name] ?? {}, version);

/** The names that a release has: classes, functions, and the strings that its `get` accepts. */
export function namesOf(profile: string): readonly string[] {
  const version = versionOf(profile);
  return Object.keys(names).filter((name) => has(version, name));
}

const lacking = (profile: string, name: string): LossError =>
  new LossError("unknown-loss", `no loss '${name}' in ${profile}.${didYouMean(name, namesOf(profile))}`);

/** The record of a release, whole. */
export const contractIn = ({ contract, changes }: Entry, profile: string): Contract =>
  resolveContract(contract, changes, versionOf(profile));

/** An entry under one of its public names in a release. Refuses a name that the release lacks. */
export function entryIn(entry: Entry, name: string, profile: string): ResolvedEntry {
  const version = versionOf(profile);
  if (!has(version, name)) throw lacking(profile, name);
  const { entry: own, as } = names[name] as PublicName;
  return entryOf(entry, own, as, version, (since, option) => ` '${option}' came with ${since}.`);
}

/** The record behind a public name of a release. Refuses a name that the release lacks. */
export function findEntry(profile: string, name: string): ResolvedEntry {
  const found = Object.hasOwn(names, name) ? names[name] : undefined;
  if (!found) throw lacking(profile, name);
  return entryIn(entries[found.entry], name, profile);
}
