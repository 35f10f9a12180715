import { expect, test } from "vitest";
import { createEvaluator, readRequest } from "./index.ts";
import { parseWithIntegers } from "./integers.ts";

test("JSON with integers › an integer is a BigInt, everything else what JSON.parse makes of it", () => {
  const text = String.raw`{"a":1,"b":-12,"c":1.0,"d":1e3,"e":[2,2.5,"3","\"4"],"f":{"7":null,"g":true},"h":"1,2","i":"\\"}`;
  expect(parseWithIntegers(text)).toEqual({
    a: 1n,
    b: -12n,
    c: 1,
    d: 1000,
    e: [2n, 2.5, "3", '"4'],
    f: { 7: null, g: true },
    h: "1,2",
    i: "\\",
  });
});

test("eval › tells Python's 1 from 1.0 by the line, where the release does", async () => {
  const evaluator = createEvaluator({ backend: "reference" });
  const answer = (profile: string, delta: string) => {
    const tensor = '{"dtype":"float32","shape":[1],"data":[3]}';
    const line = `{"id":"a","profile":"${profile}","loss":"huber","options":{"delta":${delta}},"inputs":{"y_true":${tensor},"y_pred":${tensor}}}`;
    return evaluator.answer(readRequest(JSON.parse(line), line));
  };
  expect(await answer("keras@3.3", "1")).toMatchObject({ error: { code: "dtype" } });
  expect(await answer("keras@3.3", "[1]")).toMatchObject({ error: { code: "dtype" } });
  for (const delta of ["1.0", "1e0", "[1.0]"]) expect(await answer("keras@3.3", delta)).toHaveProperty("value");
  expect(await answer("keras@3.4", "1")).toHaveProperty("value");
});
