/** From a release and a public name to the record that holds there. */
import { didYouMean, entryOf, holdsIn, LossError, type ResolvedEntry, releases, versionOf } from "@isoloss/core";
import { type Entry, entries } from "./entries/index.ts";

/** Every profile that is known, newest last. `torch@2` stands for the newest. */
export const profiles: readonly string[] = [...releases("torch", 1, 7, 13), ...releases("torch", 2, 0, 13)];

/** An entry as a class or as a function in a profile. Throws `unknown-loss` where the release lacks it. */
export function entryIn(entry: Entry, as: ResolvedEntry["as"], profile: string): ResolvedEntry {
  const release = versionOf(profile, profiles);
  if (!holdsIn(entry, release)) throw lacking(entry[as], release, ` PyTorch ${entry.since} brought it.`);
  return entryOf(entry, entry.class, as, release, (since) => ` PyTorch ${since} brought it.`);
}

/** The entry that a release has under a public name. Throws `unknown-loss` for a name it lacks, `request` for an unknown profile. */
export function findEntry(profile: string, name: string): ResolvedEntry {
  const entry = entries.find((e) => e.class === name || e.function === name);
  if (entry) return entryIn(entry, entry.class === name ? "class" : "function", profile);
  const names = entries.flatMap((e) => [e.class, e.function]);
  throw lacking(name, versionOf(profile, profiles), didYouMean(name, names));
}

const lacking = (name: string, release: string, more: string): LossError =>
  new LossError("unknown-loss", `PyTorch ${release} has no loss '${name}'.${more}`);
