/** Proves that every package of the repository can be imported by its public name, from source or from its build. */
import { expect, test } from "vitest";

const names = [
  "@isoloss/core",
  "@isoloss/core/losses",
  "@isoloss/core/reference",
  "@isoloss/backend-cpu",
  "@isoloss/backend-onnx",
  "@isoloss/adapter-torch-style",
  "@isoloss/adapter-keras-style",
  "@isoloss/adapter-tfjs",
  "@isoloss/conformance",
  "@isoloss/parity",
];

test.each(names)("%s › can be imported", async (name) => {
  await expect(import(name)).resolves.toBeTypeOf("object");
});
