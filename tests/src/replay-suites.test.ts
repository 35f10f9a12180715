/** The loss calls of the frameworks' own test suites, recorded with oracle/harvest.py, against what their releases answer. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Replayed, replay } from "./replay.ts";
import { type RecordedAnswer, readLines, readRequests } from "./replay-fixtures.ts";

const folder = new URL("../fixtures/suites/", import.meta.url);
const ending = ".answers.jsonl.gz";
const profiles = readdirSync(folder).flatMap((f) => (f.endsWith(ending) ? [f.slice(0, -ending.length)] : []));
const frameworkOf = (profile: string): string => (profile.startsWith("torch@") ? "torch" : "keras");

const show = ({ request, kind, detail }: Replayed): string => `${request.id}: ${kind}: ${detail}`;

describe("the calls of the frameworks' own tests", () => {
  it("are those of PyTorch and Keras, in their oldest and newest releases", () => {
    expect(profiles).toEqual(["keras@2.21", "keras@3.15", "tf@2.3", "torch@1.7", "torch@2.13"]);
  });
  for (const profile of profiles)
    it(profile, { timeout: 120_000 }, async () => {
      const requests = readRequests(new URL(`${frameworkOf(profile)}.requests.jsonl.gz`, folder));
      const answers = readLines<RecordedAnswer>(new URL(`${profile}${ending}`, folder));
      const recording = { requests, answers: new Map(answers.map((a) => [a.id, a])) };
      const { compared, mismatches } = await replay(profile, "reference", { recording });
      expect(compared).toBe(requests.length);
      expect(mismatches.map(show)).toEqual([]);
    });
});
