/** Public names, and the sets of them that an adapter's user gets. */
import type { Mode } from "./backend.ts";
import type { MakeLoss, Style } from "./callable.ts";
import type { ResolvedEntry } from "./contract.ts";
import { isLossError } from "./errors.ts";

/** A public name with the types of its arguments, of which nothing is there at run time. */
export interface PublicLoss<
  As extends "class" | "function" = "class" | "function",
  Inputs extends readonly unknown[] = readonly unknown[],
  Gradients extends string = string,
  O extends object = object,
> {
  readonly name: string;
  readonly as: As;
  /** The record that holds in a profile. Throws where the release lacks the name. */
  in(profile: string): ResolvedEntry;
  readonly types?: { readonly inputs: Inputs; readonly gradients: Gradients; readonly options: O };
}
/** What a surface has besides its losses where it is named: `custom`. */
export interface Part {
  readonly as: "part";
  in<M extends Mode>(style: Style<M>, profile: string): object;
}
/** What a surface is made of, by name. */
export type PublicEntries = Readonly<Record<string, PublicLoss | Part>>;

/** The losses of one profile, of some kinds, each made when it is first used. One that the release lacks throws then, and is not listed. */
export function membersOf<M extends Mode>(
  entries: PublicEntries,
  profile: string,
  style: Style<M>,
  make: MakeLoss<M>,
  kinds: readonly PublicLoss["as"][],
): object {
  const members: object = {};
  for (const [key, entry] of Object.entries(entries)) {
    if (entry.as === "part" || !kinds.includes(entry.as)) continue;
    let found: ResolvedEntry | undefined;
    let made: object | undefined;
    try {
      found = entry.in(profile);
    } catch (e) {
      if (!isLossError(e) || e.code !== "unknown-loss") throw e;
    }
    const get = () => {
      made ??= make(style, found ?? entry.in(profile), entry.name);
      return made;
    };
    Object.defineProperty(members, key, { get, enumerable: found !== undefined });
  }
  return Object.freeze(members);
}
