import { describe, expect, it } from "vitest";
import { createReferenceEvaluator } from "../evaluate.ts";
import { planTypes } from "../forms.ts";
import { probesOf } from "../probes.ts";
import { sourcesOfSystem } from "../sources.ts";
import { readSystem } from "../system.ts";
import { boundedValue } from "./float32-bound.ts";

describe("the float32 bound", () => {
  it.each([
    "nn.MSELoss()",
    "nn.BCELoss()",
    "nn.CrossEntropyLoss()",
    "losses.Huber()",
    "losses.BinaryCrossentropy(from_logits=True)",
    "nn.KLDivLoss()",
  ])("holds for %s: the float32 answer lies within it of the value over the reals", (text) => {
    const evaluator = createReferenceEvaluator();
    const [source] = sourcesOfSystem(readSystem(text));
    if (!source) throw new Error("no form");
    const plan = planTypes(source.call, source.form.types);
    if (!plan) throw new Error("no plan");
    let compared = 0;
    for (const { samples } of probesOf(source, evaluator).slice(0, 4))
      for (const { tensors, value } of samples) {
        const bound = boundedValue(plan, tensors);
        const [x, e] = [bound.value[0] as number, bound.error[0] as number];
        expect(Math.abs((value.data[0] as number) - x)).toBeLessThanOrEqual(e);
        expect(e).toBeLessThan(1e-3 * Math.max(1, Math.abs(x)));
        compared++;
      }
    expect(compared).toBeGreaterThan(3);
  });
});
