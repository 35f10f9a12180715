/** Checks what would be published: entry points, types and file lists, by publint and by Are The Types Wrong. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pack, published } from "./tarballs.ts";

const packages = published();
const attw = join(
  dirname(createRequire(import.meta.url).resolve("@arethetypeswrong/cli/package.json")),
  "dist/index.js",
);
let folder: string;
let tarballs: ReadonlyMap<string, string>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "isoloss-published-"));
  tarballs = pack(
    packages.map(({ name }) => name),
    folder,
  );
}, 120_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.each(packages)("$name", ({ name }) => {
  const tarball = (): string => tarballs.get(name) ?? expect.fail(`${name} was not packed`);

  test("publint › has nothing to say about its entry points and files", async () => {
    const bytes = readFileSync(tarball());
    const { messages, pkg } = await publint({ strict: true, pack: { tarball: new Uint8Array(bytes).buffer } });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test("attw › its types are those of its modules for every ESM resolver", () => {
    execFileSync(process.execPath, [attw, tarball(), "--profile", "esm-only", "--no-color"], { stdio: "pipe" });
  });
});
