import { expect, test } from "vitest";
import { skipping } from "./skip.ts";

test("a skip takes its cases out and is content with its reason", () => {
  const { keeps, faults } = skipping([{ reason: "no float64 here", cases: /float64/ }]);
  expect(["a › float32", "a › float64"].filter(keeps)).toEqual(["a › float32"]);
  expect(faults()).toEqual([]);
});
test("a skip without a reason, or that matches no case, is a fault", () => {
  const { keeps, faults } = skipping([
    { reason: " ", cases: /a/ },
    { reason: "was needed once", cases: /gone/ },
  ]);
  keeps("a");
  expect(faults()).toEqual(["/a/ has no reason", "/gone/ matches no case (was needed once)"]);
});
