/// <reference lib="esnext.disposable" preserve="true" />
/** Public names, and the sets of them that an adapter's user gets. */
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

/** The entries of one profile, each made when it is first used. One that the release lacks throws then, and is not listed. */
export function membersOf(
  entries: Readonly<Record<string, PublicLoss>>,
  profile: string,
  make: (entry: ResolvedEntry, name: string) => object,
): object {
  const members: object = {};
  for (const [key, entry] of Object.entries(entries)) {
    let found: ResolvedEntry | undefined;
    let made: object | undefined;
    try {
      found = entry.in(profile);
    } catch (e) {
      if (!isLossError(e) || e.code !== "unknown-loss") throw e;
    }
    const get = () => {
      made ??= make(found ?? entry.in(profile), entry.name);
      return made;
    };
    Object.defineProperty(members, key, { get, enumerable: found !== undefined });
  }
  return Object.freeze(members);
}

/** `Symbol.dispose`, also where the runtime has none yet. */
export const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");
