import { describe, expect, it } from "vitest";
import { entries } from "./entries/index.ts";
import { findEntry, profiles } from "./profiles.ts";
import { codeOf, rows, two, value } from "./records.test.support.ts";

describe("findEntry", () => {
  it("knows every release, and the newest by its major version", () => {
    expect(profiles[0]).toBe("torch@1.7");
    expect(profiles).toHaveLength(21);
    expect(findEntry("torch@2", "MSELoss").contract).toEqual(findEntry("torch@2.13", "MSELoss").contract);
  });
  it("refuses a profile that it does not know as no request, and a name that a release lacks as an unknown loss", () => {
    expect(codeOf(() => findEntry("torch@1.6", "MSELoss"))).toBe("request");
    expect(codeOf(() => findEntry("torch@1.8", "HuberLoss"))).toBe("unknown-loss");
    expect(findEntry("torch@1.9", "huber_loss").as).toBe("function");
    expect(() => findEntry("torch@1.8", "HuberLoss")).toThrow(/1\.9 brought it/);
    expect(() => findEntry("torch@2.13", "MSELos")).toThrow(/Did you mean 'MSELoss'/);
  });
  it("refuses an option of a later release by name, and says which brought it", () => {
    expect(() => value("torch@1.9", "cross_entropy", rows, { options: { label_smoothing: 0.1 } })).toThrow(
      /'label_smoothing'.*PyTorch 1\.10 brought it/,
    );
    expect(codeOf(() => value("torch@2.13", "MSELoss", two, { options: { weight: two.input } }))).toBe("option");
    expect(value("torch@2.13", "mse_loss", two, { options: { weight: two.input } })).toEqual([7]);
  });
});

describe("rows of changes", () => {
  const releases = profiles.map((p) => p.slice("torch@".length));
  const lists = [...new Set(entries.map((e) => e.changes))];
  it("begin and end with releases that are known, and set something", () => {
    for (const row of lists.flat()) {
      expect(Object.keys(row.set)).not.toEqual([]);
      expect(releases).toContain(row.since);
      if (row.until !== undefined) expect(releases.indexOf(row.until)).toBeGreaterThan(releases.indexOf(row.since));
    }
  });
  it("come in the order of releases, so that a later one lies over an earlier", () => {
    for (const rows of lists) {
      const order = rows.map((row) => releases.indexOf(row.since));
      expect(order).toEqual([...order].sort((a, b) => a - b));
    }
  });
});
