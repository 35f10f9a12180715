/** A framework's releases: their names as profiles, what changes from one to the next, and the record that holds in one. */
import type { Call, Contract, Parameter, ResolvedEntry, ValueRefusal } from "./contract.ts";
import { LossError } from "./errors.ts";
import { didYouMean } from "./words.ts";

/** The profiles of a major release: `prefix@major.from` to `prefix@major.to`. */
export const releases = (prefix: string, major: number, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `${prefix}@${major}.${from + i}`);

/** The version of a profile, as "1.13". A major release without a minor one stands for its newest. Refuses a profile that is not known. */
export function versionOf(profile: string, profiles: readonly string[]): string {
  const known = profiles.filter((p) => p === profile || p.startsWith(`${profile}.`)).at(-1);
  if (known === undefined)
    throw new LossError("request", `unknown profile '${profile}'.${didYouMean(profile, profiles)}`);
  return known.slice(known.indexOf("@") + 1);
}

type Whole =
  | ((...args: never[]) => unknown)
  | ValueRefusal
  | Parameter
  | string
  | number
  | boolean
  | readonly unknown[];
/** What a row may set: any part of a contract; records merge, all else replaces, undefined deletes. */
export type Patch<T> = {
  readonly [K in keyof T]?: NonNullable<T[K]> extends Whole ? T[K] | undefined : Patch<NonNullable<T[K]>> | undefined;
};

/** The releases in which something holds: `since` and later, but before `until`; all of them unless said. */
export interface Span {
  readonly since?: string;
  readonly until?: string;
}
/**
 * A change of the framework's behaviour, over a record. The comment above it says what it is, and where that is known from:
 * a pull request, an issue, or "observed", which is seen when the releases were run.
 */
export interface Row extends Span {
  /** The first release that has it, as "1.11". */
  readonly since: string;
  readonly set: Patch<Contract>;
}

/** A release as a number: majors first. */
function rankOf(version: string): number {
  const [major, minor] = version.split(".");
  return Number(major) * 1000 + Number(minor);
}
export const holdsIn = ({ since, until }: Span, version: string): boolean =>
  (since === undefined || rankOf(version) >= rankOf(since)) && (until === undefined || rankOf(version) < rankOf(until));

type Dictionary = Readonly<Record<string, unknown>>;
/** Whether a part of a contract has parts of its own: neither a rule, nor a parameter, nor a list. */
const isRecord = (x: unknown): x is Dictionary =>
  typeof x === "object" && x !== null && !Array.isArray(x) && !("read" in x) && !("values" in x);

const merge = (base: Dictionary, patch: Dictionary): Dictionary => ({
  ...base,
  ...Object.fromEntries(
    Object.entries(patch).map(([key, value]) => [
      key,
      isRecord(value) ? merge((base[key] ?? {}) as Dictionary, value) : value,
    ]),
  ),
});

/** The contract that holds in a release: the base record with every row that applies laid over it, in order. */
export const resolveContract = (base: Contract, rows: readonly Row[], version: string): Contract =>
  rows
    .filter((row) => holdsIn(row, version))
    .reduce<Dictionary>(
      (record, { set }) => merge(record, set as Dictionary),
      base as unknown as Dictionary,
    ) as unknown as Contract;

/** The record of an entry as a release has it. `brought` adds to the refusal of an option that another release has. */
export function entryOf(
  { contract, changes }: { readonly contract: Contract; readonly changes: readonly Row[] },
  entry: string,
  as: Call["as"],
  version: string,
  brought: (since: string, option: string) => string,
): ResolvedEntry {
  return {
    entry,
    as,
    contract: resolveContract(contract, changes, version),
    hint(option) {
      const row = changes.find(({ set }) => set.options?.[option]);
      return !row || holdsIn({ since: row.since }, version) ? "" : brought(row.since, option);
    },
  };
}
