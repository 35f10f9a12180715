/** The losses of TensorFlow.js itself as a contestant: `tfjs losses.huberLoss(delta=0.5)`. */
import { type DType, LossError } from "@isoloss/core";
import { parseSystem } from "../call/parse.ts";
import { CallError, type Expression, pathOf } from "../call/syntax.ts";
import type { Outcome, Tensors } from "../evaluate.ts";
import type { Values } from "../tensor-expression.ts";
import { type Contestant, sameRole } from "./contestant.ts";

/** What is used of TensorFlow.js; it is handed in. */
export interface TensorFlow {
  readonly losses: Readonly<Record<string, (...args: unknown[]) => TfTensor>>;
  readonly Reduction: Readonly<Record<string, unknown>>;
  tensor(data: readonly number[], shape: readonly number[], dtype: "float32" | "int32"): TfTensor;
  valueAndGrads(f: (...x: TfTensor[]) => TfTensor): (x: TfTensor[]) => { value: TfTensor; grads: TfTensor[] };
  sum(x: TfTensor): TfTensor;
}
interface TfTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  dataSync(): ArrayLike<number>;
  dispose(): void;
}

/** The parameters behind labels and predictions, in the order of each function. */
const signatures: Readonly<Record<string, readonly string[]>> = {
  absoluteDifference: ["weights", "reduction"],
  cosineDistance: ["axis", "weights", "reduction"],
  hingeLoss: ["weights", "reduction"],
  huberLoss: ["weights", "delta", "reduction"],
  logLoss: ["weights", "epsilon", "reduction"],
  meanSquaredError: ["weights", "reduction"],
  sigmoidCrossEntropy: ["weights", "labelSmoothing", "reduction"],
  softmaxCrossEntropy: ["weights", "labelSmoothing", "reduction"],
};
const reductions: Readonly<Record<string, string>> = {
  none: "NONE",
  mean: "MEAN",
  sum: "SUM",
  sum_by_nonzero_weights: "SUM_BY_NONZERO_WEIGHTS",
};

/** Whether a text names a loss of TensorFlow.js. */
export const isTfjs = (text: string): boolean => /^\s*tfjs(@\S+)?\s/.test(text);

/** A loss of TensorFlow.js as a contestant. Errors in the text point at their place. */
export async function tfjsContestant(text: string, load: () => Promise<TensorFlow>): Promise<Contestant> {
  const bare = text.replace(/^\s*tfjs(@\S+)?\s+/, (m) => " ".repeat(m.length));
  const { expression } = parseSystem(bare);
  if (expression.kind !== "call")
    throw new CallError(text, expression.at, "this is no call, such as tfjs losses.huberLoss()");
  const name = (pathOf(expression.callee) ?? "").replace(/^(tf\.)?losses\./, "");
  const parameters = signatures[name];
  if (!parameters)
    throw new CallError(
      text,
      expression.callee.at,
      `TensorFlow.js has no loss '${name}'; it has ${Object.keys(signatures).join(", ")}`,
    );
  const tf = await load();
  const given = new Map<string, unknown>();
  for (const { name: key, value } of expression.args) {
    if (key === undefined || !parameters.includes(key))
      throw new CallError(text, value.at, `${name} has the options ${parameters.join(", ")}, by name`);
    given.set(key, option(tf, key, value, text));
  }
  const options = parameters.map((p) => given.get(p) ?? (p === "axis" ? -1 : undefined));
  return {
    name: `tfjs ${text.trim().replace(/^tfjs(@\S+)?\s+/, "")}`,
    answer: (t, g) => answer(tf, name, options, t, g),
  };
}

function option(tf: TensorFlow, key: string, value: Expression, text: string): unknown {
  if (value.kind !== "literal") throw new CallError(text, value.at, `${key} must be a value`);
  if (key !== "reduction") return value.value;
  const word = reductions[String(value.value)];
  if (word === undefined)
    throw new CallError(text, value.at, `reduction is one of ${Object.keys(reductions).join(", ")}`);
  return tf.Reduction[word];
}

const valuesOf = (t: TfTensor): Values => ({ dtype: t.dtype as DType, shape: t.shape, data: Array.from(t.dataSync()) });

function answer(
  tf: TensorFlow,
  name: string,
  options: readonly unknown[],
  tensors: Tensors,
  wanted: readonly string[],
): Outcome {
  const names = Object.keys(tensors);
  const labels = sameRole("labels", names);
  const predictions = sameRole("predictions", names);
  if (labels === undefined || predictions === undefined)
    return { refusal: new LossError("missing", "tfjs needs labels and predictions") };
  const make = (n: string): TfTensor => {
    const { data, shape, dtype } = tensors[n] as Values;
    return tf.tensor(data, shape, /int/.test(dtype) ? "int32" : "float32");
  };
  const inputs = [make(labels), make(predictions)];
  try {
    const loss = tf.losses[name] as (...args: unknown[]) => TfTensor;
    const value = loss(...inputs, ...options);
    const outcome = valuesOf(value);
    if (wanted.length === 0) return { value: outcome, grads: {} };
    const { grads } = tf.valueAndGrads((y, x) => tf.sum(loss(y, x, ...options)))(inputs);
    const both = [labels, predictions].flatMap((n, i) =>
      wanted.includes(n) ? [[n, valuesOf(grads[i] as TfTensor)] as const] : [],
    );
    return { value: outcome, grads: Object.fromEntries(both) };
  } catch (e) {
    return { refusal: new LossError("shape", (e as Error).message) };
  } finally {
    for (const t of inputs) t.dispose();
  }
}
