import { describe, expect, it } from "vitest";
import { readSystem } from "../system.ts";
import { explain } from "./explain.ts";
import type { Aspect } from "./explanation.ts";

const of = (a: string, b: string) => explain(readSystem(a), readSystem(b));
const shares = (a: string, b: string): Partial<Record<Aspect, number | undefined>> =>
  Object.fromEntries(
    of(a, b)
      .differences.map((d) => [d.aspect, d.share])
      .reverse(),
  );

describe("explanations", () => {
  it("find the bounds of binary cross-entropy and blame them for all of the difference", () => {
    const { differences } = of("nn.BCELoss()", "losses.BinaryCrossentropy()");
    const clips = differences.filter((d) => d.aspect === "clip");
    expect(clips.map((d) => d.text).join("; ")).toMatch(
      /log\(input\) is bounded at -100.*y_pred is bounded at 1e-7 and 0\.9999999/,
    );
    for (const d of clips) {
      expect(d.share).toBeGreaterThan(0.9);
      expect(d.where).toMatch(/%\d+ = float32\[.*\] where\(/);
    }
    expect(differences.find((d) => d.aspect === "argument order")?.text).toMatch(
      /\(input, target\).*\(y_true, y_pred\)/,
    );
  });
  it("find the second epsilon of TensorFlow 2.3", () => {
    const { differences } = of("tf@2.3 losses.BinaryCrossentropy()", "losses.BinaryCrossentropy()");
    expect(differences.map((d) => d.aspect)).toEqual(["epsilon", "epsilon"]);
    expect(differences.reduce((s, d) => s + (d.share ?? 0), 0)).toBeGreaterThan(0.9);
  });
  it("tell a mean over samples from one over elements, and a factor", () => {
    expect(shares("nn.MSELoss(reduction='sum')", "losses.MeanSquaredError(reduction='sum')")).toMatchObject({
      "reduction granularity": expect.closeTo(1, 3),
      scale: expect.closeTo(1, 3),
    });
    expect(of("nn.SmoothL1Loss(beta=0.5)", "losses.Huber(delta=0.5)").differences[0]?.text).toMatch(/= 2 \* /);
  });
  it("see an offset, a class axis and a target's form in the records", () => {
    expect(of("nn.CosineEmbeddingLoss()(a, b, 1)", "losses.CosineSimilarity()(a, b)").differences[0]?.text).toMatch(
      /= 1 \+ /,
    );
    const { differences } = of(
      "nn.CrossEntropyLoss(ignore_index=1)",
      "losses.SparseCategoricalCrossentropy(from_logits=True)",
    );
    expect(differences.map((d) => d.aspect)).toContain("denominator");
  });
  it("say nothing of what is the same", () => {
    const { differences, largest } = of("torch@1.7 nn.MSELoss()", "nn.MSELoss()");
    expect({ differences, largest }).toEqual({ differences: [], largest: 0 });
  });
});
