/** What the tests replay on which backend; FEATURES.md counts the same. */
import { changingIds, isWhole, type RecordedRequest, recordedProfiles, requestsOf } from "./replay-fixtures.ts";

export interface ReplayedBackend {
  readonly name: string;
  /** In words, for FEATURES.md. */
  readonly what: string;
  readonly profiles: readonly string[];
  /** Chooses among the requests of a profile; undefined: all of them. */
  only(profile: string): ((request: RecordedRequest) => boolean) | undefined;
}

/** Every `n`th request of a profile. */
export function every(n: number, profile: string): (request: RecordedRequest) => boolean {
  const chosen = new Set(requestsOf(profile).filter((_, i) => i % n === 0));
  return (request) => chosen.has(request);
}

/** The profiles that are recorded whole. */
export const wholeProfiles: readonly string[] = recordedProfiles.filter(isWhole);

/** Releases differ in the adapter only: what lies between the whole recordings needs no second backend. */
export const replayedBackends: readonly ReplayedBackend[] = [
  {
    name: "reference",
    what:
      "the whole recordings; of the releases between them every request that any release answers differently from the one " +
      "before it, and a tenth of the others",
    profiles: recordedProfiles,
    only(profile) {
      if (isWhole(profile)) return undefined;
      const changing = changingIds(profile);
      const tenth = every(10, profile);
      return (request) => changing.has(request.id) || tenth(request);
    },
  },
  { name: "cpu", what: "the whole recordings", profiles: wholeProfiles, only: () => undefined },
  {
    name: "cpu:js",
    what: "every fifth request of the whole recordings",
    profiles: wholeProfiles,
    only: (p) => every(5, p),
  },
  {
    name: "onnx:wasm",
    what: "every fifth request of the whole recordings",
    profiles: wholeProfiles,
    only: (p) => every(5, p),
  },
  {
    name: "onnx:node",
    what: "every tenth request of the whole recordings",
    profiles: wholeProfiles,
    only: (p) => every(10, p),
  },
];
