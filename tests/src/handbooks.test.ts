/** The page of what handbooks get wrong: every call on it gets the framework's answer from this project. */
import { readFileSync } from "node:fs";
import { createEvaluator, readRequest } from "isoloss";
import { describe, expect, it } from "vitest";
import { compare } from "./replay-compare.ts";
import type { RecordedAnswer } from "./replay-fixtures.ts";

const page = readFileSync(new URL("../../docs/what-handbooks-get-wrong.md", import.meta.url), "utf8");
const sections = [...page.matchAll(/^## (.*?)\n.*?^```jsonl\n(.*?)^```$/gms)].map(([, title = "", lines = ""]) => ({
  title,
  lines: lines.trim().split("\n"),
}));
const evaluator = createEvaluator({ backend: "cpu" });

describe("docs/what-handbooks-get-wrong.md", () => {
  it("shows a call for every statement", () => {
    expect(sections).toHaveLength(page.match(/^## /gm)?.length ?? 0);
    expect(sections.length).toBeGreaterThan(8);
  });
  it.each(sections)("$title", async ({ lines }) => {
    expect(lines.length % 2).toBe(0);
    for (let i = 0; i < lines.length; i += 2) {
      const ours = await evaluator.answer(readRequest(JSON.parse(lines[i] as string)));
      const theirs = JSON.parse(lines[i + 1] as string) as RecordedAnswer;
      expect(compare(ours, theirs)).toBeUndefined();
    }
  });
});
