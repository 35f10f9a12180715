/** What TensorFlow 2.3.4, tf_keras 2.21 and Keras 3.15.1 print of their losses. */
import { type Options, readOptions } from "@isoloss/core";
import { describe, expect, it } from "vitest";
import type { EntryName } from "./names.ts";
import { findEntry } from "./profiles.ts";
import { configOf, deserialize, get, instanceName, reductionsOf, serialize } from "./serialization.ts";

const config = (profile: string, name: EntryName, given: Readonly<Record<string, unknown>> = {}) => {
  const { contract } = findEntry(profile, name);
  return configOf(profile, name, readOptions(contract, given, "class") as Options);
};

describe("get_config", () => {
  it("begins with the reduction in TensorFlow 2.3, keeps delta and axis, and names no function", () => {
    const bce = config("tf@2.3", "BinaryCrossentropy", { label_smoothing: 0.1 });
    expect(Object.entries(bce)).toEqual([
      ["reduction", "auto"],
      ["name", "binary_crossentropy"],
      ["from_logits", false],
      ["label_smoothing", 0.1],
    ]);
    expect(config("tf@2.3", "Huber", { delta: 2.5, name: "mine" })).toEqual({
      reduction: "auto",
      name: "mine",
      delta: 2.5,
    });
    expect(config("tf@2.3", "MeanSquaredError", { name: null })).toEqual({ reduction: "auto", name: null });
    expect(config("tf@2.3", "SparseCategoricalCrossentropy")).not.toHaveProperty("axis");
  });
  it("names the function in tf_keras", () => {
    expect(config("keras@2.21", "CosineSimilarity")).toEqual({
      reduction: "auto",
      name: "cosine_similarity",
      axis: -1,
      fn: "cosine_similarity",
    });
  });
  it("begins with the name in Keras 3, and forgets delta, axis and dtype", () => {
    expect(Object.entries(config("keras@3.15", "Huber", { delta: 2.5, dtype: "float16" }))).toEqual([
      ["name", "huber_loss"],
      ["reduction", "sum_over_batch_size"],
    ]);
    expect(config("keras@3.15", "SparseCategoricalCrossentropy")).toEqual({
      name: "sparse_categorical_crossentropy",
      reduction: "sum_over_batch_size",
      from_logits: false,
      ignore_class: null,
    });
    expect(instanceName("keras@3.15", "MeanSquaredError", { name: null })).toBe("mean_squared_error");
  });
});

describe("serialize", () => {
  it("gives a class and its config, and a function's name, in the words of the release", () => {
    const saved = config("tf@2.3", "MeanSquaredError");
    expect(serialize("tf@2.3", "MeanSquaredError", saved)).toEqual({ class_name: "MeanSquaredError", config: saved });
    expect(serialize("tf@2.3", "logcosh")).toBe("log_cosh");
    expect(serialize("keras@3.15", "MeanSquaredError", saved)).toEqual({
      module: "keras.losses",
      class_name: "MeanSquaredError",
      config: saved,
      registered_name: null,
    });
    expect(serialize("keras@3.15", "kld")).toEqual({
      module: "builtins",
      class_name: "function",
      config: "kl_divergence",
      registered_name: "function",
    });
  });
  it.each(["tf@2.3", "keras@2.21", "keras@3.15"])("is undone by deserialize in %s", (profile) => {
    const { contract } = findEntry(profile, "BinaryCrossentropy");
    const options = readOptions(contract, { from_logits: true, label_smoothing: 0.1 }, "class");
    const saved = configOf(profile, "BinaryCrossentropy", options);
    const found = deserialize(profile, serialize(profile, "BinaryCrossentropy", saved));
    expect(found).toMatchObject({ name: "BinaryCrossentropy", as: "class" });
    expect(readOptions(contract, found.options, "class")).toMatchObject({ from_logits: true, label_smoothing: 0.1 });
    expect(deserialize(profile, serialize(profile, "mean_squared_error"))).toEqual({
      name: "mean_squared_error",
      as: "function",
      options: {},
    });
  });
});

describe("get", () => {
  it("takes None, the names and aliases of the release, and configs", () => {
    expect(get("tf@2.3", null)).toBeNull();
    expect(get("tf@2.3", "huber_loss")).toEqual({ name: "huber", as: "function", options: {} });
    expect(get("keras@3.15", "MSE")).toEqual({ name: "mean_squared_error", as: "function", options: {} });
    expect(get("keras@3.15", "Huber")).toEqual({ name: "Huber", as: "class", options: {} });
    expect(get("tf@2.3", { class_name: "Huber", config: { delta: 2 } })?.options).toEqual({ delta: 2 });
    expect(get("keras@3.15", { class_name: "mean_squared_error", config: {} })?.as).toBe("function");
  });
  it("refuses what the release does not know, as it does", () => {
    expect(() => get("tf@2.3", "typo")).toThrow("Unknown loss function: typo");
    expect(() => get("tf@2.3", 1)).toThrow("Could not interpret loss function identifier: 1");
    expect(() => get("tf@2.3", {})).toThrow("Improper config format: {}");
    expect(() => get("tf@2.3", { class_name: "Huber" })).toThrow("Improper config format");
    expect(() => get("keras@3.15", "huber_loss")).toThrow("Could not interpret loss identifier: huber_loss");
    expect(() => deserialize("keras@3.15", "bce")).toThrow("bce");
    expect(deserialize("tf@2.3", "bce").name).toBe("binary_crossentropy");
  });
});

it("Reduction left with Keras 3", () => {
  expect(reductionsOf("tf@2.3")?.["SUM_OVER_BATCH_SIZE"]).toBe("sum_over_batch_size");
  expect(reductionsOf("keras@2.21")).toBeDefined();
  expect(reductionsOf("keras@3.0")).toBeUndefined();
});
