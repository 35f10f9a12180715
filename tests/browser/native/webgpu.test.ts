/** The WebGPU provider that onnxruntime-node brings along, in Node: on Chromium's SwiftShader, or on a GPU of this machine. */
import { createOnnxBackend, exportOnnx, type OnnxBackend, providers } from "@isoloss/backend-onnx";
import { add, input, program, UnsupportedError } from "@isoloss/core";
import * as ort from "onnxruntime-node";
import { afterAll, describe, expect, it } from "vitest";
import { answersOf, isWhole, recordedProfiles, requestsOf } from "../../src/replay-fixtures.ts";
import { testOnGpu } from "../src/on-gpu.ts";
import { replayOnGpu } from "../src/recorded.ts";
import { trained } from "../src/trained.ts";
import { missing } from "./missing.ts";

const feedsFor = (logits: Float32Array) => trained.inputs.map((p) => (p.name === "x" ? logits : Int32Array.of(0, 2)));

const create = (): OnnxBackend => createOnnxBackend({ ort, executionProviders: ["webgpu"] });
const backend = create();
afterAll(() => backend.dispose());

if (missing)
  describe("onnx:webgpu in Node, without a GPU", () => {
    it("is only so where Chromium brings no Vulkan, and says it", () => {
      expect(process.env["VK_ICD_FILENAMES"], `Vulkan was to be found there, but: ${missing}`).toBeUndefined();
      expect(missing).toBeInstanceOf(UnsupportedError);
    });
    it.skip(`is not tested further: ${missing?.message}`);
  });
else {
  describe("onnx:webgpu in Node", () => {
    it("is of the CPU's kind for JavaScript: its tensors do not stay on the GPU", () => {
      expect(() => backend.alloc("float32", [2])).toThrow(/keeps nothing on a GPU/);
    });
    it("creates no session of which a node would run on the CPU", async () => {
      const wide = input("w", ["0"], "int64"); // no kernel on the GPU adds int64
      const options = { executionProviders: ["webgpu"], ...providers["webgpu"]?.session, logSeverityLevel: 4 as const };
      await expect(ort.InferenceSession.create(exportOnnx(program([add(wide, wide)])), options)).rejects.toThrow(
        /fallback to CPU EP has been explicitly disabled/,
      );
    });
    it("answers 100 calls that are made at once, on kernels of two backends", async () => {
      const other = create();
      const kernels = await Promise.all([backend.compile(trained), other.compile(trained)]);
      const logits = (i: number) => Float32Array.of(0, 0, 0, 0, 0, i);
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, i) => kernels[i % 2]?.run(feedsFor(logits(i)), [2, 3], trained.parameters)),
      );
      for (const [i, [value] = []] of answers.entries()) {
        const expected = (Math.log(3) + Math.log(2 + Math.exp(i)) - i) / 2;
        expect((value as Float32Array)[0]).toBeCloseTo(expected, 5);
      }
      for (const k of kernels) k.dispose();
      await other.dispose();
      expect(other.sessions).toBe(0);
    });
  });

  it.each(recordedProfiles.filter(isWhole))(
    "onnx:webgpu in Node answers as %s did: every fortieth recorded request",
    async (profile) => {
      const recording = { profile, requests: requestsOf(profile), answers: answersOf(profile) };
      const { compared, failures } = await replayOnGpu(backend, recording, 40);
      expect(failures).toEqual([]);
      expect(compared).toBeGreaterThan(80);
    },
    600_000,
  );

  testOnGpu(backend, [
    {
      reason: "the kernels are those of the browser, where every layout runs: rows stand for all",
      cases: /› (planes|one row|flat|broadcast) ›/,
    },
  ]);
}
