import { type Backend, type ErrorCode, isLossError } from "@isoloss/core";
import { createReferenceBackend } from "@isoloss/core/reference";
import { describe, expect, it } from "vitest";
import {
  CrossEntropyLoss,
  combine as combineEntry,
  createTorch,
  createTorchWith,
  mse_loss,
  profiles,
} from "./index.ts";
import * as entries from "./surface-entries.ts";

const backend = createReferenceBackend();
const torch = createTorch({ backend, profile: "torch@2.13" });
const { nn, F, tensor, valueAndGrad, combine } = torch;
const old = createTorch({ backend, profile: "torch@1.7" });

const logits = [
  [1, 2, 3],
  [1, 0, -1],
];
const smooth = 1.4076059;

/** The reference as a backend that answers with promises. */
const asynchronous = (): Backend<"async"> => ({
  ...backend,
  mode: "async",
  compile: async (program) => {
    const kernel = backend.compile(program);
    return { run: async (...args) => kernel.run(...args), dispose: () => kernel.dispose() };
  },
});

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
  it("is called, or forwarded", () => {
    const criterion = new nn.CrossEntropyLoss();
    expect(criterion(logits, [0, 0]).item()).toBeCloseTo((2.4076059 + 0.4076059) / 2, 6);
    expect(criterion.forward(logits, [0, 0]).item()).toBe(criterion(logits, [0, 0]).item());
    expect(smooth).toBeCloseTo(criterion(logits, [0, 0]).item(), 6);
  });
  it("is of its class, and has its options as attributes, which may be set", () => {
    const criterion = new nn.CrossEntropyLoss({ labelSmoothing: 0.1 });
    expect(criterion).toBeInstanceOf(nn.CrossEntropyLoss);
    expect([criterion.label_smoothing, criterion.ignore_index, criterion.reduction]).toEqual([0.1, -100, "mean"]);
    criterion.label_smoothing = 0;
    expect(criterion(logits, [0, 0]).item()).toBeCloseTo(smooth, 6);
    expect(() => {
      criterion.ignore_index = 0.5;
    }).toThrow(/ignore_index/);
    expect(nn.CrossEntropyLoss.name).toBe("CrossEntropyLoss");
  });
  it("takes named arguments in either spelling, and camelCase options", () => {
    const criterion = new nn.CrossEntropyLoss({ ignoreIndex: 1, reduction: "sum" });
    expect(criterion(logits, [0, 1]).item()).toBeCloseTo(2.4076059, 6);
  });
  it("takes one object of options, and says so", () => {
    const Loose = nn.HingeEmbeddingLoss as unknown as new (margin: number) => unknown;
    expect(refusal(() => new Loose(1)).message).toMatch(/options go by name.*margin/);
  });
});

describe("a function", () => {
  it("takes options behind its tensors", () => {
    expect(F.mse_loss([1, 2], [0, 0]).item()).toBe(2.5);
    expect(F.mse_loss([1, 2], [0, 0], { reduction: "none" }).tolist()).toEqual([1, 4]);
    expect(F.mse_loss([1, 2], [0, 0], { weight: [1, 0] }).item()).toBe(1);
    expect(F.cross_entropy(logits, [0, 0], { ignore_index: 0 }).item()).toBeNaN();
  });
  it("is the class without its instance", () => {
    expect(F.smooth_l1_loss([1, 2], [0, 0], { beta: 2 }).item()).toBe(
      new nn.SmoothL1Loss({ beta: 2 })([1, 2], [0, 0]).item(),
    );
  });
});

describe("a profile", () => {
  it("has what its release has, and refuses the rest with the release that brought it", () => {
    expect(refusal(() => old.nn.HuberLoss)).toMatchObject({
      code: "unknown-loss",
      message: expect.stringMatching(/1\.9/),
    });
    expect(Object.keys(old.nn)).not.toContain("HuberLoss");
    expect(Object.keys(nn)).toContain("HuberLoss");
    expect(refusal(() => new old.nn.CrossEntropyLoss({ label_smoothing: 0.1 }))).toMatchObject({
      code: "option",
      message: expect.stringMatching(/'label_smoothing'.*1\.10/),
    });
    expect(new old.nn.CrossEntropyLoss()(logits, [-100, -100]).item()).toBe(0);
    expect(new nn.CrossEntropyLoss()(logits, [-100, -100]).item()).toBeNaN();
  });
  it("must be known", () => {
    expect(refusal(() => createTorch({ backend, profile: "torch@1.6" }))).toMatchObject({ code: "request" });
  });
  it("hears its warnings, each once an instance", () => {
    const told: string[] = [];
    const own = createTorch({ backend, profile: "torch@2.13", onWarning: (text) => told.push(text) });
    const criterion = new own.nn.MSELoss({ reduction: "elementwise_mean" });
    for (let i = 0; i < 3; i++) criterion([1], [0]);
    expect(told).toEqual([expect.stringMatching(/elementwise_mean.*deprecated/)]);
  });
});

describe("the typed options", () => {
  /** What the types of this package promise, by entry; the records must have the same. */
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
    expect([...known].sort()).toEqual([...optionNames[entry.name as keyof typeof optionNames]].sort());
  });
  const legacy = ["size_average", "reduce", "reduction"] as const;
  const optionNames = {
    BCELoss: [...legacy, "weight"],
    binary_cross_entropy: [...legacy, "weight"],
    BCEWithLogitsLoss: [...legacy, "weight", "pos_weight"],
    binary_cross_entropy_with_logits: [...legacy, "weight", "pos_weight"],
    CrossEntropyLoss: [...legacy, "weight", "ignore_index", "label_smoothing"],
    cross_entropy: [...legacy, "weight", "ignore_index", "label_smoothing"],
    NLLLoss: [...legacy, "weight", "ignore_index"],
    nll_loss: [...legacy, "weight", "ignore_index"],
    KLDivLoss: [...legacy, "log_target"],
    kl_div: [...legacy, "log_target"],
    L1Loss: legacy,
    l1_loss: [...legacy, "weight"],
    MSELoss: legacy,
    mse_loss: [...legacy, "weight"],
    SmoothL1Loss: [...legacy, "beta"],
    smooth_l1_loss: [...legacy, "beta"],
    HuberLoss: ["reduction", "delta"],
    huber_loss: ["reduction", "delta", "weight"],
    HingeEmbeddingLoss: [...legacy, "margin"],
    hinge_embedding_loss: [...legacy, "margin"],
    CosineEmbeddingLoss: [...legacy, "margin"],
    cosine_embedding_loss: [...legacy, "margin"],
  } as const satisfies {
    [K in keyof typeof entries]: readonly (keyof NonNullable<(typeof entries)[K]["types"]>["options"])[];
  };
});

describe("valueAndGrad", () => {
  it("differentiates the inputs, not the target", () => {
    const { value, grads } = valueAndGrad(new nn.MSELoss())([3, 5], [1, 1]);
    expect([value.item(), grads.input.tolist()]).toEqual([10, [2, 4]]);
    const cosine = valueAndGrad(new nn.CosineEmbeddingLoss())([[1, 0]], [[0, 1]], [1]);
    expect(Object.keys(cosine.grads)).toEqual(["input1", "input2"]);
  });
  it("differentiates what it is told, writes where it is told, and scales", () => {
    const target = new Float32Array(2);
    const run = valueAndGrad(F.mse_loss, { out: { target }, upstream: 3 });
    expect(run([3, 5], [1, 1]).grads.target.data).toBe(target);
    expect([...target]).toEqual([-6, -12]);
    expect(
      valueAndGrad(F.mse_loss, { wrt: ["input"] })([3, 5], [1, 1], { reduction: "sum" }).grads.input.tolist(),
    ).toEqual([4, 8]);
  });
});

describe("combine", () => {
  const total = combine({ ce: 1, mse: 0.5 });
  it("adds losses by their weights, with one backward", () => {
    const x = tensor(logits, { requires_grad: true });
    const ce = F.cross_entropy(x, [0, 0]);
    const mse = F.mse_loss(x, [
      [0, 0, 0],
      [0, 0, 0],
    ]);
    const loss = total({ ce, mse });
    expect(loss.item()).toBeCloseTo(smooth + 0.5 * (16 / 6), 6);
    loss.backward();
    const alone = tensor(logits, { requires_grad: true });
    F.cross_entropy(alone, [0, 0]).backward();
    F.mse_loss(alone, [
      [0, 0, 0],
      [0, 0, 0],
    ]).backward(0.5);
    const [together, separate] = [x.grad?.tolist(), alone.grad?.tolist()].map((g) => [g].flat(3) as number[]);
    const apart = together?.map((g, i) => Math.abs(g - (separate?.[i] as number))) ?? [];
    expect([apart.length, Math.max(...apart) < 1e-7]).toEqual([6, true]);
  });
  it("names its weights, and refuses a loss that it does not know or lacks", () => {
    expect(total.weights).toEqual({ ce: 1, mse: 0.5 });
    expect(refusal(() => (total as (l: object) => unknown)({ ce: 1 }))).toMatchObject({ code: "missing" });
    expect(refusal(() => (total as (l: object) => unknown)({ ce: 1, mse: 1, kl: 1 }))).toMatchObject({
      code: "option",
    });
    expect(refusal(() => combine({})).code).toBe("option");
  });
});

describe("createTorchWith", () => {
  it("has the entries that it is given, by their names and in nn and F", () => {
    const own = createTorchWith({ backend, profile: "torch@2.13" }, { CrossEntropyLoss, mse_loss });
    expect(Object.keys(own.nn)).toEqual(["CrossEntropyLoss"]);
    expect(own.F.mse_loss).toBe(own.mse_loss);
    expect(new own.CrossEntropyLoss()(logits, [0, 0]).item()).toBeCloseTo(smooth, 6);
  });
  it("has combine and custom where they are named", () => {
    const none = createTorchWith({ backend, profile: "torch@2.13" }, { mse_loss });
    expect(none).not.toHaveProperty("combine");
    const own = createTorchWith({ backend, profile: "torch@2.13" }, { mse_loss, combine: combineEntry });
    expect(own).not.toHaveProperty("custom");
    expect(
      own
        .combine({ a: 2 })({ a: own.mse_loss([1], [3]) })
        .item(),
    ).toBe(8);
  });
});

describe("bad input", () => {
  const ce = new nn.CrossEntropyLoss();
  it.each<[string, () => unknown, ErrorCode, RegExp]>([
    ["mismatched shapes", () => F.mse_loss([1, 2], [1, 2, 3]), "shape", /2.*3/],
    ["a label out of range", () => ce(logits, [0, 3]), "index-out-of-range", /target.*3.*\[0, 3\)/],
    ["a negative label", () => ce(logits, [0, -1]), "index-out-of-range", /target.*-1/],
    ["a label that is no whole number", () => ce(logits, [0, 0.5]), "dtype", /target.*0\.5/],
    ["an unknown reduction", () => F.mse_loss([1], [1], { reduction: "avg" as "mean" }), "option", /avg/],
    ["an unknown option", () => new nn.MSELoss({ reductoin: "sum" } as object), "option", /'reductoin'.*'reduction'/],
    ["a missing input", () => (ce as unknown as (x: unknown) => unknown)(logits), "missing", /'target'/],
    ["data that does not fill its shape", () => ce({ data: [1, 2, 3], shape: [2, 2] }, [0, 0]), "shape", /4.*3/],
    ["an unsupported dtype", () => ce({ data: [1, 2], shape: [1, 2], dtype: "complex64" }, [0]), "dtype", /complex64/],
    ["declared int32 labels", () => ce(logits, { data: [0, 0], dtype: "int32" }), "dtype", /Int/],
    ["ragged rows", () => ce([[1, 2], [1]], [0, 0]), "shape", /equal length/],
    ["no tensor at all", () => ce("logits" as unknown as number[], [0, 0]), "dtype", /input.*string/],
  ])("%s is refused before anything is computed", (_, action, code, message) => {
    expect(refusal(action)).toEqual({ code, message: expect.stringMatching(message) });
  });
});

describe("with a backend that makes promises", () => {
  const own = createTorch({ backend: asynchronous(), profile: "torch@2.13" });
  it("the same calls make promises", async () => {
    const x = own.tensor(logits, { requires_grad: true });
    const criterion = new own.nn.CrossEntropyLoss();
    await criterion.prepare(x, [0, 0]);
    const loss = await criterion(x, [0, 0]);
    await loss.backward();
    expect(loss.item()).toBeCloseTo(smooth, 6);
    expect(x.grad?.shape).toEqual([2, 3]);
    const { grads } = await own.valueAndGrad(criterion)(x, [0, 0]);
    expect(grads.input.tolist()).toEqual(x.grad?.tolist());
    const total = await own.combine({ a: 2 })({ a: loss });
    expect(total.item()).toBeCloseTo(2 * smooth, 6);
  });
  it("refusals are rejections", async () => {
    await expect(own.F.mse_loss([1, 2], [1, 2, 3])).rejects.toMatchObject({ code: "shape" });
    await expect(own.F.mse_loss([[1], [1, 2]], [1])).rejects.toMatchObject({ code: "shape" });
    const x = own.tensor([1], { requires_grad: true });
    const loose = own.F.mse_loss as (...args: unknown[]) => Promise<unknown>;
    await expect(loose(x, [1], [1])).rejects.toMatchObject({ code: "option" });
  });
});

describe("a disposed set of losses", () => {
  it("frees its kernels, not the backend", () => {
    let disposed = 0;
    const counting = {
      ...backend,
      compile: (program: Parameters<typeof backend.compile>[0]) => {
        const kernel = backend.compile(program);
        return { run: kernel.run.bind(kernel), dispose: () => void disposed++ };
      },
    };
    const own = createTorch({ backend: counting, profile: "torch@2.13" });
    own.F.mse_loss([1], [0]);
    own.dispose();
    expect(disposed).toBe(1);
    expect(own.F.mse_loss([2], [0]).item()).toBe(4);
  });
});
