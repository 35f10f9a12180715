/** Proves that lint notices each import that the layers forbid, and lets pass those that they allow. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "./tarballs.ts";

interface Diagnostic {
  readonly category: string;
}

/** What a file of each layer may and may not import. */
const layers: Record<string, { allowed: readonly string[]; forbidden: readonly string[] }> = {
  "packages/core/src/sample.ts": {
    allowed: ["./node.ts", "../node.ts"],
    forbidden: ["node:fs", "vitest", "commander", "@isoloss/core", "@isoloss/backend-cpu"],
  },
  "packages/core/src/losses/sample.test.ts": {
    allowed: ["../node.ts", "vitest", "fast-check"],
    forbidden: ["@isoloss/backend-cpu", "@isoloss/conformance"],
  },
  "packages/backend-cpu/src/sample.ts": {
    allowed: ["./arena.ts", "@isoloss/core"],
    forbidden: ["@isoloss/core/losses", "@isoloss/core/reference", "@isoloss/adapter-torch-style", "node:fs"],
  },
  "packages/backend-onnx/src/sample.ts": {
    allowed: ["@isoloss/core", "onnx-buf", "@bufbuild/protobuf"],
    forbidden: ["@isoloss/core/losses", "@isoloss/backend-cpu", "onnxruntime-web", "isoloss"],
  },
  "packages/backend-onnx/src/sample.test.ts": {
    allowed: ["@isoloss/core/reference", "@isoloss/conformance", "onnxruntime-web", "vitest", "node:fs"],
    forbidden: ["@isoloss/core/losses", "@isoloss/backend-cpu", "@isoloss/adapter-torch-style"],
  },
  "packages/adapter-torch-style/src/entries/sample.ts": {
    allowed: ["../rules.ts", "@isoloss/core", "@isoloss/core/losses"],
    forbidden: ["@isoloss/backend-cpu", "@isoloss/adapter-keras-style", "node:fs", "commander"],
  },
  "packages/adapter-keras-style/src/sample.test.ts": {
    allowed: ["@isoloss/core/reference", "@isoloss/core/losses", "vitest"],
    forbidden: ["@isoloss/backend-cpu", "@isoloss/backend-onnx", "@isoloss/adapter-torch-style"],
  },
  "packages/conformance/src/sample.ts": {
    allowed: ["@isoloss/core", "@isoloss/core/losses", "@isoloss/core/reference", "vitest"],
    forbidden: ["@isoloss/backend-cpu", "@isoloss/adapter-torch-style", "node:fs"],
  },
};

const biome = join(dirname(createRequire(import.meta.url).resolve("@biomejs/biome/package.json")), "bin/biome");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "isoloss-imports-"));
  const { $schema, vcs, ...rules } = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
  writeFileSync(join(folder, "biome.json"), JSON.stringify(rules));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** How many restricted imports lint finds in a file of this path and text. */
function restricted(path: string, text: string): number {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  const args = [biome, "lint", "--only=style/noRestrictedImports", "--reporter=json", "--max-diagnostics=none", path];
  const { diagnostics } = JSON.parse(output(args)) as { readonly diagnostics: readonly Diagnostic[] };
  return diagnostics.filter(({ category }) => category === "lint/style/noRestrictedImports").length;
}

/** What node prints when it runs this, whatever the status: lint fails where it finds something. */
function output(args: readonly string[]): string {
  try {
    return execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    return (error as { readonly stdout: string }).stdout;
  }
}

describe.each(Object.entries(layers))("%s", (path, { allowed, forbidden }) => {
  test(`may import ${allowed.join(", ")}`, () => {
    expect(restricted(path, allowed.map((name) => `import "${name}";\n`).join(""))).toBe(0);
  });

  test(`may not import ${forbidden.join(", ")}`, () => {
    expect(restricted(path, forbidden.map((name) => `import "${name}";\n`).join(""))).toBe(forbidden.length);
    expect(restricted(path, forbidden.map((name) => `export * from "${name}";\n`).join(""))).toBe(forbidden.length);
    expect(restricted(path, forbidden.map((name) => `await import("${name}");\n`).join(""))).toBe(forbidden.length);
  });
});
