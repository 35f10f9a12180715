import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { features, featuresFile } from "./features.ts";

test("FEATURES.md › is what `pnpm features` writes", () => {
  expect(readFileSync(featuresFile, "utf8")).toBe(features());
});
