import { input, program, sum, trunc } from "@isoloss/core";
import { describe, expect, it } from "vitest";
import { createCpuBackend } from "./index.ts";
import { cosine, logistic, softmax, squaredError } from "./losses.test.support.ts";

const backend = createCpuBackend();
const loops = (text: string): string => text.split("\n\n(module")[0] as string;

describe("inspect", () => {
  it("shows the loops of a few losses", () => {
    expect(loops(backend.inspect(squaredError()))).toMatchSnapshot("squared error");
    expect(loops(backend.inspect(logistic()))).toMatchSnapshot("logistic");
    expect(loops(backend.inspect(softmax(["0", "C"])))).toMatchSnapshot("softmax");
    expect(loops(backend.inspect(softmax(["0", "C"], "float64", true)))).toMatchSnapshot("softmax, weighted, float64");
    expect(loops(backend.inspect(cosine()))).toMatchSnapshot("cosine");
  });
  it("shows the WebAssembly", () => {
    expect(backend.inspect(squaredError())).toMatchSnapshot();
  });
  it("says why the JavaScript engine runs a program", () => {
    const halves = program([sum(trunc(input("x", ["0"], "float16")), "0")]);
    expect(backend.inspect(halves)).toMatch(/^JavaScript engine: .*float16/);
    expect(backend.compile(halves)).toMatchObject({ engine: "js", engineReason: expect.stringMatching(/float16/) });
  });
  it("knows its engine and why it has it", () => {
    expect(createCpuBackend()).toMatchObject({ name: "cpu", engine: "wasm", engineReason: "the default" });
    expect(createCpuBackend({ engine: "js" })).toMatchObject({
      name: "cpu:js",
      engine: "js",
      engineReason: "asked for",
    });
  });
});
