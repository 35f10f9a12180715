import { expect, test } from "vitest";
import { createCommand } from "./index.ts";

test("isoloss › says its version", () => {
  expect(createCommand().version()).toMatch(/^\d+\.\d+\.\d+$/);
});
