import { type Contract, holdsIn } from "@isoloss/core";
import { describe, expect, it } from "vitest";
import { entries } from "./entries/index.ts";
import { names } from "./names.ts";
import { findEntry, namesOf, profiles } from "./profiles.ts";

const versions = profiles.map((profile) => profile.slice(profile.indexOf("@") + 1));
const contractOf = (profile: string, name: string): Contract => findEntry(profile, name).contract;

const lists = [...new Set(Object.values(entries).map(({ changes }) => changes))];

/** The parts of a contract that a row sets, as `options.axis`. */
const paths = (set: object, at = ""): string[] =>
  Object.entries(set).flatMap(([key, value]) => {
    const plain =
      typeof value === "object" &&
      value !== null &&
      ["options", "refuses", "gradient", "inputs", "warnings"].includes(key);
    return plain && at === "" ? paths(value, `${key}.`) : [`${at}${key}`];
  });

describe("the rows", () => {
  it("begin with a release that is known, in order for each part, and set something", () => {
    for (const rows of lists) {
      const latest = new Map<string, string>();
      for (const { since, until, set } of rows) {
        expect(versions).toContain(since);
        expect(until === undefined || holdsIn({ since }, until), `until ${until}`).toBe(true);
        expect(Object.keys(set)).not.toEqual([]);
        for (const path of paths(set)) {
          const before = latest.get(path);
          expect(before === undefined || holdsIn({ since: before }, since), `${path}: ${before}, ${since}`).toBe(true);
          latest.set(path, since);
        }
      }
    }
  });
});

describe("a profile", () => {
  it("knows every name that its release has, and no other", () => {
    expect(namesOf("tf@2.3")).toContain("huber_loss");
    expect(namesOf("keras@3.15")).not.toContain("logcosh");
    expect(namesOf("keras@3.15")).toContain("KLD");
    expect(() => findEntry("keras@3.15", "kullback_leibler_divergence")).toThrow(/no loss/);
    expect(() => findEntry("tf@2.3", "typo")).toThrow(/no loss 'typo'/);
    for (const profile of profiles)
      for (const name of namesOf(profile)) expect(findEntry(profile, name).as).toBe(names[name]?.as);
  });
  it("may be a major release, which means its newest", () => {
    expect(contractOf("keras@3", "Huber").options).toEqual(contractOf("keras@3.15", "Huber").options);
    expect(() => findEntry("keras@4", "Huber")).toThrow(/unknown profile/);
    expect(() => findEntry("torch@1.7", "Huber")).toThrow(/unknown profile/);
  });
  it("has the options that its release has, and says which release brought one", () => {
    const optionsOf = (profile: string, name: string) =>
      Object.keys(contractOf(profile, name).options).filter((option) => contractOf(profile, name).options[option]);
    expect(optionsOf("tf@2.3", "BinaryCrossentropy")).toEqual(["from_logits", "label_smoothing", "reduction", "name"]);
    expect(optionsOf("tf@2.6", "BinaryCrossentropy")).toContain("axis");
    expect(optionsOf("keras@3.3", "MeanSquaredError")).not.toContain("dtype");
    expect(optionsOf("keras@3.4", "MeanSquaredError")).toContain("dtype");
    expect(findEntry("tf@2.3", "BinaryCrossentropy").hint("axis")).toContain("2.6");
    expect(findEntry("tf@2.9", "SparseCategoricalCrossentropy").hint("ignore_class")).toContain("2.10");
    expect(findEntry("keras@3.15", "BinaryCrossentropy").hint("axis")).toBe("");
  });
});
