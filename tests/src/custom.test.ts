/** The custom losses of the documentation: what they compute, in both styles, and that the page shows them as they are. */
import { createKeras } from "@isoloss/adapter-keras-style";
import { createTorch } from "@isoloss/adapter-torch-style";
import { createCpuBackend } from "@isoloss/backend-cpu";
import { type AnyLoss, defineLoss, floats, isLossError, labels, square, sub, sum } from "@isoloss/core";
import { createReferenceBackend } from "@isoloss/core/reference";
import { describe, expect, it } from "vitest";
import { focal } from "./custom-focal.ts";
import { gaussian } from "./custom-gaussian.ts";
import { quantile } from "./custom-quantile.ts";
import { kerasStyle, torchStyle } from "./custom-use.ts";
import { embedded } from "./surface-embedded.ts";

const backends = [createReferenceBackend(), createCpuBackend({ engine: "js" }), createCpuBackend({ engine: "wasm" })];
const [reference] = backends as [(typeof backends)[0]];
const torch = createTorch({ backend: reference, profile: "torch@2.13" });
const keras = createKeras({ backend: reference, profile: "keras@3.15" });

const double = (data: readonly number[], shape: readonly number[] = [data.length]) => ({
  data: Float64Array.from(data),
  shape,
});
const logits = [0.5, -1, 2, 0, 3, -0.5];
const softmax = (x: readonly number[]): number[] => {
  const e = x.map(Math.exp);
  const s = e.reduce((a, b) => a + b);
  return e.map((v) => v / s);
};
const focalOf = (row: readonly number[], label: number, gamma: number): number => {
  const p = softmax(row)[label] as number;
  return -((1 - p) ** gamma) * Math.log(p);
};

/** Holds a loss's gradients against central differences of its value, in float64. */
function expectSlopes(
  definition: AnyLoss,
  inputs: Record<string, { data: Float64Array; shape: readonly number[] } | readonly number[]>,
): void {
  const wrt = Object.keys(inputs).filter((name) => !Array.isArray(inputs[name])) as never[];
  const { loss } = torch.custom(definition);
  const call = torch.valueAndGrad(loss, { wrt }) as unknown as (named: object) => {
    value: { item(): number };
    grads: Record<string, { data: Float64Array }>;
  };
  const { grads } = call(inputs);
  for (const name of wrt as readonly string[]) {
    const { data, shape } = inputs[name] as { data: Float64Array; shape: readonly number[] };
    data.forEach((x, i) => {
      const at = (v: number) =>
        call({ ...inputs, [name]: { shape, data: data.map((y, k) => (k === i ? v : y)) } }).value.item();
      expect((grads[name] as { data: Float64Array }).data[i]).toBeCloseTo((at(x + 1e-5) - at(x - 1e-5)) / 2e-5, 8);
    });
  }
}

describe("the focal loss", () => {
  const rows = [focalOf(logits.slice(0, 3), 2, 2), focalOf(logits.slice(3), 0, 2)];
  it("is the formula, in PyTorch's reductions", () => {
    const { Loss, loss } = torch.custom(focal);
    const input = double(logits, [2, 3]);
    expect(new Loss()(input, [2, 0]).item()).toBeCloseTo(((rows[0] as number) + (rows[1] as number)) / 2, 12);
    expect(loss(input, [2, 0], { reduction: "sum" }).item()).toBeCloseTo((rows[0] as number) + (rows[1] as number), 12);
    const none = loss(input, [2, 0], { reduction: "none" }).tolist() as number[];
    none.forEach((v, i) => {
      expect(v).toBeCloseTo(rows[i] as number, 12);
    });
  });
  it("has the gradient of its value, and none that is not finite where a class is certain", () => {
    expectSlopes(focal, { logits: double(logits, [2, 3]), target: [2, 0] });
    const { grads } = torch.valueAndGrad(torch.custom(focal).loss)([[1000, 0]], [0]);
    expect(grads.logits.tolist()).toEqual([[0, 0]]);
  });
  it("has classes in dimension 1 of PyTorch's tensors and in the last of Keras's", () => {
    const swapped = double([0.5, 0, -1, 3, 2, -0.5], [1, 3, 2]);
    const ours = torch
      .custom(focal)
      .loss(swapped, [[2, 0]], { reduction: "none" })
      .tolist();
    const theirs = keras
      .custom(focal)
      .loss(double(logits, [1, 2, 3]), [[2, 0]])
      .tolist();
    expect(ours).toEqual(theirs);
  });
  it("refuses a label out of range, by the port's name", () => {
    expect(() => torch.custom(focal).loss([[1, 2]], [2])).toThrow(/target: class index 2 .*\[0, 2\)/);
  });
});

describe("the quantile loss", () => {
  it("has the slope of its side, and −τ where they meet", () => {
    expectSlopes(quantile, { prediction: double([1, 2, 3]), target: double([2, 1, 2.5]) });
    const run = torch.valueAndGrad(new (torch.custom(quantile).Loss)({ tau: 0.75, reduction: "none" }));
    const { value, grads } = run([1, 2, 1], [2, 1, 1]);
    expect([value.tolist(), grads.prediction.tolist()]).toEqual([
      [0.75, 0.25, 0],
      [-0.75, 0.25, -0.75],
    ]);
  });
  it("broadcasts, and compiles nothing for another τ", () => {
    let compiled = 0;
    const counting = {
      ...reference,
      compile: (p: Parameters<typeof reference.compile>[0]) => {
        compiled++;
        return reference.compile(p);
      },
    };
    const { loss } = createTorch({ backend: counting, profile: "torch@2.13" }).custom(quantile);
    for (const tau of [0.1, 0.3, 0.7]) expect(loss([[1], [2]], [1, 2], { tau }).shape).toEqual([]);
    expect(compiled).toBe(1);
  });
});

describe("the Gaussian likelihood", () => {
  const mean = [0, 1];
  const variance = [1, 4];
  const target = [1, 3];
  const rows = [0.5, 0.5 * (Math.log(4) + 1)];
  it("divides a mean by its weights where it has them", () => {
    const { loss } = torch.custom(gaussian);
    expect(loss({ mean, variance, target }).item()).toBeCloseTo(((rows[0] as number) + (rows[1] as number)) / 2, 6);
    expect(loss(mean, variance, target, [3, 1]).item()).toBeCloseTo(
      (3 * (rows[0] as number) + (rows[1] as number)) / 4,
      6,
    );
  });
  it("has the gradient of its value in every port, and `wrt` names those that a model predicts", () => {
    expectSlopes(gaussian, {
      mean: double(mean),
      variance: double(variance),
      target: double(target),
      weight: double([3, 1]),
    });
    const { loss } = torch.custom(gaussian, { wrt: ["mean", "variance"] });
    expect(Object.keys(torch.valueAndGrad(loss)(mean, variance, target).grads)).toEqual(["mean", "variance"]);
  });
});

describe("in Keras's style", () => {
  const input = double(logits, [2, 3]);
  const [a, b] = [focalOf(logits.slice(0, 3), 2, 2), focalOf(logits.slice(3), 0, 2)];
  const { Loss, loss } = keras.custom(focal);
  it("the function gives the loss of each sample, the class reduces it", () => {
    expect(loss(input, [2, 0]).tolist()).toEqual([expect.closeTo(a, 12), expect.closeTo(b, 12)]);
    expect(new Loss()(input, [2, 0]).item()).toBeCloseTo((a + b) / 2, 6);
    expect(new Loss({ reduction: "sum", dtype: "float64" })(input, [2, 0]).item()).toBeCloseTo(a + b, 12);
    expect(new Loss().call(input, [2, 0]).tolist()).toEqual([expect.closeTo(a, 6), expect.closeTo(b, 6)]);
  });
  it("weights and masks act as on the release's own losses", () => {
    const own = new keras.losses.MeanSquaredError({ dtype: "float64" });
    const { Loss: Squared } = keras.custom(
      defineLoss({
        name: "square",
        inputs: { x: floats("C"), y: floats("C") },
        options: {},
        build: ({ x, y }) => ({ loss: sum(square(sub(x, y)), "C") }),
      }),
    );
    const custom = new Squared({ dtype: "float64" });
    const x = double([1, 2, 3, 4, 5, 7], [2, 3, 1]);
    const y = double([0, 0, 0, 0, 0, 0], [2, 3, 1]);
    for (const weights of [
      { sample_weight: 2 },
      { sample_weight: double([1, 2], [2, 1]) },
      { sample_weight: double([1, 2, 3], [3]) },
      { sample_weight: double([1, 2, 3, 4, 5, 6], [2, 3, 1]) },
      { mask: { data: [1, 0, 1, 1, 0, 0], shape: [2, 3], dtype: "bool" } },
      { sample_weight: double([1, 2], [2, 1]), mask: { data: [1, 0, 1, 1, 0, 0], shape: [2, 3], dtype: "bool" } },
    ])
      expect(custom(x, y, weights).item(), JSON.stringify(weights)).toBe(own(y, x, weights).item());
    expect(() => custom(x, y, { sample_weight: [1, 2] })).toThrow(/broadcast/);
  });
  it("follows the release: 2.3 takes weights that 3 refuses, and no reduction `mean`", () => {
    const old = createKeras({ backend: reference, profile: "tf@2.3" }).custom(focal);
    const rows = double([...logits, ...logits, ...logits], [3, 2, 3]);
    const target = [
      [2, 0],
      [2, 0],
      [2, 0],
    ];
    const weighted = new old.Loss({ reduction: "sum" })(rows, target, { sample_weight: [1, 2, 3] }).item();
    expect(weighted).toBeCloseTo(6 * (a + b), 5);
    expect(() => new old.Loss({ reduction: "mean" })).toThrow(/reduction/);
  });
});

describe("a custom loss", () => {
  it("is the same on every backend", () => {
    for (const definition of [focal, quantile, gaussian] as AnyLoss[]) {
      const inputs = {
        ...(definition === focal ? { logits: double(logits, [2, 3]), target: [2, 0] } : {}),
        ...(definition === quantile ? { prediction: logits, target: [1, 1, 1, 1, 1, 1] } : {}),
        ...(definition === gaussian ? { mean: logits, variance: logits, target: logits } : {}),
      };
      const results = backends.map((backend) => {
        const own = createTorch({ backend, profile: "torch@2.13" });
        const run = own.valueAndGrad(own.custom(definition).loss) as (i: object) => {
          value: { item(): number };
          grads: Record<string, { tolist(): unknown }>;
        };
        const { value, grads } = run(inputs);
        return [value.item(), Object.values(grads).map((g) => g.tolist())].flat(5) as number[];
      });
      for (const other of results.slice(1))
        other.forEach((v, i) => {
          expect(v).toBeCloseTo(results[0]?.[i] as number, 5);
        });
    }
  });
  it("takes its options by their own names, and refuses values of another type", () => {
    const { Loss } = torch.custom(focal);
    expect(new Loss({ gamma: 0 }).gamma).toBe(0);
    expect(() => new Loss({ gama: 1 } as object)).toThrow(/'gama'.*'gamma'/);
    expect(() => new Loss({ gamma: "2" as unknown as number })).toThrow(/gamma: expected a number/);
  });
  it("may not take a framework's word, nor labels into an axis that no port has", () => {
    const taken = defineLoss({
      name: "taken",
      inputs: { x: floats() },
      options: { reduction: "mean" },
      build: ({ x }) => ({ loss: x }),
    });
    expect(() => torch.custom(taken)).toThrow(/'reduction'/);
    expect(() => keras.custom(taken)).toThrow(/'reduction'/);
    const lost = defineLoss({
      name: "lost",
      inputs: { x: floats(), y: labels({ axis: "C" }) },
      options: {},
      build: ({ x }) => ({ loss: x }),
    });
    expect(() => torch.custom(lost)).toThrow(/axis C/);
  });
  it("names the port whose tensor has too few dimensions", () => {
    try {
      torch.custom(focal).loss(1, 0);
      expect.unreachable();
    } catch (e) {
      expect(isLossError(e) && [e.code, e.message]).toEqual(["shape", expect.stringMatching(/logits.*C/)]);
    }
  });
});

describe("docs/custom-losses.md", () => {
  it("shows these files as they are", () => {
    const blocks = embedded("docs/custom-losses.md");
    expect(blocks.map((b) => b.file)).toEqual([
      "tests/src/custom-focal.ts",
      "tests/src/custom-quantile.ts",
      "tests/src/custom-gaussian.ts",
      "tests/src/custom-use.ts",
    ]);
    for (const { file, shown, source } of blocks) expect(shown, file).toBe(source);
  });
  it("shows a use that agrees in both styles", () => {
    expect(torchStyle.loss).toBeCloseTo(0.5 * (torchStyle.rows as number[]).reduce((x, y) => x + y), 6);
    const [first, second] = torchStyle.rows as [number, number];
    expect(kerasStyle.loss).toBeCloseTo((first + 2 * second) / 2, 6);
    const [g, h] = torchStyle.gradient as [number[], number[]];
    expect(kerasStyle.gradient).toEqual([g.map((v) => expect.closeTo(v, 6)), h.map((v) => expect.closeTo(2 * v, 6))]);
  });
});
