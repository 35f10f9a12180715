/** The `/webgpu` bundle of onnxruntime-web, whose CPU kernels are fewer. */
import { createOnnxBackend } from "@isoloss/backend-onnx";
import { exp, input, mean, program, square, sub } from "@isoloss/core";
import * as ort from "onnxruntime-web/webgpu";
import { afterAll, describe, expect, it } from "vitest";

const backend = createOnnxBackend({ ort, executionProviders: ["wasm"] });
afterAll(() => backend.dispose());

describe("onnx:wasm in the /webgpu bundle", () => {
  it("computes in float32", async () => {
    const [x, y] = [input("x", ["0"], "float32"), input("y", ["0"], "float32")];
    const kernel = await backend.compile(program([mean(square(sub(x, y)), "0")]));
    const feeds = [Float32Array.of(1, 2, 3), Float32Array.of(1, 0, 0)];
    expect((await kernel.run(feeds, [3], new Float64Array(0)))[0]).toEqual(Float32Array.of(13 / 3));
  });
  it("refuses float64 and bfloat16, which have no kernels there", async () => {
    for (const dtype of ["float64", "bfloat16"] as const)
      await expect(backend.compile(program([exp(input("x", ["0"], dtype))]))).rejects.toMatchObject({
        code: "unsupported",
      });
    expect([...backend.dtypes]).toEqual(["float32", "float16"]);
  });
});
