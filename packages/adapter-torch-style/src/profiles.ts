/** From a release and a public name to the record that holds there. */
import { didYouMean, holdsIn, introducedIn, LossError, type ResolvedEntry, resolveContract } from "@isoloss/core";
import { type Entry, entries } from "./entries/index.ts";

const releases = [
  ...["1.7", "1.8", "1.9", "1.10", "1.11", "1.12", "1.13"],
  ...["2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9", "2.10", "2.11", "2.12", "2.13"],
];

/** Every profile that is known, newest last. `torch@2` stands for the newest. */
export const profiles: readonly string[] = releases.map((release) => `torch@${release}`);

const releaseByProfile: ReadonlyMap<string, string> = new Map([
  ...releases.map((release) => [`torch@${release}`, release] as const),
  ["torch@2", releases[releases.length - 1] as string],
]);
function releaseOf(profile: string): string {
  const known = releaseByProfile.get(profile);
  if (known) return known;
  throw new LossError("request", `unknown profile '${profile}'.${didYouMean(profile, profiles)}`);
}

/** An entry as a class or as a function in a profile. Throws `unknown-loss` where the release lacks it. */
export function entryIn(entry: Entry, as: ResolvedEntry["as"], profile: string): ResolvedEntry {
  const release = releaseOf(profile);
  if (!holdsIn(entry, release)) throw lacking(entry[as], release, ` PyTorch ${entry.since} brought it.`);
  return {
    entry: entry.class,
    contract: resolveContract(entry.contract, entry.class, entry.changes, release),
    as,
    hint: (option) => {
      const since = introducedIn(entry.class, option, entry.changes);
      return since === undefined || holdsIn({ since }, release) ? "" : ` PyTorch ${since} brought it.`;
    },
  };
}

/** The entry that a release has under a public name. Throws `unknown-loss` for a name it lacks, `request` for an unknown profile. */
export function findEntry(profile: string, name: string): ResolvedEntry {
  const release = releaseOf(profile);
  const entry = entries.find((e) => e.class === name || e.function === name);
  if (entry) return entryIn(entry, entry.class === name ? "class" : "function", profile);
  const names = entries.flatMap((e) => [e.class, e.function]);
  throw lacking(name, release, didYouMean(name, names));
}

const lacking = (name: string, release: string, more: string): LossError =>
  new LossError("unknown-loss", `PyTorch ${release} has no loss '${name}'.${more}`);
