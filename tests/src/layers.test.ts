/** What lint cannot see: shared code names no loss, backends name no loss, and no adapter branches on a release. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const packages = new URL("../../packages/", import.meta.url);

/** The sources of a package without tests and the folders left out. */
function texts(folder: string, leftOut: RegExp = /^$/): { file: string; text: string }[] {
  const base = new URL(`${folder}/src/`, packages);
  return readdirSync(fileURLToPath(base), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.includes(".test.") && !leftOut.test(file))
    .map((file) => ({ file: `${folder}/${file}`, text: readFileSync(new URL(file, base), "utf8") }));
}
/** The same without comments. */
const sources = (folder: string, leftOut?: RegExp): { file: string; code: string }[] =>
  texts(folder, leftOut).map(({ file, text }) => ({ file, code: withoutComments(text) }));
const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");

const lossWord =
  /cross.?entropy|hinge|huber|mse|squared.?error|absolute.?error|bce|kl.?div|cosine|smooth.?l1|poisson|log.?cosh|nll/i;
/** A backend for ONNX speaks of ONNX's operators by their names. */
const operator = /"(?:SoftmaxCrossEntropyLoss|NegativeLogLikelihoodLoss)"/g;
const frameworkWord = /torch|keras|tensorflow|tfjs/i;
const branchOnRelease =
  /\batLeast\b|\b(?:version|release|profile)\b\s*(?:<|>|===|!==)|\.startsWith\(["'](?:tf|keras|torch)@/;

const offenders = (files: readonly { file: string; code: string }[], word: RegExp): string[] =>
  files.flatMap(({ file, code }) =>
    code.split("\n").flatMap((line) => (word.test(line) ? [`${file}: ${line.trim()}`] : [])),
  );

describe("layers", () => {
  it("would notice what they look for", () => {
    expect(offenders([{ file: "a", code: "if (loss.name === 'hinge') x()" }], lossWord)).toHaveLength(1);
    expect(offenders([{ file: "a", code: 'if (atLeast(version, "2.1")) x()' }], branchOnRelease)).toHaveLength(1);
    expect(sources("core").length).toBeGreaterThan(20);
  });
  it("core names no loss outside its losses, and no framework", () => {
    const core = sources("core", /^losses[\\/]/);
    expect(offenders(core, lossWord)).toEqual([]);
    expect(offenders(core, frameworkWord)).toEqual([]);
  });
  it.each(["backend-cpu", "backend-onnx"])("%s names no loss", (name) => {
    const code = sources(name).map((source) => ({ ...source, code: source.code.replace(operator, "") }));
    expect(offenders(code, lossWord)).toEqual([]);
  });
  it.each(["adapter-torch-style", "adapter-keras-style"])("%s branches on no release", (name) => {
    expect(offenders(sources(name), branchOnRelease)).toEqual([]);
  });
  it.each(["adapter-torch-style", "adapter-keras-style"])(
    "%s says above each change where it is known from",
    (name) => {
      const rows = texts(name).flatMap(({ file, text }) =>
        /[\\/]changes[\\/]/.test(file) ? text.split(/\bsince: "/).slice(0, -1) : [],
      );
      expect(rows.length).toBeGreaterThan(40);
      for (const before of rows)
        expect(before).toMatch(/\((observed|keras-core|(pytorch|tensorflow|keras)#\d+)\)\.\s+\*\//);
    },
  );
});
