/** The replays of one backend as tests. */
import { describe, expect, it } from "vitest";
import { every, replayedBackends, wholeProfiles } from "./replay-backends.ts";
import { expectReplay } from "./replay-check.ts";

const TIMEOUT = 300_000; // a shared machine can be ten times slower than a quiet one
/** What was built is the same code: a twentieth of the whole recordings shows that it has come through. */
const isBuilt = import.meta.url.endsWith(".js");

/**
 * Compared: refused or not, the refusal's code, dtype, shape and elements of the value, which gradients there are, and
 * theirs. Tolerances: replay-compare.ts. `unsupported` is never the framework's refusal.
 */
export function replayOn(name: string): void {
  const backend = replayedBackends.find((b) => b.name === name);
  if (!backend) throw new Error(`${name} is not replayed on`);
  const profiles = isBuilt ? wholeProfiles : backend.profiles;
  describe(`${name} answers as the framework did: ${isBuilt ? "a twentieth of the whole recordings" : backend.what}`, () => {
    for (const profile of profiles)
      it(
        profile,
        async () => {
          const only = isBuilt ? every(20, profile) : backend.only(profile);
          expect(await expectReplay(profile, name, only && { only })).toBeGreaterThan(400);
        },
        TIMEOUT,
      );
  });
}
