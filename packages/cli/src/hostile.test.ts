/** Requests that nobody would write: each gets one answer, under its id, which is never an error of this program. */
import { PassThrough, Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEvaluator, serve } from "./index.ts";

const float = (shape: readonly number[]) => ({ dtype: "float32", shape, data: new Array(shape[0]).fill(0.5) });
const requests = [
  { loss: "MSELoss", profile: "torch@2.13", inputs: { input: float([2]), target: float([2]) } },
  {
    loss: "huber_loss",
    profile: "torch@2.13",
    inputs: { input: float([3]), target: float([1]) },
    options: { delta: 2 },
  },
  {
    loss: "CrossEntropyLoss",
    profile: "torch@1.7",
    inputs: { input: float([3]), target: float([3]) },
    options: { weight: float([3]), reduction: "sum", ignore_index: 1 },
  },
  {
    loss: "Huber",
    profile: "keras@3",
    inputs: { y_true: float([2]), y_pred: float([2]), sample_weight: float([2]), mask: float([2]) },
    options: { delta: 0.5, reduction: "none", dtype: "float64", name: "h" },
  },
  {
    loss: "CategoricalCrossentropy",
    profile: "tf@2.3",
    inputs: { y_true: float([2]), y_pred: float([2]) },
    options: { from_logits: true, label_smoothing: 0.1, reduction: "auto" },
  },
]
  .map((r) => ({ id: "own", backend: "reference", grad: Object.keys(r.inputs), upstream: float([1]), ...r }))
  .map((r) => JSON.stringify(r));

const nested = (depth: number, around: (x: unknown) => unknown): unknown => {
  let x: unknown = 1;
  for (let i = 0; i < depth; i++) x = around(x);
  return x;
};
/** As JSON, for changes go into what they have put there. */
const hostile = fc
  .oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      "",
      "NaN",
      "-Infinity",
      "__proto__",
      "constructor",
      "0x10",
      "\ud800",
      "\0",
      {},
      [],
    ),
    fc.constantFrom(0, -0, -1, 0.5, 2 ** 31, 2 ** 53, 1e300, -1e300, 5e-324),
    fc.constantFrom(
      "9".repeat(400),
      "x".repeat(70_000),
      new Array(5000).fill(1),
      [[1], [2]],
      [null],
      ["1"],
      [1e300, 0],
    ),
    fc.constantFrom(
      nested(3000, (x) => [x]),
      nested(3000, (x) => ({ a: x })),
    ),
    fc.constantFrom(
      "float64",
      "float16",
      "bfloat16",
      "int64",
      "int32",
      "uint8",
      "bool",
      "sum",
      "reference",
      "torch@2.0",
    ),
    fc.constantFrom(float([0]), float([2]), { ...float([2]), dtype: "int64", data: ["9223372036854775807", -1] }),
    fc.constantFrom({ dtype: "float32", shape: [2 ** 40, 0], data: [] }, { dtype: "bool", shape: [1], data: [true] }),
    fc.jsonValue(),
  )
  .map((x) => JSON.stringify(x));

type Json = Record<string, unknown>;
/** Puts a value in the place to which the numbers lead, or takes it away, or puts it beside under an odd name. */
function mutate(json: Json, path: readonly number[], value: unknown, kind: "set" | "delete" | "add"): void {
  const [first = 0, ...rest] = path;
  const keys = Object.keys(json);
  const key = keys[first % Math.max(1, keys.length)] ?? "x";
  const inner = json[key];
  if (rest.length && typeof inner === "object" && inner !== null) mutate(inner as Json, rest, value, kind);
  else if (kind === "delete") delete json[key];
  else Object.defineProperty(json, kind === "set" ? key : "__proto__", { value, enumerable: true, configurable: true });
}

/** The lines that `serve` writes. */
async function linesFor(text: string, heard: unknown[]): Promise<readonly string[]> {
  const output = new PassThrough({ highWaterMark: 1 << 30 });
  await serve(Readable.from([Buffer.from(text)]), output, createEvaluator({ onError: (e) => heard.push(e) }));
  output.end();
  let all = "";
  for await (const chunk of output) all += String(chunk);
  return all.split("\n").slice(0, -1);
}
const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

describe("a hostile stream", () => {
  const change = fc.tuple(fc.array(fc.nat(20), { maxLength: 4 }), hostile, fc.constantFrom("set", "delete", "add"));
  const request = fc.tuple(
    fc.constantFrom(...requests),
    fc.array(change as typeof change, { minLength: 1, maxLength: 3 }),
  );
  const line = fc.oneof(
    {
      weight: 6,
      arbitrary: request.map(([base, changes]) => {
        const json = JSON.parse(base) as Json;
        for (const [path, value, kind] of changes) mutate(json, path, JSON.parse(value), kind as "set");
        return JSON.stringify(json);
      }),
    },
    fc.string().map((s) => s.replaceAll("\n", "")),
    fc.constantFrom("", "\ufeff{}", "[".repeat(50_000), "NaN", '{"id":', "null"),
  );

  it("is answered line by line, in order, each under its id, and is never an error of the program", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 20 }), async (lines) => {
        const heard: unknown[] = [];
        const answers = (await linesFor(`${lines.join("\n")}\n`, heard)).map((l) => JSON.parse(l));
        expect(heard).toEqual([]);
        expect(answers).toHaveLength(lines.length);
        for (const [i, answer] of answers.entries()) {
          const id = (parsed(lines[i] as string) as { id?: unknown } | null | undefined)?.id;
          if (answer.id === null) expect(answer).toMatchObject({ line: i + 1, error: { code: "request" } });
          else expect(answer.id).toBe(id);
        }
      }),
      { numRuns: 150, seed: 20_261_123 },
    );
  }, 120_000);
});
