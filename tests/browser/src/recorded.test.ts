/** What the frameworks answered, on ONNX Runtime's providers in a page: a sample of the recorded requests. */
import { createOnnxBackend } from "@isoloss/backend-onnx";
import * as ort from "onnxruntime-web/webgpu";
import { expect, it } from "vitest";
import { commands } from "vitest/browser";
import type { RecordedAnswer, RecordedRequest } from "../../src/replay-fixtures.ts";
import { replayOnGpu } from "./recorded.ts";

async function lines<T>(file: string): Promise<readonly T[]> {
  // As text: a server may unpack what is compressed on the way.
  const packed = await commands.readFile(`../fixtures/${file}.jsonl.gz`, "base64");
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}

it.each([
  ["torch@2.13", "torch"],
  ["keras@3.15", "keras"],
])(
  "onnx:webgpu answers as %s did: every twentieth recorded request",
  async (profile, framework) => {
    const requests = await lines<RecordedRequest>(`${framework}.requests`);
    const answers = new Map((await lines<RecordedAnswer>(`${profile}.answers`)).map((a) => [a.id, a]));
    const backend = createOnnxBackend({ ort, executionProviders: ["webgpu"] });
    const { compared, refused, failures } = await replayOnGpu(backend, { profile, requests, answers }, 20);
    console.log(
      `${profile}: ${compared} compared; ${[...refused].map(([reason, n]) => `${n} refused: ${reason}`).join("; ")}`,
    );
    expect(failures).toEqual([]);
    expect(compared).toBeGreaterThan(300);
    await backend.dispose();
  },
  600_000,
);
