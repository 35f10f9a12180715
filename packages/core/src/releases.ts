/** A framework's releases: their names as profiles, what changes from one to the next, and the record that holds in one. */
import type { Call, Contract, Parameter, ResolvedEntry, ValueRefusal } from "./contract.ts";
import { LossError } from "./errors.ts";
import { didYouMean } from "./words.ts";

/** The profiles of a major release: `prefix@major.from` to `prefix@major.to`. */
export const releases = (prefix: string, major: number, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `${prefix}@${major}.${from + i}`);

/** The version of a profile, as "1.13". A major release without a minor one stands for its newest. Refuses a profile that is not known. */
export function versionOf(profile: string, profiles: readonly string[]): string {
  const known = profiles.includes(profile) ? profile : profiles.filter((p) => p.startsWith(`${profile}.`)).at(-1);
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

/** A change of the framework's behaviour, over the records that it concerns. */
export interface Row<E extends string = string> {
  /** The first release that has it, as "1.11". */
  readonly since: string;
  /** The first release that has it no longer. */
  readonly until?: string;
  readonly entry: E | readonly E[];
  readonly what: string;
  /** Pull request, issue, or "observed": seen when the releases were run. */
  readonly ref: string;
  readonly set: Patch<Contract>;
}

/** Whether release `version` is `since` or later, comparing major, then minor. */
function atLeast(version: string, since: string): boolean {
  const [a = 0, b = 0] = version.split(".").map(Number);
  const [c = 0, d = 0] = since.split(".").map(Number);
  return a === c ? b >= d : a > c;
}

/** The releases in which something holds: `since` and later, but before `until`; all of them unless said. */
export interface Span {
  readonly since?: string;
  readonly until?: string;
}
export const holdsIn = ({ since, until }: Span, version: string): boolean =>
  (since === undefined || atLeast(version, since)) && (until === undefined || !atLeast(version, until));

type Dictionary = Readonly<Record<string, unknown>>;
const mergeable = (x: unknown): x is Dictionary =>
  typeof x === "object" &&
  x !== null &&
  Object.getPrototypeOf(x) === Object.prototype &&
  !("read" in x) &&
  !("values" in x) &&
  !("default" in x);

function merge(base: Dictionary, patch: Dictionary): Dictionary {
  const out: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    const old = out[key];
    out[key] = mergeable(value) && mergeable(old) ? merge(old, value) : value;
  }
  return out;
}

const concerns = <E extends string>(row: Row<E>, entry: E): boolean =>
  typeof row.entry === "string" ? row.entry === entry : row.entry.includes(entry);

/** The contract that holds in a release: the base record with every row that applies laid over it, in order. */
export function resolveContract<E extends string>(
  base: Contract,
  entry: E,
  rows: readonly Row<E>[],
  version: string,
): Contract {
  const applying = rows.filter((r) => concerns(r, entry) && holdsIn(r, version));
  return applying.reduce(
    (c, row) => merge(c as unknown as Dictionary, row.set as Dictionary) as unknown as Contract,
    base,
  );
}

/** The release that brought an option to an entry, for the refusal of an older one. */
function introducedIn<E extends string>(entry: E, option: string, rows: readonly Row<E>[]): string | undefined {
  return rows.find((r) => concerns(r, entry) && r.set.options?.[option] !== undefined)?.since;
}

/** The record of an entry as a release has it. `brought` adds to the refusal of an option that another release has. */
export function entryOf<E extends string>(
  { contract, changes }: { readonly contract: Contract; readonly changes: readonly Row<E>[] },
  entry: E,
  as: Call["as"],
  version: string,
  brought: (since: string, option: string) => string,
): ResolvedEntry {
  return {
    entry,
    as,
    contract: resolveContract(contract, entry, changes, version),
    hint(option) {
      const since = introducedIn(entry, option, changes);
      return since === undefined || holdsIn({ since }, version) ? "" : brought(since, option);
    },
  };
}
