/**
 * Every recorded release on the reference: the whole recordings completely, the releases between them with every request
 * that any release answers differently from its predecessor, and a tenth of the others.
 *
 * Compared: refused or not, the refusal's code, dtype, shape and elements of the value, which gradients there are, and
 * theirs. Tolerances: replay-compare.ts. A refusal with code `unsupported` is never the framework's.
 */
import { describe, expect, it } from "vitest";
import { expectReplay } from "./replay-check.ts";
import { changingIds, isWhole, recordedProfiles } from "./replay-fixtures.ts";

const TIMEOUT = 120_000;

describe("the reference answers as the framework did", () => {
  for (const profile of recordedProfiles)
    it(
      profile,
      async () => {
        if (isWhole(profile)) return expect(await expectReplay(profile, "reference")).toBeGreaterThan(10_000);
        const changing = changingIds(profile);
        let other = 0;
        const only = ({ id }: { id: string }): boolean => changing.has(id) || other++ % 10 === 0;
        expect(await expectReplay(profile, "reference", { only })).toBeGreaterThan(1000);
      },
      TIMEOUT,
    );
});
