import { describe, expect, it } from "vitest";
import { tableText } from "./parity-table.ts";

const head = ["against", "what", "", "max abs"];
const name = "keras@3.15 losses.BinaryCrossentropy(from_logits=True) (reference)";
const rows = [
  [name, "value", "differs on 7 of 60", "67.2"],
  ["", "gradient of input", "agrees", "6.67e+10"],
];

describe("a table", () => {
  it.each([44, 60, 80, 200])("fits into a terminal of %i columns, and loses nothing", (columns) => {
    const text = tableText(head, rows, { isTTY: true, columns });
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
    const cells = text.split("\n").map((l) => l.split("│").map((c) => c.trim()));
    const column = (i: number) => cells.map((c) => c[i + 1] ?? "").join("");
    expect(column(0).replaceAll(" ", "")).toContain(name.replaceAll(" ", ""));
    expect(column(1).replaceAll(" ", "")).toContain("gradientofinput");
  });
  it("is as wide as it needs to be where there is room", () => {
    const [line = ""] = tableText(head, rows, { isTTY: true, columns: 200 }).split("\n");
    expect(line.length).toBeLessThan(130);
  });
  it("is plain text with tabs where it is piped", () => {
    expect(tableText(head, rows, { isTTY: false, columns: 40 })).toBe(
      [head, ...rows].map((r) => r.join("\t")).join("\n"),
    );
    expect(tableText(head, rows, {})).not.toContain("│");
  });
});
