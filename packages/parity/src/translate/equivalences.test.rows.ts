/** How a row of the equivalence table is written and tested: the call that is found, the verdict, what it rests on, and that what is printed computes the same. */
import { expect, it } from "vitest";
import { systemContestant } from "../contestants/own.ts";
import { agree } from "../differ.ts";
import { createReferenceEvaluator } from "../evaluate.ts";
import { frameworkOf } from "../frameworks.ts";
import { readSystem } from "../system.ts";
import { translationJson, translationText } from "./report.ts";
import { translate } from "./translate.ts";
import type { Proof, Translation } from "./translation.ts";

const evaluator = createReferenceEvaluator();
const TIME = { timeout: 300_000 };

/** Equal: what it rests on, and its conditions, none of which may be left out. `form`: which of the call's shapes. */
export interface Equal {
  readonly proof: Proof;
  readonly if?: readonly string[];
  readonly form?: number;
}

/** A row whose calls are equal, with conditions or without. */
export function equal(from: string, to: string, python: string, row: Equal): void {
  const conditions = row.if ?? [];
  let translation: Translation | undefined;
  it(`${from} is ${python}: equal${conditions.length ? "-if" : ""}, ${row.proof}`, TIME, () => {
    translation = translate(readSystem(from), { to, form: row.form ?? 0 });
    const json = translationJson(translation);
    expect({ python: json.python, verdict: json.verdict, proof: json.proof }).toEqual({
      python,
      verdict: conditions.length ? "equal-if" : "equal",
      proof: row.proof,
    });
    expect(json.conditions).toEqual(conditions);
    expect(translationText(translation)).toMatch(/float32 {5}within \S+ relative \(sampled: /);
  });
  it(`${from}: each condition is violated by inputs that are shown`, () => {
    const { conditions: all = [] } = translation ?? {};
    for (const { text, violation } of all) {
      const { from: own, to: other } = violation as NonNullable<typeof violation>;
      expect(own.refusal?.message).toBeUndefined();
      const sameValue = !own.refusal && other && !other.refusal && agree(own.value, other.value, 1e-5);
      expect([text, sameValue === true]).toEqual([text, text.startsWith("for the gradient of ")]);
    }
    expect(all.map((c) => c.text)).toEqual(conditions);
  });
  it(`${from}: gradients are compared, and differ where the conditions say so only`, () => {
    const gradient = translation?.gradient as NonNullable<Translation["gradient"]>;
    if (gradient.of.length) expect(gradient.samples).toBeGreaterThan(20);
    const said = conditions.filter((c) => c.startsWith("for the gradient of ")).length;
    expect(gradient.differences).toHaveLength(said);
  });
  it(`${from}: what is printed computes the same, in Python and in TypeScript`, async () => {
    const { source, agreeing } = translation as Translation;
    const json = translationJson(translation as Translation);
    const { profile } = frameworkOf(to);
    expect(agreeing.length).toBeGreaterThan(0);
    for (const text of [json.python, json.typescript]) {
      const printed = systemContestant(readSystem(`${profile} ${text}`), evaluator.run, "reference");
      for (const tensors of agreeing) {
        const own = evaluator.run(source.call, tensors);
        const other = await printed.answer(tensors, []);
        expect([own.refusal?.message, other.refusal?.message]).toEqual([undefined, undefined]);
        if (!own.refusal && !other.refusal) expect(agree(own.value, other.value)).toBe(true);
      }
    }
  });
}

/** A row without an equal call: the nearest one, and a counter-example that the printed call answers as shown. */
export function different(from: string, to: string, nearest: string): void {
  it(`${from} is not equal to anything in ${to}; ${nearest} is nearest`, TIME, async () => {
    const translation = translate(readSystem(from), { to });
    const json = translationJson(translation);
    expect({ python: json.python, verdict: json.verdict, proof: json.proof }).toEqual({
      python: nearest,
      verdict: "different",
      proof: null,
    });
    expect(json.largestDifference).toBeDefined();
    const shown = translation.counterexample as NonNullable<Translation["counterexample"]>;
    const { profile } = frameworkOf(to);
    const printed = systemContestant(readSystem(`${profile} ${json.python}`), evaluator.run, "reference");
    const own = evaluator.run(translation.source.call, shown.tensors);
    const other = await printed.answer(shown.tensors, []);
    expect(own).toEqual(shown.from);
    const [a, b] = [own.refusal ? undefined : own.value, other.refusal ? undefined : other.value];
    expect(a && b && agree(a, b, 1e-5)).not.toBe(true);
  });
}

/** A loss that is outside of this project: one line that names it. */
export function outside(from: string, to: string, message: RegExp): void {
  it(`${from} is outside of this project`, () => {
    expect(() => translate(readSystem(from), { to })).toThrow(message);
  });
}

/** What every element-wise loss of Keras asks of shapes, coming from PyTorch. */
export const shapes = ["rank >= 1", "equal shapes", "at least one element"];
/** The same where PyTorch itself refuses shapes that differ. */
export const refusing = ["rank >= 1", "at least one element"];
/** The same from Keras to PyTorch, where Keras broadcasts. */
export const broadcast = ["equal shapes", "at least one element"];
/** What rows of classes ask. */
export const classes = ["at least one element", "input has shape (N, C)"];
