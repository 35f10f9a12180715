/** The fused form of files: ONNX's own loss operators give what the graph of the loss gives, over the recorded vectors. */
import { isTensor, type Tensor, type TypedArray, toNumbers } from "@isoloss/core";
import { type EvalRequest, exportRequest, readRequest, readTensor } from "isoloss";
import * as ort from "onnxruntime-web";
import { describe, expect, it } from "vitest";
import { compare } from "./replay-compare.ts";
import {
  answersOf,
  type RecordedAnswer,
  type RecordedRequest,
  type RecordedTensor,
  requestsOf,
} from "./replay-fixtures.ts";

const ofClasses = /^(CrossEntropyLoss|NLLLoss|cross_entropy|nll_loss|sparse_?categorical_?crossentropy)$/i;

/** What decides how a file looks, but for the numbers inside it. */
function kindOf({ loss, options, inputs }: RecordedRequest): string {
  const type = (x: unknown): unknown => {
    const { dtype, shape } = x as Tensor;
    return shape ? [dtype, shape.map((n) => Math.min(n, 2))] : x;
  };
  return JSON.stringify([loss, { ...options, ...inputs }], (_, x) => (isTensor(x) ? type(x) : x));
}
/** ONNX brings scores to the shape [0, 0, −1], which an empty one has not, and says nothing of NaN and infinities. */
const isOrdinary = ({ inputs = {} }: RecordedRequest): boolean =>
  Object.values(inputs).every((x) => {
    const { shape = [1], data = [] } = (x ?? {}) as Partial<RecordedTensor>;
    return !shape.includes(0) && data.every((v) => Number.isFinite(Number(v)));
  });
/** One request a kind that a release answered: the value alone. */
function requestsFor(profile: string): (readonly [EvalRequest, RecordedAnswer])[] {
  const answers = answersOf(profile);
  const kinds = new Map<string, readonly [EvalRequest, RecordedAnswer]>();
  for (const request of requestsOf(profile)) {
    const answer = answers.get(request.id);
    if (!ofClasses.test(request.loss) || !answer?.value || !isOrdinary(request)) continue;
    const { upstream, grad, ...call } = request;
    const kind = kindOf(request);
    if (!kinds.has(kind)) kinds.set(kind, [readRequest({ ...call, profile }), answer]);
  }
  return [...kinds.values()];
}

async function outputsOf(file: Uint8Array, request: EvalRequest): Promise<ort.InferenceSession.OnnxValueMapType> {
  const session = await ort.InferenceSession.create(file, { logSeverityLevel: 3 });
  const feeds = session.inputNames.map((name) => {
    const { dtype, shape, data } = readTensor(request.inputs[name], name);
    const wide = dtype === "int64" && !(data instanceof BigInt64Array);
    return [
      name,
      new ort.Tensor(
        dtype as "float32",
        (wide ? BigInt64Array.from(data as Int32Array, BigInt) : data) as Float32Array,
        shape,
      ),
    ] as const;
  });
  const outputs = await session.run(Object.fromEntries(feeds));
  await session.release();
  return outputs;
}
async function run(file: Uint8Array, request: EvalRequest): Promise<Tensor> {
  const { loss } = await outputsOf(file, request);
  return { dtype: loss?.type as Tensor["dtype"], shape: loss?.dims as number[], data: loss?.data as TypedArray };
}

/** Holds the fused file of a request against the framework's answer and against the file of the graph; says what differs. */
async function check(request: EvalRequest, answer: RecordedAnswer, file: Uint8Array): Promise<string[]> {
  const [fused, graph] = [await run(file, request), await run(await exportRequest(request), request)];
  const off = compare({ id: "", value: fused, grads: {} }, { ...answer, grads: {} }, request);
  const [a, b] = [fused, graph].map(({ data, dtype }) => toNumbers(data as TypedArray, dtype)) as [
    Float64Array,
    Float64Array,
  ];
  const near = (x: number, y: number): boolean => Object.is(x, y) || Math.abs(x - y) <= 1e-6 * Math.max(1, Math.abs(x));
  return [
    ...(off ? [`${request.id}: ${off.kind}: ${off.detail}`] : []),
    ...(a.every((x, i) => near(x, b[i] as number)) ? [] : [`${request.id}: ${a}, and by the graph ${b}`]),
  ];
}

describe("the fused form", () => {
  /** What is taken: one kind in so many. oracle/onnx_verify.py takes all of them. */
  const taken = { "torch@2.13": 3, "torch@1.7": 4, "keras@3.15": 1 };
  it.each(Object.entries(taken))("gives what the graph gives, and what %s answered", async (profile, each) => {
    const failures: string[] = [];
    let made = 0;
    for (const [request, answer] of requestsFor(profile).filter((_, i) => i % each === 0)) {
      const file = await exportRequest(request, { fused: true }).catch((e: Error) => e);
      if (file instanceof Error) {
        if (!/^no fused form/.test(file.message)) failures.push(`${request.id}: ${file.message}`);
        continue;
      }
      made++;
      failures.push(...(await check(request, answer, file)));
    }
    expect(failures).toEqual([]);
    expect(made).toBeGreaterThan(30);
  });

  const f = (shape: readonly number[], dtype = "float32"): object => ({
    dtype,
    shape,
    data: Array(12)
      .fill(0.5)
      .slice(
        0,
        shape.reduce((a, b) => a * b, 1),
      ),
  });
  const labels = { dtype: "int64", shape: [2], data: [0, 1] };
  const CE = "CrossEntropyLoss";
  it.each<[string, RegExp, string, string, object, object]>([
    [
      "smoothed labels",
      /reads 'input' once more/,
      "torch@2.13",
      CE,
      { label_smoothing: 0.1 },
      { input: f([2, 3]), target: labels },
    ],
    ["probabilities", /picks no class/, "torch@2.13", CE, {}, { input: f([2, 3]), target: f([2, 3]) }],
    [
      "a single row",
      /second dimension of 'input'/,
      "torch@2.13",
      CE,
      {},
      { input: f([3]), target: { ...labels, shape: [], data: [0] } },
    ],
    ["halves", /rounds to float16/, "torch@2.13", CE, {}, { input: f([2, 3], "float16"), target: labels }],
    [
      "probabilities that are clipped",
      /something else/,
      "keras@3.15",
      "SparseCategoricalCrossentropy",
      {},
      { y_true: labels, y_pred: f([2, 3]) },
    ],
    [
      "masked logits",
      /something else/,
      "keras@3.15",
      "SparseCategoricalCrossentropy",
      { from_logits: true, ignore_class: 0 },
      { y_true: labels, y_pred: f([2, 3]) },
    ],
    [
      "classes along the last of three dimensions",
      /second dimension of 'y_pred'/,
      "keras@3.15",
      "SparseCategoricalCrossentropy",
      { from_logits: true },
      { y_true: { ...labels, shape: [2, 1] }, y_pred: f([2, 1, 3]) },
    ],
    ["a loss without classes", /picks no class/, "torch@2.13", "MSELoss", {}, { input: f([2, 3]), target: f([2, 3]) }],
  ])("is refused for %s", async (_, reason, profile, loss, options, inputs) => {
    const request = readRequest({ id: "a", profile, loss, options, inputs });
    await expect(exportRequest(request, { fused: true })).rejects.toThrow(
      expect.objectContaining({ code: "option", message: expect.stringMatching(reason) }),
    );
  });

  it("gives gradients by the graph, the same as without", async () => {
    const weight = { dtype: "float32", shape: [3], data: [1, 0, 2] };
    const inputs = { input: { ...f([2, 3]), data: [1, 2, 3, -1, 0, 4] }, target: { ...labels, data: [1, -100] } };
    const call = { id: "a", profile: "torch@2.13", loss: CE, options: { weight }, inputs, grad: ["input"] };
    const request = readRequest(call);
    const [fused, graph] = [await exportRequest(request, { fused: true }), await exportRequest(request)];
    const [a, b] = [await outputsOf(fused, request), await outputsOf(graph, request)];
    expect(a["grad_input"]?.data).toEqual(b["grad_input"]?.data);
    // One row counts and its class weighs nothing, the other is ignored: 0 ⁄ 0, as in the framework.
    expect([a["loss"]?.data[0], b["loss"]?.data[0]]).toEqual([Number.NaN, Number.NaN]);
  });
});
