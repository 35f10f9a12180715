/** A replay as a test: what differs must be known, and what is known must differ. */
import { expect } from "vitest";
import { type Replayed, type ReplayOptions, replay } from "./replay.ts";
import { knownDifferences } from "./replay-known.ts";

const show = ({ request, kind, detail }: Replayed): string => `${request.id}: ${kind}: ${detail}`;

/** Replays a release and expects every answer to be the framework's, but for the known differences. Returns how many were compared. */
export async function expectReplay(profile: string, backend: string, options?: ReplayOptions): Promise<number> {
  const { compared, mismatches } = await replay(profile, backend, options);
  const known = knownDifferences.filter((k) => k.profiles.test(profile));
  const unexpected = mismatches.filter(
    ({ request, kind }) => !known.some((k) => k.requests.test(request.id) && k.kinds.includes(kind)),
  );
  expect(unexpected.slice(0, 20).map(show), `${unexpected.length} of ${compared} differ`).toEqual([]);
  const idle = known.filter((k) => !mismatches.some((m) => k.requests.test(m.request.id) && k.kinds.includes(m.kind)));
  if (!options?.only && backend === "reference") expect(idle.map((k) => `${k.requests}: ${k.reason}`)).toEqual([]);
  return compared;
}
