import { type Backend, type ErrorCode, isLossError } from "@isoloss/core";
import { createReferenceBackend } from "@isoloss/core/reference";
import { describe, expect, it } from "vitest";
import { BinaryCrossentropy, createKeras, createKerasWith, custom, mean_squared_error, profiles } from "./index.ts";
import * as entries from "./surface-entries.ts";

const backend = createReferenceBackend();
const { losses, valueAndGrad } = createKeras({ backend, profile: "keras@3.15" });
const old = createKeras({ backend, profile: "tf@2.3" }).losses;

function refusal(action: () => unknown): { code: ErrorCode; message: string } {
  try {
    action();
  } catch (e) {
    if (isLossError(e)) return { code: e.code, message: e.message };
    throw e;
  }
  throw new Error("it was not refused");
}

describe("an instance of a class", () => {
  const y = [
    [1, 0],
    [1, 1],
  ];
  const p = [
    [1, 1],
    [0, 1],
  ];
  it("is called, weighted and reduced", () => {
    const mse = new losses.MeanSquaredError();
    expect(mse(y, p).item()).toBe(0.5);
    expect(mse(y, p, { sample_weight: [1, 3] }).item()).toBe(1);
    expect(mse(y, p, [1, 3]).item()).toBe(1);
    expect(mse(y, p, { sampleWeight: [1, 3], mask: [false, true] }).item()).toBe(1.5);
    expect(new losses.MeanSquaredError({ reduction: "sum" })(y, p).item()).toBe(1);
  });
  it("gives the loss of each sample by call", () => {
    const mse = new losses.MeanSquaredError();
    expect(mse.call(y, p).tolist()).toEqual([0.5, 0.5]);
    mse.reduction = "sum";
    expect(mse.call(y, p).tolist()).toEqual([0.5, 0.5]);
    expect(mse(y, p).item()).toBe(1);
  });
  it("is of its class, and has its options as attributes", () => {
    const bce = new losses.BinaryCrossentropy({ fromLogits: true, label_smoothing: 0.1, name: "mine" });
    expect(bce).toBeInstanceOf(losses.BinaryCrossentropy);
    expect([bce.from_logits, bce.label_smoothing, bce.reduction, bce.name]).toEqual([
      true,
      0.1,
      "sum_over_batch_size",
      "mine",
    ]);
  });
  it("saturates where its release does", () => {
    expect(new losses.BinaryCrossentropy()([[1]], [[0]]).item()).toBeCloseTo(16.118095, 5);
    expect(new old.BinaryCrossentropy()([[1]], [[0]]).item()).toBeCloseTo(15.424949, 5);
  });
});

describe("a function", () => {
  it("gives the loss of each sample, under each of its names", () => {
    expect(losses.mean_squared_error([[1, 2]], [[3, 2]]).tolist()).toEqual([2]);
    expect(losses.MSE([[1, 2]], [[3, 2]]).tolist()).toEqual([2]);
    expect(losses.huber([[0]], [[3]], { delta: 2 }).tolist()).toEqual([4]);
  });
  it("takes class indices as JavaScript has them", () => {
    const p = [
      [0.5, 0.25, 0.25],
      [0.25, 0.25, 0.5],
    ];
    for (const labels of [[0, 2], Int32Array.of(0, 2), BigInt64Array.of(0n, 2n), Uint8Array.of(0, 2)])
      expect(losses.sparse_categorical_crossentropy(labels, p).tolist()).toEqual([
        expect.closeTo(Math.log(2), 6),
        expect.closeTo(Math.log(2), 6),
      ]);
  });
});

describe("a profile", () => {
  it("has what its release has, and refuses the rest", () => {
    expect(refusal(() => losses.huber_loss)).toMatchObject({ code: "unknown-loss" });
    expect(Object.keys(losses)).not.toContain("logcosh");
    expect(Object.keys(losses)).toContain("log_cosh");
    expect(Object.keys(old)).toContain("logcosh");
    expect(refusal(() => new old.BinaryCrossentropy({ axis: 1 }))).toMatchObject({
      code: "option",
      message: expect.stringMatching(/'axis'.*2\.6/),
    });
    expect(refusal(() => new losses.MeanSquaredError({ reduction: "auto" }))).toMatchObject({ code: "option" });
  });
  it("must be known", () => {
    expect(refusal(() => createKeras({ backend, profile: "keras@4.0" }))).toMatchObject({ code: "request" });
  });
});

describe("valueAndGrad", () => {
  it("differentiates the predictions", () => {
    const { value, grads } = valueAndGrad(new losses.MeanSquaredError())([[1, 1]], [[2, 4]], { sample_weight: [2] });
    expect([value.item(), grads.y_pred.tolist()]).toEqual([10, [[2, 6]]]);
  });
  it("differentiates what it is told, into the arrays that it is given", () => {
    const y_true = new Float32Array(2);
    const run = valueAndGrad(losses.mean_squared_error, { out: { y_true } });
    expect(run([[1, 1]], [[2, 4]]).grads.y_true.data).toBe(y_true);
    expect([...y_true]).toEqual([-1, -3]);
    const weighted = valueAndGrad(new losses.MeanSquaredError(), { wrt: ["sample_weight"] });
    expect(weighted([[1, 1]], [[2, 4]], { sample_weight: [2] }).grads.sample_weight.tolist()).toEqual([5]);
  });
});

describe("the typed options", () => {
  it.each(Object.values(entries))("of $name are those of its record, over all releases", (entry) => {
    const known = new Set<string>();
    for (const profile of profiles) {
      try {
        const { contract, as } = entry.in(profile);
        for (const [name, p] of Object.entries(contract.options)) if (p && (p.only ?? as) === as) known.add(name);
      } catch (e) {
        expect(isLossError(e) && e.code).toBe("unknown-loss");
      }
    }
    const { entry: record, as } = entry.in(profiles.find((profile) => has(entry, profile)) as string);
    const own = optionNames[record as keyof typeof optionNames] ?? [];
    const all = as === "class" ? [...own, "reduction", "name", "dtype"] : own;
    expect([...known].sort()).toEqual([...all].sort());
  });
  const has = (entry: { in(profile: string): unknown }, profile: string): boolean => {
    try {
      entry.in(profile);
      return true;
    } catch {
      return false;
    }
  };
  /** What the types of this package promise, by record. */
  const optionNames = {
    BinaryCrossentropy: ["from_logits", "label_smoothing", "axis"],
    CategoricalCrossentropy: ["from_logits", "label_smoothing", "axis"],
    SparseCategoricalCrossentropy: ["from_logits", "ignore_class", "axis"],
    CosineSimilarity: ["axis"],
    Huber: ["delta"],
  } as const satisfies {
    [K in keyof typeof entries]?: readonly (keyof NonNullable<(typeof entries)[K]["types"]>["options"])[];
  };
});

describe("losses as names and as data", () => {
  it("are got by the strings of the release, made where they are classes", () => {
    expect(losses.get("mse")).toBe(losses.mean_squared_error);
    expect(losses.get("Huber")).toBeInstanceOf(losses.Huber);
    expect(losses.get("mse")([[1]], [[3]])).toMatchObject({ shape: [1] });
    expect(losses.get(null)).toBeNull();
    const own = new losses.Huber({ delta: 2 });
    expect(losses.get(own)).toBe(own);
    expect(refusal(() => losses.get("logcosh"))).toMatchObject({ code: "unknown-loss" });
    expect(old.get("logcosh")).toBe(old.log_cosh);
  });
  it("are saved and found again, with what the release saves", () => {
    const bce = new losses.BinaryCrossentropy({ from_logits: true, label_smoothing: 0.1 });
    const saved = JSON.parse(JSON.stringify(losses.serialize(bce)));
    expect(saved).toMatchObject({ class_name: "BinaryCrossentropy", config: { from_logits: true } });
    const again = losses.deserialize(saved) as typeof bce;
    expect(again.get_config()).toEqual(bce.get_config());
    expect(again([[1]], [[0.5]])).toEqual(bce([[1]], [[0.5]]));
    expect(losses.deserialize(losses.serialize(losses.MSE))).toBe(losses.mean_squared_error);
    expect(new losses.Huber().name).toBe("huber_loss");
    expect(old.serialize(old.mse)).toBe("mean_squared_error");
  });
  it("have names of reductions before Keras 3", () => {
    expect(old.Reduction?.SUM).toBe("sum");
    expect(losses.Reduction).toBeUndefined();
  });
});

describe("createKerasWith", () => {
  it("has the entries that it is given", () => {
    const own = createKerasWith({ backend, profile: "keras@3.15" }, { BinaryCrossentropy, mean_squared_error });
    expect(Object.keys(own.losses)).toEqual(["BinaryCrossentropy", "mean_squared_error"]);
    expect(own.mean_squared_error).toBe(own.losses.mean_squared_error);
    expect(new own.BinaryCrossentropy()([[1]], [[1]]).item()).toBeLessThan(1e-6);
  });
  it("has custom where it is named, and not among the losses", () => {
    expect(createKerasWith({ backend, profile: "keras@3.15" }, { mean_squared_error })).not.toHaveProperty("custom");
    const own = createKerasWith({ backend, profile: "keras@3.15" }, { custom, mean_squared_error });
    expect(Object.keys(own.losses)).toEqual(["mean_squared_error"]);
    expect(own.custom).toBeTypeOf("function");
  });
});

describe("bad input", () => {
  const sparse = losses.sparse_categorical_crossentropy;
  const p = [
    [0.5, 0.5],
    [0.5, 0.5],
  ];
  it.each<[string, () => unknown, ErrorCode, RegExp]>([
    ["mismatched shapes", () => losses.mean_squared_error([[1, 2]], [[1, 2, 3]]), "shape", /2.*3/],
    ["a label out of range", () => sparse([0, 2], p), "index-out-of-range", /y_true.*2.*\[0, 2\)/],
    ["a negative label", () => sparse([0, -1], p), "index-out-of-range", /y_true.*-1/],
    ["a label that is no whole number", () => sparse([0, 0.5], p), "dtype", /y_true.*0\.5/],
    ["an unknown reduction", () => new losses.Hinge({ reduction: "avg" as "sum" }), "option", /avg/],
    ["an unknown option", () => new losses.Huber({ detla: 1 } as object), "option", /'detla'.*'delta'/],
    ["an option of another class", () => new losses.Hinge({ delta: 1 } as object), "option", /'delta'/],
    ["a missing input", () => (sparse as unknown as (y: unknown) => unknown)([0]), "missing", /'y_pred'/],
    ["data that does not fill its shape", () => sparse([0], { data: [1, 2, 3], shape: [2, 2] }), "shape", /4.*3/],
    [
      "an unsupported dtype",
      () => sparse([0], { data: [1, 2], shape: [1, 2], dtype: "complex64" }),
      "dtype",
      /complex/,
    ],
    ["weights that do not fit", () => new losses.MeanSquaredError()(p, p, [1, 2, 3]), "shape", /2.*3/],
  ])("%s is refused before anything is computed", (_, action, code, message) => {
    expect(refusal(action)).toEqual({ code, message: expect.stringMatching(message) });
  });
});

describe("with a backend that makes promises", () => {
  const asynchronous: Backend<"async"> = {
    ...backend,
    mode: "async",
    compile: async (program) => {
      const kernel = backend.compile(program);
      return { run: async (...args) => kernel.run(...args), dispose: () => kernel.dispose() };
    },
  };
  const own = createKeras({ backend: asynchronous, profile: "keras@3.15" });
  it("the same calls make promises, and refusals are rejections", async () => {
    const mse = new own.losses.MeanSquaredError();
    await mse.prepare([[1]], [[3]]);
    expect((await mse([[1]], [[3]])).item()).toBe(4);
    expect((await mse.call([[1]], [[3]])).tolist()).toEqual([4]);
    expect((await own.valueAndGrad(mse)([[1]], [[3]])).grads.y_pred.tolist()).toEqual([[4]]);
    await expect(mse([[1, 2]], [[1, 2, 3]])).rejects.toMatchObject({ code: "shape" });
    await expect(mse([[1], [1, 2]], [[1]])).rejects.toMatchObject({ code: "shape" });
  });
});
