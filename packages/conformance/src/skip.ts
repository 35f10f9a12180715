/** Cases that a backend does not pass: never without a reason, never for nothing. */

/** Some cases, and why a backend does not pass them. */
export interface Skip {
  readonly reason: string;
  /** Matches the names of the cases: "crossEntropy {} › rows › float32 › mean › 17×3 C=2 › awkward". */
  readonly cases: RegExp;
}

/** Tells the skipped cases from the others. `faults`, asked when all cases have been told apart: what is wrong with the skips. */
export function skipping(skips: readonly Skip[]): { keeps(name: string): boolean; faults(): readonly string[] } {
  const used = new Set<Skip>();
  return {
    keeps(name) {
      const matching = skips.filter((s) => s.cases.test(name));
      for (const s of matching) used.add(s);
      return matching.length === 0;
    },
    faults: () => [
      ...skips.filter((s) => s.reason.trim() === "").map((s) => `${s.cases} has no reason`),
      ...skips.filter((s) => !used.has(s)).map((s) => `${s.cases} matches no case (${s.reason})`),
    ],
  };
}
