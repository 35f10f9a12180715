/**
 * Writes .onnx files for requests in the form of the eval protocol: `node tests/dist/export-requests.js FOLDER OPSET [fused]
 * < requests.jsonl`. One line of JSON a request: the file, or why there is none; `known`: why its answer is not the framework's.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { exportRequest, readRequest } from "isoloss";
import { knownDifferences } from "./replay-known.ts";

const [folder, opset = "17", form] = process.argv.slice(2);
if (folder === undefined) throw new TypeError("export-requests FOLDER [OPSET] [fused]");
mkdirSync(folder, { recursive: true });

let count = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const request = readRequest(JSON.parse(line));
  let answer: object;
  try {
    const file = await exportRequest(request, { opset: Number(opset), fused: form === "fused" });
    const name = `${count++}.onnx`;
    writeFileSync(join(folder, name), file);
    answer = { file: name };
  } catch (e) {
    answer = { error: (e as { code?: unknown }).code ?? "internal", message: (e as Error).message };
  }
  const known = knownDifferences.find((k) => k.profiles.test(request.profile ?? "") && k.requests.test(request.id));
  console.log(JSON.stringify({ id: request.id, ...answer, known: known?.reason }));
}
