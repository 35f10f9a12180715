/** The example that trains in the page. */
import { train } from "@isoloss/example-webgpu-training";
import * as ort from "onnxruntime-web/webgpu";
import { expect, it } from "vitest";

it("training with tensors that never leave the GPU learns to tell the classes apart", async () => {
  const { losses, accuracy } = await train({ ort, steps: 60 });
  expect(losses[0]).toBeCloseTo(Math.log(4), 5); // no weights yet: every class is as likely
  expect(losses.at(-1)).toBeLessThan(0.15);
  expect(accuracy).toBeGreaterThan(0.97);
});
