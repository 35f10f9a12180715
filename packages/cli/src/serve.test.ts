import { PassThrough, Readable } from "node:stream";
import { expect, test } from "vitest";
import { createEvaluator, type Evaluator, serve } from "./index.ts";
import { lineBunches } from "./lines.ts";

/** What `serve` writes for these chunks of input, parsed, and whether every line was a request. */
async function talk(chunks: readonly string[], evaluator: Evaluator = createEvaluator({ backend: "reference" })) {
  const output = new PassThrough({ highWaterMark: 1 << 30 });
  const good = await serve(Readable.from(chunks.map((c) => Buffer.from(c))), output, evaluator);
  output.end();
  let text = "";
  for await (const chunk of output) text += String(chunk);
  const lines = text.split("\n").filter((l) => l !== "");
  return { good, text, answers: lines.map((l) => JSON.parse(l) as Record<string, unknown>) };
}
const error = (answer: unknown) => (answer as { error?: { code: string; message: string } }).error;

test("serve › a line that is no JSON or no request is answered with its number, and the next one is read", async () => {
  const lines = [
    "{",
    "[]",
    '{"id":1,"loss":"MSELoss"}',
    '{"id":"a"}',
    "",
    '{"id":"b","loss":"MSELoss","grad":"input"}',
  ];
  const { good, answers } = await talk([`${lines.join("\n")}\n{"id":"c","loss":"MSELoss"}`]);
  expect(good).toBe(false);
  expect(answers.slice(0, 6).map((a) => [a["id"], a["line"], error(a)?.code])).toEqual(
    lines.map((_, i) => [null, i + 1, "request"]),
  );
  expect(answers[6]).toMatchObject({
    id: "c",
    error: { code: "request", message: expect.stringContaining("--profile") },
  });
});

test("serve › a profile or a backend that is not known is a request that is answered", async () => {
  const wide = '{"dtype":"float64","shape":[],"data":[1]}'; // with a GPU or without one
  const { good, answers } = await talk([
    '{"id":"a","profile":"jax@1","loss":"mse"}\n',
    '{"id":"b","profile":"torch@2.13","loss":"MSELoss","backend":"gpu"}\n',
    `{"id":"c","profile":"torch@2.13","loss":"MSELoss","backend":"onnx:webgpu","inputs":{"input":${wide},"target":${wide}}}\n`,
  ]);
  expect(good).toBe(true);
  expect(answers.map((a) => [a["id"], error(a)?.code])).toEqual([
    ["a", "request"],
    ["b", "request"],
    ["c", "unsupported"],
  ]);
});

test("serve › answers come in order, whatever a request takes, and lines may be cut anywhere", async () => {
  const evaluator: Evaluator = {
    answer: ({ id }) => {
      const answer = { id, error: { code: "value", message: "ü" } } as const;
      return id === "0" ? new Promise((resolve) => setTimeout(() => resolve(answer), 20)) : answer;
    },
  };
  const text = Array.from({ length: 9 }, (_, i) => `{"id":"${i}","loss":"ü"}\r\n`).join("");
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) => bytes.subarray(i * 7, i * 7 + 7));
  const output = new PassThrough();
  const read = (async () => {
    let all = "";
    for await (const chunk of output) all += String(chunk);
    return all;
  })();
  expect(await serve(Readable.from(chunks), output, evaluator)).toBe(true);
  output.end();
  expect(
    (await read)
      .trim()
      .split("\n")
      .map((l) => JSON.parse(l).id),
  ).toEqual([..."012345678"]);
});

test("serve › a request is answered before the next is needed", async () => {
  const input = new PassThrough();
  const output = new PassThrough();
  const done = serve(input, output, createEvaluator());
  for (const id of ["a", "b"]) {
    input.write(`{"id":"${id}","loss":"MSELoss"}\n`);
    const [chunk] = await new Promise<[Buffer]>((resolve) => output.once("data", (c: Buffer) => resolve([c])));
    expect(JSON.parse(String(chunk)).id).toBe(id);
  }
  input.end();
  expect(await done).toBe(true);
});

test("serve › input is not read while nobody reads the answers", async () => {
  let asked = 0;
  const endless = Readable.from(
    (function* () {
      for (; asked < 5000; asked++) yield Buffer.from(`{"id":"${"x".repeat(1000)}","loss":"a"}\n`);
    })(),
    { highWaterMark: 1 },
  );
  const output = new PassThrough({ highWaterMark: 1000 });
  const done = serve(endless, output, createEvaluator());
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(asked).toBeLessThan(10);
  output.resume();
  expect(await done).toBe(true);
  expect(asked).toBe(5000);
});

test("serve › an error of the program itself is an answer, and is told to who listens", async () => {
  const heard: unknown[] = [];
  const evaluator = createEvaluator({ backend: "reference", onError: (e) => heard.push(e) });
  const request = {
    id: "a",
    loss: "MSELoss",
    profile: "torch@2.13",
    options: {},
    inputs: {},
    grad: [],
    backend: undefined,
  };
  const broken = { ...request, upstream: undefined, inputs: null } as never;
  const answer = await evaluator.answer(broken);
  expect(error(answer)?.code).toBe("unsupported");
  expect(heard).toHaveLength(1);
});

test("serve › a line too long to be held is read past, an answer too long to be written is refused", async () => {
  const bunches: unknown[] = [];
  const chunks = ["ab\nabc", "def\nab", "c\n", "a", "bcd", "e"].map((c) => Buffer.from(c));
  for await (const bunch of lineBunches(Readable.from(chunks), 4)) bunches.push(...bunch);
  expect(bunches).toEqual(["ab", undefined, "abc", undefined]);

  const data = Object.defineProperty(new Float32Array(1), "length", { value: 2 ** 32 }); // more than an array holds
  const value = { dtype: "float32", shape: [], data } as const;
  const evaluator: Evaluator = { answer: ({ id }) => ({ id, value, grads: {} }) };
  const { good, answers } = await talk(['{"id":"a","loss":"x"}\n{"id":"b","loss":"x"}\n'], evaluator);
  expect(good).toBe(true);
  expect(answers.map((a) => [a["id"], error(a)?.code])).toEqual([
    ["a", "unsupported"],
    ["b", "unsupported"],
  ]);
});
