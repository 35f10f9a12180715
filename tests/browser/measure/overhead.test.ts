/**
 * Measures, for `pnpm --filter @isoloss/tests-browser overhead`, what a call costs beside a bare `session.run` of the same
 * model with the same tensors, and what the first one does. No part of the tests: a busy machine would fail it.
 */
import { createOnnxBackend, type Ort, providers } from "@isoloss/backend-onnx";
import * as wasm from "onnxruntime-web/wasm";
import * as gpu from "onnxruntime-web/webgpu";
import { expect, it } from "vitest";
import { createBinding } from "../../../packages/backend-onnx/src/binding.ts";
import type { Provider } from "../../../packages/backend-onnx/src/providers.ts";
import { sessionModel } from "../../../packages/backend-onnx/src/session-model.ts";
import { trained } from "../src/trained.ts";

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1] as number;
/** Calls are so short that the clock of a page does not tick between two: some are timed together. */
async function timed(calls: number, call: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < calls; i++) await call();
  return (performance.now() - start) / calls;
}

it.each([
  ["wasm", wasm as Ort, [64, 10], 200],
  ["wasm", wasm as Ort, [4096, 10], 20],
  ["webgpu", gpu as unknown as Ort, [64, 10], 10],
  ["webgpu", gpu as unknown as Ort, [4096, 10], 10],
] as const)("a call on onnx:%s beside the bare session.run", { timeout: 120_000 }, async (name, ort, [N, C], calls) => {
  const provider = providers[name] as Provider;
  const backend = createOnnxBackend({ ort, executionProviders: [name] });
  const start = performance.now();
  const kernel = await backend.compile(trained);
  const data = { x: Float32Array.from({ length: N * C }, (_, i) => Math.sin(i)), label: new Int32Array(N) };
  const feeds = trained.inputs.map((p) => data[p.name as "x"]);
  const call = () => kernel.run(feeds, [N, C], trained.parameters);
  await call();
  const first = performance.now() - start;

  const model = sessionModel(trained, provider, "bare");
  const options = { ...provider.session, executionProviders: [name], graphOptimizationLevel: "disabled" as const };
  const session = await ort.InferenceSession.create(model.bytes, options);
  const binding = createBinding(trained, model, ort, provider);
  const [bound, fetches] = [binding.feeds(feeds, [N, C], trained.parameters), binding.fetches([], [N, C])];
  const bare = () => session.run(bound, fetches);
  const computed = Object.values((await bare()) as Record<string, { readonly data: unknown }>);
  expect(computed.map((tensor) => tensor.data)).toEqual(
    (await call()).map((result) => (ArrayBuffer.isView(result) ? result : result.data)),
  );
  await timed(calls, bare);
  await timed(calls, call);
  const [ours, theirs]: number[][] = [[], []];
  for (let round = 0; round < 20; round++) {
    (theirs as number[]).push(await timed(calls, bare));
    (ours as number[]).push(await timed(calls, call));
  }
  const [mine, least] = [median(ours as number[]), median(theirs as number[])];
  console.log(
    `onnx:${name} ${N}×${C}: ${(1000 * mine).toFixed(0)} µs a call, ${(1000 * least).toFixed(0)} µs the bare run (× ${(mine / least).toFixed(2)}), first ${first.toFixed(0)} ms`,
  );
  await session.release();
  await backend.dispose();
});
