/** Recorded answers that we do not give, and why. A row that no difference matches any more fails the replay. */
import type { Difference } from "./replay-compare.ts";

export interface KnownDifference {
  /** The releases concerned, by the beginning of their profile. */
  readonly profiles: RegExp;
  /** Matches the ids of the requests. */
  readonly requests: RegExp;
  readonly kinds: readonly Difference[];
  readonly reason: string;
}

export const knownDifferences: readonly KnownDifference[] = [];
