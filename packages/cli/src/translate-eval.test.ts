/** The requests that a translation shows are answered by `eval` as it shows them, the translated call among them. */
import { readSystem, type TranslationJson, translate, translationJson } from "@isoloss/parity";
import { describe, expect, it } from "vitest";
import { answerText } from "./answer.ts";
import { createEvaluator } from "./evaluator.ts";
import { readRequest } from "./request.ts";

const evaluator = createEvaluator({ backend: "cpu:js" });
type Example = TranslationJson["violations"][number];
type JsonTensor = Exclude<Example["from"]["answer"], { error: unknown }>;
/** Numbers of float32, however many digits of them are written. */
const rounded = ({ dtype, shape, data }: JsonTensor) => ({
  dtype,
  shape,
  data: data.map((x) => Math.fround(Number(x))),
});
async function check({ request, answer }: Example["from"] | Example["to"]): Promise<void> {
  if (!request) return;
  const line = JSON.parse(JSON.stringify(request)) as unknown;
  const said = JSON.parse(answerText(await evaluator.answer(readRequest(line)))) as {
    value?: JsonTensor;
    error?: { code: string };
  };
  if ("error" in answer) expect(said.error?.code).toBe(answer.error.code);
  else expect(said.value && rounded(said.value)).toEqual(rounded(answer));
}

describe.each([
  ["nn.BCELoss()", "keras@3"],
  ["torch@1.7 nn.SmoothL1Loss(beta=0.5)", "keras@3"],
  ["nn.CrossEntropyLoss(weight=w)", "keras@3"],
  ["nn.BCELoss()", "tf@2.3"],
  ["losses.MeanSquaredLogarithmicError()", "torch@2"],
])("%s in %s", (from, to) => {
  it("shows what eval answers", { timeout: 120_000 }, async () => {
    const json = translationJson(translate(readSystem(from), { to }));
    const shown = [...json.violations, json.counterexample, json.largestDifference?.example].filter(
      (e) => e !== undefined,
    );
    expect(shown.length).toBeGreaterThan(0);
    for (const example of shown) {
      await check(example.from);
      await check(example.to);
    }
  });
});
