/** The repository's tests: on the sources by default, on the built packages with ISOLOSS_TARGET=dist. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

const root = import.meta.dirname;
const built = process.env["ISOLOSS_TARGET"] === "dist";

/** The compiled counterpart of every test source, so that a test that is gone cannot run from an old build. */
function compiledTests(): string[] {
  const folders = ["tests", ...readdirSync(join(root, "packages")).map((name) => `packages/${name}`)];
  return folders
    .filter((folder) => existsSync(join(root, folder, "src")))
    .flatMap((folder) =>
      readdirSync(join(root, folder, "src"), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".test.ts"))
        .map((file) => `${folder}/dist/${file.replace(/\.ts$/, ".js")}`),
    );
}

const conditions = built ? [] : ["@isoloss/source"];

export default defineConfig({
  resolve: { conditions: [...conditions, "module", "node", "development|production"] },
  ssr: { resolve: { conditions: [...conditions, "module", "node", "development|production"] } },
  test: {
    include: built ? compiledTests() : ["packages/*/src/**/*.test.ts", "tests/src/**/*.test.ts"],
    exclude: ["**/node_modules/**", ...(built ? [] : ["**/*.built.test.ts"])],
    testTimeout: 300_000, // a shared machine can be ten times slower than a quiet one
    resolveSnapshotPath: (path, extension) =>
      join(path, "..", "__snapshots__", `${path.split(/[\\/]/).pop()}${extension}`)
        .replace(/([\\/])dist([\\/])/, "$1src$2")
        .replace(/\.test\.js/, ".test.ts"),
  },
});
