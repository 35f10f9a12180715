/** Bad texts get a CallError that points into them, whatever they are: random strings, cut-off calls, foreign options. */
import { isLossError } from "@isoloss/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readConfiguration } from "../configuration.ts";
import { tensorsOfRequests } from "../run-parity.ts";
import { readSystem } from "../system.ts";
import { parseSystem } from "./parse.ts";
import { CallError, pointAt } from "./syntax.ts";

const good = [
  "torch@1.7 nn.SmoothL1Loss(beta=0.5)",
  "keras@3.15 losses.BinaryCrossentropy(from_logits=True, label_smoothing=1e-1)",
  "2 * losses.Huber(delta=0.5)(target[..., None], -input) + 1",
  'new nn.CrossEntropyLoss({ weight: [1, 2.5, .5], "reduction": "sum" })',
  "F.mse_loss(input, target, weight=w)",
  "losses.CategoricalCrossentropy()(keras.ops.one_hot(target, input.shape[-1]), input)",
  "nn.BCEWithLogitsLoss(weight=[[0.5], [2]], pos_weight=None)",
];
const words = [
  "nn",
  "F",
  "losses",
  ".",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  ",",
  "=",
  ":",
  "+",
  "-",
  "*",
  "/",
  "...",
  "None",
  "'",
  '"',
  "@",
  "new ",
  "1e",
  "0x1",
  " ",
  "\n",
  "é",
  "torch@2",
  "reduction",
  "MSELoss",
  "shape",
];

/** Does it; a failure must be a line that points into the text, or a refusal of the project in one line. */
function survives(action: (text: string) => unknown, text: string): void {
  try {
    action(text);
  } catch (e) {
    if (e instanceof CallError) {
      expect(e.at.start).toBeGreaterThanOrEqual(0);
      expect(e.at.start).toBeLessThanOrEqual(text.length);
      expect(pointAt(e).split("\n").length).toBeGreaterThanOrEqual(3);
    } else expect(isLossError(e) ? "LossError" : e).toBe("LossError");
    expect((e as Error).message).not.toContain("\n    at ");
  }
}
const cut = fc.tuple(fc.constantFrom(...good), fc.nat(), fc.nat()).map(([text, a, b]) => {
  const [from, to] = [a % text.length, b % text.length].sort((x, y) => x - y) as [number, number];
  return text.slice(0, from) + text.slice(to);
});
const shuffled = fc.array(fc.constantFrom(...words), { maxLength: 14 }).map((list) => list.join(""));
const replaced = fc
  .tuple(fc.constantFrom(...good), fc.nat(), fc.constantFrom(...words))
  .map(([text, at, word]) => text.slice(0, at % text.length) + word + text.slice((at % text.length) + 1));
const text = fc.oneof(fc.string({ maxLength: 40 }), cut, shuffled, replaced);

describe("texts that are no systems", () => {
  it("are refused at their place, and never otherwise", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(text, (t) => survives(readSystem, t)),
      { numRuns: 3000, seed: 1 },
    );
  });
  it("that are long or deep are refused as well", () => {
    for (const t of ["(".repeat(20_000), "[".repeat(20_000), `nn.MSELoss(${"-".repeat(20_000)}1)`, "9".repeat(500)])
      survives(readSystem, t);
  });
  it("with an option that the loss lacks, or a value that it does not take, name it", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z_]{1,12}$/), fc.anything(), (name, value) => {
        const call = `nn.HuberLoss(${name}=${JSON.stringify(value) ?? "None"})`;
        survives(readSystem, call);
        survives((t) => parseSystem(t), call);
      }),
      { numRuns: 500, seed: 2 },
    );
  });
});

describe("files that are no configurations or requests", () => {
  it("are refused in a line", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), text), (t) => {
        survives(readConfiguration, t);
        survives((lines) => tensorsOfRequests(lines.split("\n")), t);
      }),
      { numRuns: 1000, seed: 3 },
    );
    const configuration = fc.record(
      {
        class_name: fc.constantFrom("Huber", "BinaryCrossentropy", "function", "Nothing"),
        config: fc.oneof(
          fc.jsonValue(),
          fc.record({ delta: fc.jsonValue(), reduction: fc.jsonValue(), axis: fc.jsonValue() }),
        ),
        keras_version: fc.oneof(fc.constantFrom("3.15.1", "2.3.0", "9.9", "three"), fc.jsonValue()),
        loss: fc.jsonValue(),
        compile_config: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(configuration, (c) => survives(readConfiguration, JSON.stringify(c))),
      { numRuns: 1000, seed: 4 },
    );
    const tensor = fc.record({
      dtype: fc.oneof(fc.constant("float32"), fc.jsonValue()),
      shape: fc.jsonValue(),
      data: fc.jsonValue(),
    });
    fc.assert(
      fc.property(tensor, (t) => survives((l) => tensorsOfRequests([l]), JSON.stringify({ inputs: { input: t } }))),
      { numRuns: 500, seed: 5 },
    );
  });
});
