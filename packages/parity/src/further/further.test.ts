/** The further losses are what PyTorch 1.7 and 2.13 and Keras 3.15 compute, by recorded answers, and a user's to call. */
import { readFileSync } from "node:fs";
import { createTorch } from "@isoloss/adapter-torch-style";
import { createCpuBackend } from "@isoloss/backend-cpu";
import { describe, expect, it } from "vitest";
import { agree } from "../differ.ts";
import { createReferenceEvaluator, type Tensors } from "../evaluate.ts";
import { frameworks } from "../frameworks.ts";
import { type JsonTensor, readTensorJson } from "../requests.ts";
import { lossCall } from "../system.ts";
import type { Values } from "../tensor-expression.ts";
import { furtherLosses } from "./definitions.ts";

interface Recorded {
  readonly request: {
    readonly profile: string;
    readonly loss: string;
    readonly options: Readonly<Record<string, unknown>>;
    readonly inputs: Readonly<Record<string, JsonTensor>>;
    readonly grad: readonly string[];
  };
  readonly answer: { readonly value: JsonTensor; readonly grads: Readonly<Record<string, JsonTensor>> };
}
const fixture = readFileSync(new URL("../../fixtures/further-losses.jsonl", import.meta.url), "utf8");
const recorded = fixture
  .trim()
  .split("\n")
  .map((l) => JSON.parse(l) as Recorded);
const tensors = (all: Readonly<Record<string, JsonTensor>>): Tensors =>
  Object.fromEntries(Object.entries(all).map(([n, t]) => [n, readTensorJson(t, n)]));
const option = (v: unknown): unknown => {
  if (typeof v !== "object" || v === null) return v;
  const { dtype, shape, data } = readTensorJson(v, "option");
  return { dtype, shape, data: Float32Array.from(data) };
};

describe("the further losses", () => {
  const evaluator = createReferenceEvaluator();
  it.each(recorded)("$request.profile $request.loss($request.options) is what was recorded", ({ request, answer }) => {
    const options = Object.fromEntries(Object.entries(request.options).map(([n, v]) => [n, option(v)]));
    const call = lossCall(request.profile, request.loss, options);
    const outcome = evaluator.run(call, tensors(request.inputs), request.grad);
    expect(outcome.refusal?.message).toBeUndefined();
    if (outcome.refusal) return;
    expect(agree(outcome.value, readTensorJson(answer.value, "value"), 1e-6)).toBe(true);
    expect(Object.keys(outcome.grads)).toEqual(Object.keys(answer.grads));
    for (const [n, g] of Object.entries(tensors(answer.grads)))
      expect(agree(outcome.grads[n] as Values, g, 1e-5)).toBe(true);
  });
  it("are all recorded, but torchvision's, which is proved equal to Keras' by the equivalence table", () => {
    const names = new Set(recorded.map((r) => r.request.loss.replace("poisson_nll_loss", "PoissonNLLLoss")));
    expect([...names, "sigmoid_focal_loss"].sort()).toEqual(Object.keys(furtherLosses).sort());
  });
  it("are not in the handbook", () => {
    for (const f of frameworks)
      for (const name of f.furtherOf(f.profiles.at(-1) as string)) expect(f.namesOf(f.newest)).not.toContain(name);
  });
  it("are made to call by an adapter's custom", () => {
    const torch = createTorch({ backend: createCpuBackend({ engine: "js" }), profile: "torch@2.13" });
    const { Loss } = torch.custom(furtherLosses.PoissonNLLLoss);
    const loss = new Loss({ log_input: false, eps: 1e-7 })(Float32Array.of(1, 2), Float32Array.of(0, 1));
    expect(loss.item()).toBeCloseTo((1 + 2 - Math.log(2)) / 2, 6);
  });
});
