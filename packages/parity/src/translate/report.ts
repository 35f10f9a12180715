/** What a translation says, as JSON and as text. */
import { printCall, printCandidate } from "../call/print.ts";
import { candidateTensors, runCandidate, unscaled } from "../candidate.ts";
import { createReferenceEvaluator, type Outcome } from "../evaluate.ts";
import { type EvalRequest, type JsonTensor, requestOf, tensorJson } from "../requests.ts";
import type { LossCall } from "../system.ts";
import type { Example, GradientComparison, Proof, Translation, Verdict } from "./translation.ts";

/** What a side answers: a tensor, or the refusal. */
export type JsonAnswer = JsonTensor | { readonly error: { readonly code: string; readonly message: string } };
/** Two requests and both answers. `scaled`: what the call over there gives with the factor and offset of the translation, if it has any. */
export interface JsonExample {
  readonly from: { readonly request: EvalRequest; readonly answer: JsonAnswer };
  readonly to: { readonly request: EvalRequest | null; readonly answer: JsonAnswer; readonly scaled?: JsonAnswer };
}
export interface TranslationJson {
  readonly from: string;
  readonly to: string;
  readonly python: string;
  readonly typescript: string;
  /** Of a loss that the handbook lacks: how TypeScript comes by it. */
  readonly further?: string;
  readonly verdict: Verdict;
  readonly proof: Proof | null;
  readonly conditions: readonly string[];
  /** For each condition an input that violates it, with both answers. */
  readonly violations: readonly JsonExample[];
  readonly counterexample?: JsonExample;
  readonly largestDifference?: { readonly absolute: number | string; readonly example: JsonExample };
  /** The tensors that the translation was made for: names, types and shapes. */
  readonly form: Readonly<Record<string, string>>;
  /** How far two float32 answers of equal calls may lie apart, and where that was found. */
  readonly float32?: { readonly relative: number; readonly over: string };
  /** The gradients of calls whose values are equal: sampled, not proved. */
  readonly gradient?: {
    readonly verdict: "equal" | "different";
    readonly of: readonly string[];
    readonly samples: number;
    readonly differences: readonly {
      readonly of: string;
      readonly count: number;
      readonly unless: string | null;
      readonly inputs: Readonly<Record<string, JsonTensor>>;
      readonly from: JsonTensor;
      readonly to: JsonTensor | null;
    }[];
  };
  /** How many samples agreed, where the proof is "sampled". */
  readonly samples?: number;
  /** What the call over there receives: an `eval` request with the tensors as names of the source's. */
  readonly call: {
    readonly profile: string;
    readonly loss: string;
    readonly options: Readonly<Record<string, unknown>>;
  };
}

const evaluator = createReferenceEvaluator();
const answer = (o: Outcome | undefined): JsonAnswer => {
  if (!o) return { error: { code: "shape", message: "the tensors of this call cannot be written for the other" } };
  return o.refusal ? { error: { code: o.refusal.code, message: o.refusal.message } } : tensorJson(o.value);
};

function exampleJson({ source, candidate }: Translation, e: Example): JsonExample {
  const tensors = candidateTensors(candidate, e.tensors);
  const { scale, offset } = candidate;
  const isScaled = scale.number !== 1 || scale.extents.length > 0 || offset !== 0;
  const alone =
    isScaled && tensors ? runCandidate(evaluator, { ...candidate, scale: unscaled, offset: 0 }, e.tensors) : e.to;
  return {
    from: { request: requestOf("from", source.call, e.tensors), answer: answer(e.from) },
    to: {
      request: tensors ? requestOf("to", candidate.call, tensors) : null,
      answer: answer(alone),
      ...(isScaled && { scaled: answer(e.to) }),
    },
  };
}

const isFurther = ({ framework, profile, name }: LossCall): boolean => framework.furtherOf(profile).includes(name);
/** How a further loss is made: by the adapter's `custom`, of its definition. */
const furtherText = ({ framework, name, as, entry }: LossCall): string => {
  const made = as === "class" ? `{ Loss: ${name} }` : `{ loss: ${name} }`;
  return `const ${made} = ${framework.name}.custom(furtherLosses.${entry.entry})`;
};

const gradientJson = ({ of, samples, differences }: GradientComparison): NonNullable<TranslationJson["gradient"]> => ({
  verdict: differences.length ? "different" : "equal",
  of,
  samples,
  differences: differences.map((d) => ({
    of: d.of,
    count: d.inputs,
    unless: d.unless ?? null,
    inputs: Object.fromEntries(Object.entries(d.example.tensors).map(([n, t]) => [n, tensorJson(t)])),
    from: tensorJson(d.example.from),
    to: d.example.to ? tensorJson(d.example.to) : null,
  })),
});

/** A translation as JSON. */
export function translationJson(t: Translation): TranslationJson {
  const { source, candidate } = t;
  const { types } = source.form;
  const c = candidate.call;
  return {
    from: `${source.call.profile} ${printCall(source.call, "python")}`,
    to: c.profile,
    python: printCandidate(candidate, types, "python"),
    typescript: printCandidate(candidate, types, "typescript"),
    ...(isFurther(c) && { further: furtherText(c) }),
    verdict: t.verdict,
    proof: t.proof ?? null,
    conditions: t.conditions.map((x) => x.text),
    violations: t.conditions.flatMap((x) => (x.violation ? [exampleJson(t, x.violation)] : [])),
    ...(t.counterexample && { counterexample: exampleJson(t, t.counterexample) }),
    ...(t.largest && {
      largestDifference: {
        absolute: Number.isFinite(t.largest.absolute) ? t.largest.absolute : String(t.largest.absolute),
        example: exampleJson(t, t.largest.example),
      },
    }),
    form: Object.fromEntries(
      Object.entries(types).map(([n, { dtype, shape }]) => [n, `${dtype}[${shape.join(", ")}]`]),
    ),
    ...(t.float32 && { float32: t.float32 }),
    ...(t.gradient && { gradient: gradientJson(t.gradient) }),
    ...(t.samples && t.proof === "sampled" ? { samples: t.samples } : {}),
    call: (({ profile, loss, options }) => ({ profile, loss, options }))(requestOf("to", c, {})),
  };
}

const proofWords: Readonly<Record<Proof, string>> = {
  "same-definition": "the graphs are the same",
  "normal-form": "both graphs normalise to the same",
  piecewise: "both graphs normalise to the same on each side of their conditions",
  sampled: "they agreed on samples, which is no proof",
};

function shortTensor(t: JsonTensor): string {
  const data = t.data.slice(0, 8).map((x) => (typeof x === "number" ? Number(x.toPrecision(7)) : x));
  return `${t.dtype}[${t.shape.join(", ")}] ${JSON.stringify(data).slice(0, -1)}${t.data.length > 8 ? ", …" : ""}]`;
}
const shortAnswer = (a: JsonAnswer): string =>
  "error" in a ? `refused (${a.error.code}): ${a.error.message}` : shortTensor(a);

function exampleLines(e: JsonExample, indent: string): string[] {
  const inputs = Object.entries(e.from.request.inputs).map(([n, t]) =>
    typeof t === "object" ? `${indent}${n} = ${shortTensor(t)}` : `${indent}${n} = ${t}`,
  );
  return [
    ...inputs,
    `${indent}from: ${shortAnswer(e.from.answer)}`,
    `${indent}to:   ${shortAnswer(e.to.scaled ?? e.to.answer)}`,
  ];
}

function gradientLines({ of, samples, differences }: NonNullable<TranslationJson["gradient"]>): string[] {
  if (of.length === 0) return [];
  const same = of.filter((n) => !differences.some((d) => d.of === n));
  const agreeing = same.length
    ? [`of ${same.join(", ")}: the same (sampled: on ${samples} inputs, edges among them)`]
    : [];
  const others = differences.flatMap((d) => [
    `of ${d.of}: differs on ${d.count} of ${samples} inputs${d.unless ? `, and not where ${d.unless}` : ""}`,
    ...Object.entries(d.inputs).map(([n, t]) => `  ${n} = ${shortTensor(t)}`),
    `  from: ${shortTensor(d.from)}`,
    `  to:   ${d.to ? shortTensor(d.to) : "none"}`,
  ]);
  return [...agreeing, ...others].map((l, i) => `${i === 0 ? "gradient    " : "            "}${l}`);
}

/** A translation as lines for a person. */
export function translationText(t: Translation): string {
  const json = translationJson(t);
  const lines = [
    `from        ${json.from}`,
    `to          ${json.to}`,
    `python      ${json.python}`,
    `typescript  ${json.typescript}`,
    ...(json.further ? [`            ${json.further} // @isoloss/parity`] : []),
    `for         ${Object.entries(json.form)
      .map(([n, type]) => `${n} ${type}`)
      .join(", ")}`,
    `verdict     ${json.verdict}${json.proof ? ` (${json.proof}: ${proofWords[json.proof]}${json.samples ? `: ${json.samples}` : ""})` : ""}`,
  ];
  if (json.float32)
    lines.push(`float32     within ${json.float32.relative.toPrecision(2)} relative (sampled: ${json.float32.over})`);
  if (json.gradient) lines.push(...gradientLines(json.gradient));
  json.conditions.forEach((text, i) => {
    lines.push(`${i === 0 ? "if          " : "            "}${text}`);
    const violation = t.conditions[i]?.violation;
    // of a gradient, the inputs are shown with the gradients
    if (violation && !text.startsWith("for the gradient of "))
      lines.push(
        ...exampleLines(exampleJson(t, violation), "              violated: ").map((l, k) =>
          k ? l.replace("violated:", "         ") : l,
        ),
      );
  });
  if (json.counterexample) lines.push("counter-example", ...exampleLines(json.counterexample, "            "));
  if (json.largestDifference) lines.push(`largest difference found  ${json.largestDifference.absolute}`);
  return lines.join("\n");
}
