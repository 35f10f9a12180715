/** What a bundle of one loss holds: a family's records and rows reach no other family's. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, it } from "vitest";

const source = join(import.meta.dirname, "../../packages/adapter-torch-style/src");
const families = readdirSync(join(source, "entries"))
  .map((file) => file.replace(/\.ts$/, ""))
  .filter((name) => name !== "index");

/** Every module of the adapter that a module imports, itself included. */
function reached(module: string, found = new Set<string>()): Set<string> {
  const own = relative(source, module);
  if (found.has(own)) return found;
  found.add(own);
  for (const [, path = ""] of readFileSync(module, "utf8").matchAll(/^(?:import|export|\}) .*from "(\..*?)";$/gm))
    reached(join(dirname(module), path), found);
  return found;
}

it.each(families)("createTorchWith › a loss of the family %s brings no other family", (family) => {
  const modules = [...reached(join(source, `entries/${family}.ts`)), ...reached(join(source, `changes/${family}.ts`))];
  expect(modules).toContain("reduction.ts");
  const others = families.filter((other) => other !== family);
  expect(modules.filter((m) => others.some((other) => m.endsWith(`/${other}.ts`)) || m === "entries/index.ts")).toEqual(
    [],
  );
});
