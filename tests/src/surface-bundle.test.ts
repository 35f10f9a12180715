/** What a bundle of one loss holds: a family's records and rows reach no other family's. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const surfaces = { createTorchWith: "adapter-torch-style", createKerasWith: "adapter-keras-style" };

describe.each(Object.entries(surfaces))("%s", (_, adapter) => {
  const source = join(import.meta.dirname, `../../packages/${adapter}/src`);
  const families = readdirSync(join(source, "entries"))
    .filter((file) => existsSync(join(source, "changes", file)))
    .map((file) => file.replace(/\.ts$/, ""));

  /** Every module of the adapter that a module imports, itself included; a type leaves nothing behind. */
  function reached(module: string, found = new Set<string>()): Set<string> {
    const own = relative(source, module);
    if (found.has(own)) return found;
    found.add(own);
    for (const [, path = ""] of readFileSync(module, "utf8").matchAll(
      /^(?:import (?!type)|export (?!type)|\} ).*from "(\..*?)";$/gm,
    ))
      reached(join(dirname(module), path), found);
    return found;
  }

  it.each(families)("a loss of the family %s brings no other family", (family) => {
    const modules = [
      ...reached(join(source, `entries/${family}.ts`)),
      ...reached(join(source, `changes/${family}.ts`)),
    ];
    expect(modules.some((m) => m.startsWith("reduction"))).toBe(true);
    const others = families.filter((other) => other !== family);
    expect(
      modules.filter((m) => others.some((other) => m.endsWith(`/${other}.ts`)) || m === "entries/index.ts"),
    ).toEqual([]);
  });
  it("has families", () => expect(families.length).toBeGreaterThan(4));
});
