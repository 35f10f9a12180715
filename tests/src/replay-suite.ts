/** The replays of one backend as tests. */
import { describe, expect, it } from "vitest";
import { replayedBackends } from "./replay-backends.ts";
import { expectReplay } from "./replay-check.ts";

const TIMEOUT = 120_000;

/**
 * Compared: refused or not, the refusal's code, dtype, shape and elements of the value, which gradients there are, and
 * theirs. Tolerances: replay-compare.ts. `unsupported` is never the framework's refusal.
 */
export function replayOn(name: string): void {
  const backend = replayedBackends.find((b) => b.name === name);
  if (!backend) throw new Error(`${name} is not replayed on`);
  describe(`${name} answers as the framework did: ${backend.what}`, () => {
    for (const profile of backend.profiles)
      it(
        profile,
        async () => {
          const only = backend.only(profile);
          expect(await expectReplay(profile, name, only && { only })).toBeGreaterThan(1000);
        },
        TIMEOUT,
      );
  });
}
