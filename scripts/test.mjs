/** `npm test`: lint, types and build, then every test twice, on the sources and on what was built, and those of the browser. Ends with one line of totals. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { prepare, root, run } from "./setup.mjs";

const totals = { passed: 0, failed: 0, skipped: 0 };

/** Prints what comes next, does it, and counts it as failed if it is no test run and does not succeed. */
function step(title, command, args) {
  console.log(`\n— ${title}`);
  if (run(command, args) !== 0) finish(`${title} failed`);
}

/** One round of vitest, started by `command`. */
function tests(title, target, command = ["vitest", "run"]) {
  console.log(`\n— ${title}`);
  const report = join(root, ".cache", `vitest-${target}.json`);
  mkdirSync(join(root, ".cache"), { recursive: true });
  rmSync(report, { force: true });
  const [program, ...args] = [...command, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const status = run(program, args, { env: { ISOLOSS_TARGET: target } });
  if (!existsSync(report)) finish(`${title}: the test runner did not start`);
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(report, "utf8"),
  );
  const brokenFiles = testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  ).length;
  totals.passed += numPassedTests;
  totals.failed += numFailedTests + brokenFiles;
  totals.skipped += numPendingTests + numTodoTests;
  if (status !== 0 && numFailedTests + brokenFiles === 0) totals.failed += 1;
}

/** The last line is for people and for machines; a failed step counts as one failure. */
function finish(problem) {
  if (problem) {
    console.error(`\n${problem}`);
    totals.failed += 1;
  }
  if (totals.skipped > 0) console.log(`\n${totals.skipped} skipped`);
  console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
  process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1);
}

prepare();
step("lint", "biome", ["check", "--error-on-warnings"]);
step("types and build", "turbo", ["run", "build", "--output-logs=errors-only"]);
tests("tests on the sources", "source");
tests("tests on the built packages", "dist");
tests("tests in a browser", "browser", ["pnpm", "--filter", "@isoloss/tests-browser", "test:browser"]);
finish();
