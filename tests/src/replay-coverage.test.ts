/** Every public name and every option of every recorded release has recorded vectors. */
import * as keras from "@isoloss/adapter-keras-style";
import * as torch from "@isoloss/adapter-torch-style";
import { isLossError, type ResolvedEntry } from "@isoloss/core";
import { describe, expect, it } from "vitest";
import { isWhole, type RecordedRequest, recordedProfiles, requestsOf } from "./replay-fixtures.ts";

/** The public names of an adapter: what it exports for `createTorchWith` and `createKerasWith`. */
const namesOf = (adapter: object): string[] =>
  Object.values(adapter).flatMap((x: unknown) =>
    typeof x === "object" && x !== null && "in" in x && "as" in x && "name" in x ? [String(x.name)] : [],
  );

function found(find: (profile: string, name: string) => ResolvedEntry, profile: string, name: string) {
  try {
    return find(profile, name);
  } catch (e) {
    if (isLossError(e) && e.code === "unknown-loss") return undefined;
    throw e;
  }
}

function grouped(requests: readonly RecordedRequest[]): Map<string, RecordedRequest[]> {
  const groups = new Map<string, RecordedRequest[]>();
  for (const r of requests) {
    const group = groups.get(r.loss);
    if (group) group.push(r);
    else groups.set(r.loss, [r]);
  }
  return groups;
}

/** What has no vectors in a release: names, and options by class or function. */
function without(profile: string): string[] {
  const adapter = profile.startsWith("torch@") ? torch : keras;
  const entries = namesOf(adapter).flatMap((name) => {
    const entry = found(adapter.findEntry, profile, name);
    return entry ? [{ name, entry }] : [];
  });
  expect(entries.length).toBeGreaterThan(15);
  const asked = grouped(requestsOf(profile));
  const missing: string[] = [];
  for (const { name, entry } of entries) {
    if (!asked.has(name)) missing.push(name);
    /** A function's aliases are one function. */
    const alike = entries.filter((e) => e.entry.entry === entry.entry && e.entry.as === entry.as);
    const requests = alike.flatMap((e) => asked.get(e.name) ?? []);
    for (const [option, parameter] of Object.entries(entry.contract.options))
      if (parameter && (parameter.only ?? entry.as) === entry.as)
        if (!requests.some((r) => Object.hasOwn(r.options ?? {}, option))) missing.push(`${name}: ${option}`);
    // Of a function `mask` is no argument: it hangs on y_pred, where functions do not look.
    const inputs = Object.entries(entry.contract.inputs).filter(([input]) => input !== "mask" || entry.as === "class");
    for (const [input, { only = entry.as }] of inputs)
      if (only === entry.as && !requests.some((r) => Object.hasOwn(r.inputs ?? {}, input)))
        missing.push(`${name}: ${input}`);
  }
  return missing;
}

describe("every public name, option and input has recorded vectors", () => {
  for (const profile of recordedProfiles.filter(isWhole))
    it(profile, () => {
      expect(without(profile)).toEqual([]);
    });
});
