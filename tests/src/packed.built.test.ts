/** Packs core, a backend and an adapter, installs them with npm in an empty folder, and runs a user's ten lines there. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pack, root } from "./tarballs.ts";

const names = ["@isoloss/core", "@isoloss/backend-cpu", "@isoloss/adapter-torch-style"];
const source = join(root, "tests", "packed");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "isoloss-packed-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("packed tarballs › install from nowhere but themselves, compile and run", () => {
  const tarballs = pack(names, folder);
  expect([...tarballs.keys()].sort()).toEqual([...names].sort());
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  npm("install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", ...tarballs.values());

  copyFileSync(join(source, "ten-lines.ts"), join(folder, "ten-lines.ts"));
  node(compiler(), "ten-lines.ts", "--strict", "--module", "nodenext", "--target", "es2022", "--types", "");
  const printed: unknown = JSON.parse(node("ten-lines.js"));
  expect(printed).toEqual(JSON.parse(readFileSync(join(source, "ten-lines.expected.json"), "utf8")));
});

function npm(...args: string[]): string {
  return execFileSync("npm", args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
}

function node(...args: string[]): string {
  return execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
}

function compiler(): string {
  return join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
}
