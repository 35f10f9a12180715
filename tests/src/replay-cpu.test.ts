/** The whole recordings on the CPU backend, with the tolerances of the reference. Releases differ in the adapter only. */
import { describe, expect, it } from "vitest";
import { expectReplay } from "./replay-check.ts";
import { isWhole, recordedProfiles } from "./replay-fixtures.ts";

const TIMEOUT = 120_000;

describe.each(["cpu", "cpu:js"])("%s answers as the framework did", (backend) => {
  for (const profile of recordedProfiles.filter(isWhole))
    it(
      profile,
      async () => {
        expect(await expectReplay(profile, backend)).toBeGreaterThan(10_000);
      },
      TIMEOUT,
    );
});
